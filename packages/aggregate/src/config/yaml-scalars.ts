/** A YAML value, and whether it is a whole number that was written as a float. */
export interface LoadedValue {
	readonly value: unknown;
	readonly isFloat: boolean;
}

// The implicit resolvers of PyYAML 6.0 (YAML 1.1, but no `y`/`n` booleans and floats only with a point and a signed
// exponent). Timestamps stay text: nothing in a config is a date object, and JSON has none.
const NULL = /^(?:~|null|Null|NULL|)$/;
const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const INTEGER =
	/^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
	/^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** The value of an unquoted scalar, by the rules of PyYAML's `safe_load`; throws RangeError for `0x_` and the like. */
export function plainScalar(text: string): LoadedValue {
	if (NULL.test(text)) return { value: null, isFloat: false };
	if (BOOLEAN.test(text)) return booleanScalar(text);
	if (INTEGER.test(text)) return integerScalar(text);
	if (FLOAT.test(text)) return floatScalar(text);
	return { value: text, isFloat: false };
}

/** The value of a scalar tagged `!!bool`. */
export function booleanScalar(text: string): LoadedValue {
	if (!BOOLEAN.test(text)) throw new RangeError(`'${text}' is not a boolean`);
	return { value: /^(?:yes|true|on)$/i.test(text), isFloat: false };
}

/** The value of a scalar tagged `!!int`: binary, octal (leading 0), decimal, hexadecimal or base 60. */
export function integerScalar(text: string): LoadedValue {
	const [sign, digits] = splitSign(text.replaceAll("_", ""));
	const magnitude = digits.includes(":") ? base60(digits.split(":").map(toBigInt)) : toBigInt(octalPrefixed(digits));
	const value = sign * magnitude;
	const isSafe = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
	return { value: isSafe ? Number(value) : value, isFloat: false };
}

/** The value of a scalar tagged `!!float`: decimal, base 60, `.inf` or `.nan`. */
export function floatScalar(text: string): LoadedValue {
	const [sign, digits] = splitSign(text.replaceAll("_", "").toLowerCase());
	const value = Number(sign) * floatMagnitude(digits);
	return { value, isFloat: true };
}

function floatMagnitude(digits: string): number {
	if (digits === ".inf") return Infinity;
	if (digits === ".nan") return NaN;
	const parts = digits.split(":").map(Number);
	if (digits === "" || parts.some(Number.isNaN)) throw new RangeError(`'${digits}' is not a number`);
	return parts.reduce((total, part) => total * 60 + part, 0);
}

function base60(parts: readonly bigint[]): bigint {
	return parts.reduce((total, part) => total * 60n + part, 0n);
}

function octalPrefixed(digits: string): string {
	return /^0[0-9]/.test(digits) ? `0o${digits.slice(1)}` : digits;
}

function toBigInt(digits: string): bigint {
	try {
		if (digits.trim() !== "") return BigInt(digits);
	} catch {
		// Reported below, as the empty text is.
	}
	throw new RangeError(`'${digits}' is not an integer`);
}

function splitSign(text: string): [bigint, string] {
	if (text.startsWith("-")) return [-1n, text.slice(1)];
	return [1n, text.startsWith("+") ? text.slice(1) : text];
}
