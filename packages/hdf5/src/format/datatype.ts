import { unsupported } from "../errors.ts";
import type { NumericType } from "../numeric.ts";
import type { Cursor } from "./cursor.ts";

/** How one element is stored. */
export interface StoredNumber {
	readonly type: NumericType;
	readonly bigEndian: boolean;
}

const classNames = [
	"fixed point",
	"floating point",
	"time",
	"string",
	"bit field",
	"opaque",
	"compound",
	"reference",
	"enumeration",
	"variable length",
	"array",
	"complex",
];

const FIXED_POINT = 0;
const FLOATING_POINT = 1;
const ENUMERATION = 8;
/** Versions 1 to 3 are in the specification's text; 4 and 5 only add classes that are refused here. */
const LAST_VERSION = 5;

/**
 * Parses a datatype message (IV.A.2.d) into a number that a typed array holds. Enumerations count as their base.
 *
 * @param path the dataset, for errors
 * @throws Hdf5Error `hdf5/unsupported` for every other type, naming it
 */
export function parseDatatype(cursor: Cursor, path: string): StoredNumber {
	const refuse = (what: string) => unsupported(cursor.location.file, `${what} in ${path}`, { path });
	const outer = parseHead(cursor);
	const { typeClass, flags, size } = outer.typeClass === ENUMERATION ? parseHead(cursor) : outer;
	if (outer.typeClass === ENUMERATION && typeClass !== FIXED_POINT) throw cursor.damage("enumerates no integers");

	switch (typeClass) {
		case FIXED_POINT: {
			const bitOffset = cursor.u16();
			const precision = cursor.u16();
			const type = `${flags & 0x08 ? "int" : "uint"}${size * 8}`;
			if (bitOffset !== 0 || precision !== size * 8 || !isIntegerType(type)) {
				throw refuse(`${precision}-bit integers in ${size} bytes`);
			}
			return { type, bigEndian: (flags & 0x01) !== 0 };
		}
		case FLOATING_POINT: {
			if (flags & 0x40) throw refuse("VAX floating point numbers");
			const layout = [cursor.u16(), cursor.u16(), cursor.u8(), cursor.u8(), cursor.u8(), cursor.u8(), cursor.u32()];
			const type = floatType(size, flags, layout);
			if (type === undefined)
				throw refuse(`${size * 8}-bit floating point numbers other than IEEE 754 single and double`);
			return { type, bigEndian: (flags & 0x01) !== 0 };
		}
		default:
			throw refuse(`the ${classNames[typeClass] ?? `unknown (${typeClass})`} datatype`);
	}
}

function parseHead(cursor: Cursor): { typeClass: number; flags: number; size: number } {
	const classAndVersion = cursor.u8();
	const version = classAndVersion >> 4;
	if (version < 1 || version > LAST_VERSION) throw cursor.damage(`has a datatype of version ${version}`);
	const flags = cursor.u8() | (cursor.u8() << 8) | (cursor.u8() << 16);
	return { typeClass: classAndVersion & 0x0f, flags, size: cursor.u32() };
}

function isIntegerType(name: string): name is Exclude<NumericType, "float32" | "float64"> {
	return /^u?int(8|16|32|64)$/.test(name);
}

/** IEEE 754: bit offset, precision, exponent position and size, mantissa position and size, exponent bias. */
const singleLayout = [0, 32, 23, 8, 0, 23, 127];
const doubleLayout = [0, 64, 52, 11, 0, 52, 1023];
/** The mantissa's leading one is implied. */
const IMPLIED_NORMALIZATION = 2;

function floatType(size: number, flags: number, layout: readonly number[]): NumericType | undefined {
	const signPosition = (flags >> 8) & 0xff;
	const normalization = (flags >> 4) & 0x03;
	if (normalization !== IMPLIED_NORMALIZATION) return undefined;
	const matches = (expected: readonly number[]) => expected.every((value, index) => value === layout[index]);
	if (size === 4 && signPosition === 31 && matches(singleLayout)) return "float32";
	if (size === 8 && signPosition === 63 && matches(doubleLayout)) return "float64";
	return undefined;
}
