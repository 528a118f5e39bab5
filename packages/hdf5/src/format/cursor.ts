import { corrupt, type Hdf5Error } from "../errors.ts";
import { lookup3 } from "./lookup3.ts";

/** Where a structure is, for errors. */
export interface StructureLocation {
	readonly file: string;
	/** The structure's name, such as "object header". */
	readonly what: string;
	readonly address: number;
}

/**
 * Reads little-endian fields one after another from one structure, never past its end. Whatever does not fit throws
 * `hdf5/corrupt` with the structure's name and address.
 */
export class Cursor {
	readonly bytes: Uint8Array;
	readonly location: StructureLocation;
	readonly offsetSize: number;
	readonly lengthSize: number;
	position = 0;

	constructor(bytes: Uint8Array, location: StructureLocation, offsetSize: number, lengthSize: number) {
		this.bytes = bytes;
		this.location = location;
		this.offsetSize = offsetSize;
		this.lengthSize = lengthSize;
	}

	get remaining(): number {
		return this.bytes.length - this.position;
	}

	/** An error about this structure; the caller throws it. */
	damage(problem: string): Hdf5Error {
		const { file, what, address } = this.location;
		return corrupt(file, `the ${what} at address ${address} ${problem}`, { address });
	}

	/** Moves past `count` bytes and returns the position before them. */
	skip(count: number): number {
		const start = this.position;
		if (count < 0 || start + count > this.bytes.length) throw this.damage("ends too early");
		this.position = start + count;
		return start;
	}

	/** The next `count` bytes, as a view. */
	take(count: number): Uint8Array {
		const start = this.skip(count);
		return this.bytes.subarray(start, start + count);
	}

	/** A cursor over the next `count` bytes. */
	sub(count: number, what = this.location.what): Cursor {
		return new Cursor(this.take(count), { ...this.location, what }, this.offsetSize, this.lengthSize);
	}

	/** A cursor over the same bytes, at their start. */
	rewound(): Cursor {
		return new Cursor(this.bytes, this.location, this.offsetSize, this.lengthSize);
	}

	u8(): number {
		return this.bytes[this.skip(1)]!;
	}

	u16(): number {
		const start = this.skip(2);
		return this.bytes[start]! | (this.bytes[start + 1]! << 8);
	}

	u32(): number {
		const low = this.u16();
		return low + this.u16() * 0x1_0000;
	}

	/** An unsigned integer of `size` bytes; one that a double cannot hold exactly is damage. */
	uint(size: number): number {
		const start = this.skip(size);
		let value = 0;
		for (let index = start + size - 1; index >= start; index--) value = value * 256 + this.bytes[index]!;
		if (value > Number.MAX_SAFE_INTEGER) throw this.damage(`has an impossibly large number (${value})`);
		return value;
	}

	/** The same, or undefined when all bits are set, which HDF5 uses for "no address" and "unlimited". */
	uintOrUndefined(size: number): number | undefined {
		const start = this.position;
		if (!this.take(size).every((byte) => byte === 0xff)) {
			this.position = start;
			return this.uint(size);
		}
		return undefined;
	}

	/** A file address, or undefined for "none". */
	address(): number | undefined {
		return this.uintOrUndefined(this.offsetSize);
	}

	/** A file address that must be there. */
	definedAddress(): number {
		const address = this.address();
		if (address === undefined) throw this.damage("has no address where one belongs");
		return address;
	}

	length(): number {
		return this.uint(this.lengthSize);
	}

	/** The next four bytes must be this ASCII signature. */
	expectSignature(signature: string): void {
		const found = String.fromCharCode(...this.take(4));
		if (found !== signature) throw this.damage(`does not start with ${signature}`);
	}

	/** The next byte must be this version. */
	expectVersion(version: number): void {
		const found = this.u8();
		if (found !== version) throw this.damage(`has version ${found} where ${version} is known`);
	}

	/** The next four bytes must be the lookup3 checksum of everything before them. */
	expectChecksum(): void {
		const end = this.position;
		if (this.u32() !== lookup3(this.bytes.subarray(0, end))) throw this.damage("fails its checksum");
	}
}
