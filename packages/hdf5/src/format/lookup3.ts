/**
 * Bob Jenkins' lookup3 hash (hashlittle, initial value 0): the checksum of HDF5's newer metadata structures.
 * Source: http://burtleburtle.net/bob/c/lookup3.c, public domain.
 */
export function lookup3(bytes: Uint8Array): number {
	const length = bytes.length;
	let a = (0xdeadbeef + length) | 0;
	let b = a;
	let c = a;
	if (length === 0) return c >>> 0;

	let position = 0;
	for (; length - position > 12; position += 12) {
		a = (a + word(bytes, position)) | 0;
		b = (b + word(bytes, position + 4)) | 0;
		c = (c + word(bytes, position + 8)) | 0;
		a = ((a - c) ^ rotate(c, 4)) | 0;
		c = (c + b) | 0;
		b = ((b - a) ^ rotate(a, 6)) | 0;
		a = (a + c) | 0;
		c = ((c - b) ^ rotate(b, 8)) | 0;
		b = (b + a) | 0;
		a = ((a - c) ^ rotate(c, 16)) | 0;
		c = (c + b) | 0;
		b = ((b - a) ^ rotate(a, 19)) | 0;
		a = (a + c) | 0;
		c = ((c - b) ^ rotate(b, 4)) | 0;
		b = (b + a) | 0;
	}

	// Bytes past the end count as zero, which is what the reference's fall-through switch amounts to.
	a = (a + word(bytes, position)) | 0;
	b = (b + word(bytes, position + 4)) | 0;
	c = (c + word(bytes, position + 8)) | 0;
	c = ((c ^ b) - rotate(b, 14)) | 0;
	a = ((a ^ c) - rotate(c, 11)) | 0;
	b = ((b ^ a) - rotate(a, 25)) | 0;
	c = ((c ^ b) - rotate(b, 16)) | 0;
	a = ((a ^ c) - rotate(c, 4)) | 0;
	b = ((b ^ a) - rotate(a, 14)) | 0;
	c = ((c ^ b) - rotate(b, 24)) | 0;
	return c >>> 0;
}

function word(bytes: Uint8Array, position: number): number {
	return (
		(bytes[position] ?? 0) |
		((bytes[position + 1] ?? 0) << 8) |
		((bytes[position + 2] ?? 0) << 16) |
		((bytes[position + 3] ?? 0) << 24)
	);
}

function rotate(value: number, bits: number): number {
	return (value << bits) | (value >>> (32 - bits));
}
