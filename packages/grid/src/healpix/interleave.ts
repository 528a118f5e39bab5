/** The bits of every byte, spread to the even bits of 16: a table beats shifting and masking by half in the hash. */
const spreadByte = Uint16Array.from({ length: 256 }, (_, byte) => {
	let bits = byte;
	bits = (bits | (bits << 4)) & 0x0f0f;
	bits = (bits | (bits << 2)) & 0x3333;
	return (bits | (bits << 1)) & 0x5555;
});

/** Spreads the low 16 bits of `value` to the even bits of an int32. */
export function spreadBits(value: number): number {
	return spreadByte[value & 0xff]! | (spreadByte[(value >>> 8) & 0xff]! << 16);
}

/** Gathers the even bits of an int32 into 16 bits; the inverse of `spreadBits`. */
export function squeezeBits(value: number): number {
	let bits = value & 0x55555555;
	bits = (bits | (bits >>> 1)) & 0x33333333;
	bits = (bits | (bits >>> 2)) & 0x0f0f0f0f;
	bits = (bits | (bits >>> 4)) & 0x00ff00ff;
	return (bits | (bits >>> 8)) & 0xffff;
}
