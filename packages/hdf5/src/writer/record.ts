/** The address that HDF5 writes where there is nothing to point at. */
export const UNDEFINED_ADDRESS = 0xffff_ffff_ffff_ffffn;

/** Where something lies in the file, in bytes from its start. */
export type Address = number | typeof UNDEFINED_ADDRESS;

/** Builds one little-endian record, field by field; every method returns the record itself. */
export interface RecordBuilder {
	readonly length: number;
	u8(...values: number[]): RecordBuilder;
	u16(value: number): RecordBuilder;
	u32(value: number): RecordBuilder;
	u64(value: number | bigint): RecordBuilder;
	bytes(bytes: Uint8Array): RecordBuilder;
	/** Appends `count` zero bytes. */
	zeros(count: number): RecordBuilder;
	/** Appends zero bytes until the length is a multiple of 8. */
	alignTo8(): RecordBuilder;
	/** The bytes so far, as a view that stays valid only until the next field. */
	build(): Uint8Array;
}

/** Starts an empty record. */
export function record(): RecordBuilder {
	let buffer = new Uint8Array(64);
	let view = new DataView(buffer.buffer);
	let length = 0;

	/** Makes room for `count` more bytes and returns where they start. */
	function grow(count: number): number {
		const start = length;
		length += count;
		if (length > buffer.length) {
			const larger = new Uint8Array(Math.max(length, buffer.length * 2));
			larger.set(buffer);
			buffer = larger;
			view = new DataView(buffer.buffer);
		}
		return start;
	}

	const builder: RecordBuilder = {
		get length() {
			return length;
		},
		u8(...values) {
			const start = grow(values.length);
			buffer.set(values, start);
			return builder;
		},
		u16(value) {
			const start = grow(2);
			view.setUint16(start, value, true);
			return builder;
		},
		u32(value) {
			const start = grow(4);
			view.setUint32(start, value, true);
			return builder;
		},
		u64(value) {
			const start = grow(8);
			view.setBigUint64(start, BigInt(value), true);
			return builder;
		},
		bytes(bytes) {
			const start = grow(bytes.length);
			buffer.set(bytes, start);
			return builder;
		},
		zeros(count) {
			grow(count);
			return builder;
		},
		alignTo8() {
			grow(paddingTo8(length));
			return builder;
		},
		build: () => buffer.subarray(0, length),
	};
	return builder;
}

/** How many bytes are missing from `length` to the next multiple of 8. */
export function paddingTo8(length: number): number {
	return (8 - (length % 8)) % 8;
}
