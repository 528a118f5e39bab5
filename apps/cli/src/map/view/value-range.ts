import type { ValueRange } from "./scene.ts";

/** Colours span the middle 96 % of the values at first, so that a few outliers do not take all the contrast. */
const LOW_SHARE = 0.02;
const HIGH_SHARE = 0.98;

/** Smallest and greatest value, and the range from the 2nd to the 98th percentile; null without values. Sorts `values`. */
export function valueRanges(values: Float64Array): { full: ValueRange; robust: ValueRange } | null {
	if (values.length === 0) return null;
	values.sort();
	const full = { min: values[0]!, max: values.at(-1)! };
	const robust = { min: sortedQuantile(values, LOW_SHARE), max: sortedQuantile(values, HIGH_SHARE) };
	// Nearly all values may be the same; then the few others are what there is to see.
	return { full, robust: robust.min < robust.max ? robust : full };
}

/** The quantile of ascending values, interpolated linearly between neighbours. */
export function sortedQuantile(sorted: Float64Array, share: number): number {
	const position = share * (sorted.length - 1);
	const below = Math.floor(position);
	const low = sorted[below]!;
	const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
	return low + (high - low) * (position - below);
}

/** Round numbers within the range, about `count` of them, for a scale's ticks; none closer than `smallestStep`. */
export function roundTicks({ min, max }: ValueRange, count: number, smallestStep = 0): number[] {
	if (!(max > min)) return [min];
	const step = Math.max(smallestStep, roundStep((max - min) / count));
	const first = Math.ceil(min / step - 1e-9);
	const last = Math.floor(max / step + 1e-9);
	return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** The smallest of 1, 2, 5 times a power of ten that is not below `size`. */
export function roundStep(size: number): number {
	const power = 10 ** Math.floor(Math.log10(size));
	const factor = [1, 2, 5].find((candidate) => candidate * power >= size * (1 - 1e-9)) ?? 10;
	return factor * power;
}

/** A number as people read it, with six digits at most. */
export function numberText(value: number): string {
	if (!Number.isFinite(value)) return String(value);
	const size = Math.abs(value);
	if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(3).replace(/\.?0+e/, "e");
	return String(Number(value.toPrecision(6))).replace("-", "−");
}

/** A tick's number, without the rounding dust of its multiplication. */
export function tickText(value: number, { min, max }: ValueRange): string {
	const dust = (max - min) * 1e-6;
	return numberText(Math.abs(value) < dust ? 0 : value);
}
