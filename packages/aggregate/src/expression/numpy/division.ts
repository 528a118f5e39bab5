import { type ElementType, isSigned } from "../dtype.ts";
import { evaluationError } from "../value.ts";

// Floor division, remainder and integer power: the operations whose rounding toward minus infinity JavaScript does not have.

type Compute = (a: number, b: number) => number;

function rounding(type: ElementType): (value: number) => number {
	return type === "float32" ? Math.fround : (value) => value;
}

/** numpy's `//` of floats (npy_floor_divide): by way of the exact remainder, so that the quotient is never off by one. */
export function floatFloorDivide(type: ElementType): Compute {
	const round = rounding(type);
	return (a, b) => {
		if (b === 0) return a / b;
		const remainder = a % b;
		let quotient = round(round(a - remainder) / b);
		if (remainder !== 0 && b < 0 !== remainder < 0) quotient = round(quotient - 1);
		if (quotient === 0) return signedZero(a / b);
		const floor = Math.floor(quotient);
		return round(quotient - floor) > 0.5 ? floor + 1 : floor;
	};
}

/** numpy's `%` of floats: the sign of the divisor, as in Python. */
export function floatRemainder(type: ElementType): Compute {
	const round = rounding(type);
	return (a, b) => {
		const remainder = a % b;
		if (b === 0) return remainder;
		if (remainder === 0) return signedZero(b);
		return b < 0 !== remainder < 0 ? round(remainder + b) : remainder;
	};
}

function signedZero(like: number): number {
	return like < 0 || Object.is(like, -0) ? -0 : 0;
}

/** numpy's `//` of integers; 0 where the divisor is 0. */
export function integerFloorDivide(a: number, b: number): number {
	return b === 0 ? 0 : Math.floor(a / b);
}

/** numpy's `%` of integers; 0 where the divisor is 0. */
export function integerRemainder(a: number, b: number): number {
	return b === 0 ? 0 : a - Math.floor(a / b) * b;
}

/** {@link integerFloorDivide} of 64-bit integers. */
export function bigintFloorDivide(a: bigint, b: bigint): bigint {
	if (b === 0n) return 0n;
	const quotient = a / b;
	return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** {@link integerRemainder} of 64-bit integers. */
export function bigintRemainder(a: bigint, b: bigint): bigint {
	return b === 0n ? 0n : a - bigintFloorDivide(a, b) * b;
}

/** `a ** b` of integers of at most 32 bits, wrapping; a negative exponent is refused as numpy does. */
export function integerPower(type: ElementType): Compute {
	return (a, b) => {
		const wrapped = wrappedPower(BigInt(a), BigInt(b));
		return Number(isSigned(type) ? BigInt.asIntN(32, wrapped) : BigInt.asUintN(32, wrapped));
	};
}

/** `base ** exponent` modulo 2^64, by squaring. */
export function wrappedPower(base: bigint, exponent: bigint): bigint {
	if (exponent < 0n) throw evaluationError("Integers to negative integer powers are not allowed.");
	let result = 1n;
	let square = base;
	for (let rest = exponent; rest > 0n; rest >>= 1n) {
		if (rest & 1n) result = BigInt.asUintN(64, result * square);
		square = BigInt.asUintN(64, square * square);
	}
	return result;
}
