/**
 * The floor of the exact quotient, as numpy and Python compute `a // b` for floats: `1.0 // 0.1` is 9, because the
 * double 0.1 is a little more than a tenth. `Math.floor(a / b)` would round first and give 10.
 */
export function floorDivide(a: number, b: number): number {
	const quotient = a / b;
	const floor = Math.floor(quotient);
	// The quotient is off by half a unit in the last place at most, which matters only next to a whole number.
	const distance = quotient - floor;
	if (distance > 1e-6 && distance < 1 - 1e-6 && Math.abs(quotient) < 1e9) return floor;
	const remainder = a % b;
	const whole = Math.round((a - remainder) / b);
	return remainder !== 0 && remainder < 0 !== b < 0 ? whole - 1 : whole;
}
