/** Rounds to the nearest integer, halves to the even one, as `np.rint` does (also in keeping the sign of what becomes zero). */
export function roundHalfEven(value: number): number {
	const floor = Math.floor(value);
	const fraction = value - floor;
	if (fraction === 0 || !Number.isFinite(value)) return value;
	const up = fraction > 0.5 || (fraction === 0.5 && floor % 2 !== 0);
	const rounded = up ? floor + 1 : floor;
	return rounded === 0 && value < 0 ? -0 : rounded;
}
