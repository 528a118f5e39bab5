/** 16-bit words after which the sums must be folded so that they stay below 2^32. */
const WORDS_PER_FOLD = 360;

/**
 * Fletcher's checksum as HDF5's filter computes it: over big-endian 16-bit words, an odd last byte counting as the
 * high one.
 */
export function fletcher32(bytes: Uint8Array): number {
	const evenLength = bytes.length & ~1;
	let sum1 = 0;
	let sum2 = 0;
	let position = 0;
	while (position < evenLength) {
		const end = Math.min(evenLength, position + 2 * WORDS_PER_FOLD);
		for (; position < end; position += 2) {
			sum1 += (bytes[position]! << 8) | bytes[position + 1]!;
			sum2 += sum1;
		}
		sum1 = fold(sum1);
		sum2 = fold(sum2);
	}
	if (bytes.length % 2 === 1) {
		sum1 = fold(sum1 + (bytes[evenLength]! << 8));
		sum2 = fold(sum2 + sum1);
	}
	return ((fold(sum2) << 16) | fold(sum1)) >>> 0;
}

/** One step of reducing modulo 65535. */
function fold(sum: number): number {
	return (sum & 0xffff) + (sum >>> 16);
}
