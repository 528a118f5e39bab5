import { isBigintArray, isFloat } from "../../expression/dtype.ts";
import { evaluationError } from "../../expression/value.ts";
import { roundHalfEven } from "./round.ts";
import type { Rows, SliceReducer } from "./rows.ts";
import { countBeforeNan } from "./sort.ts";

/** Where a quantile lies among n sorted values: a place that may lie between two of them, or the index of one of them. */
interface QuantileMethod {
	readonly discrete: boolean;
	place(count: number, q: number): number;
	/** Replaces the fraction between two neighbours. */
	fraction?(fraction: number, place: number): number;
}

/** The estimators of Hyndman & Fan, "Sample quantiles in statistical packages" (1996), and numpy's own, under numpy's names. */
export const quantileMethods = {
	inverted_cdf: discrete((count, q) => {
		const place = count * q - 1;
		return Math.max(0, Number.isInteger(place) ? place : Math.floor(place) + 1);
	}),
	closest_observation: discrete((count, q) => {
		const place = count * q - 1 - 0.5;
		const below = Math.floor(place);
		return Math.max(0, place === below && Math.abs(below % 2) === 1 ? below : below + 1);
	}),
	averaged_inverted_cdf: {
		discrete: false,
		place: (count, q) => count * q - 1,
		fraction: (fraction) => (fraction === 0 ? 0.5 : 1),
	},
	interpolated_inverted_cdf: continuous(0, 1),
	hazen: continuous(0.5, 0.5),
	weibull: continuous(0, 0),
	// Not continuous(1, 1), which is the same but for rounding.
	linear: { discrete: false, place: (count, q) => (count - 1) * q },
	median_unbiased: continuous(1 / 3, 1 / 3),
	normal_unbiased: continuous(3 / 8, 3 / 8),
	lower: discrete((count, q) => Math.floor((count - 1) * q)),
	higher: discrete((count, q) => Math.ceil((count - 1) * q)),
	midpoint: {
		discrete: false,
		place: (count, q) => 0.5 * (Math.floor((count - 1) * q) + Math.ceil((count - 1) * q)),
		fraction: (_, place) => (place % 1 === 0 ? 0 : 0.5),
	},
	nearest: discrete((count, q) => roundHalfEven((count - 1) * q)),
} satisfies Record<string, QuantileMethod>;

export type QuantileMethodName = keyof typeof quantileMethods;

/** What a quantile is asked for. */
export interface QuantileRequest {
	/** From 0 to 1. */
	readonly q: number;
	readonly method: QuantileMethodName;
	/** Interpolate in float64 even between float32 values, as numpy does where q is an array. */
	readonly inFloat64: boolean;
	/** Leave NaN out instead of answering NaN. */
	readonly skipNan: boolean;
}

/**
 * `np.quantile` and `np.nanquantile` (numpy 2.4): position and fraction in float64, interpolation
 * `a + (b - a)·t` for t < 0.5 and `b - (b - a)·(1 - t)` otherwise, in float32 between float32 values.
 */
export function quantileReducer(rows: Rows, request: QuantileRequest): SliceReducer {
	const { q, inFloat64, skipNan } = request;
	const method: QuantileMethod = quantileMethods[request.method];
	const sorted = rows.sorted();
	const single = rows.type === "float32";
	const roundDifference = single ? Math.fround : identity;
	const round = single && !inFloat64 ? Math.fround : identity;
	const valueAt = isBigintArray(sorted)
		? (index: number) => Number(sorted[index]!)
		: (index: number) => sorted[index]! as number;
	const exactly = method.discrete || (request.method === "linear" && (q === 0 || q === 1) && !inFloat64);
	return (start, end) => {
		const count = skipNan ? countBeforeNan(sorted, start, end) : end - start;
		if (start === end && !(skipNan && isFloat(rows.type))) throw evaluationError("a quantile needs at least one value");
		if (count === 0 || Number.isNaN(sorted[start + count - 1])) return Number.NaN;
		const place = method.place(count, q);
		if (exactly) return sorted[start + place]!;
		// Past either end, numpy takes the outermost value for both neighbours.
		const previous = place >= count - 1 ? count - 1 : Math.max(0, Math.floor(place));
		const next = place >= count - 1 ? previous : place < 0 ? 0 : previous + 1;
		const a = valueAt(start + previous);
		const b = valueAt(start + next);
		const plain = place - (place >= count - 1 ? -1 : previous);
		const fraction = method.fraction ? method.fraction(plain, place) : plain;
		const difference = roundDifference(b - a);
		return fraction >= 0.5
			? round(b - round(difference * round(1 - fraction)))
			: round(a + round(difference * round(fraction)));
	};
}

/** `np.median` and `np.nanmedian`: the middle value, or the mean of the two middle ones. */
export function medianReducer(rows: Rows, skipNan: boolean): SliceReducer {
	const sorted = rows.sorted();
	const round = rows.type === "float32" ? Math.fround : identity;
	return (start, end) => {
		const count = skipNan ? countBeforeNan(sorted, start, end) : end - start;
		if (count === 0 || Number.isNaN(sorted[start + count - 1])) return Number.NaN;
		const middle = start + (count >> 1);
		const upper = Number(sorted[middle]!);
		// `0 +`: numpy takes a mean here too, whose sum starts at +0.
		return count % 2 === 1 ? 0 + upper : round(round(Number(sorted[middle - 1]!) + upper) / 2);
	};
}

function discrete(place: QuantileMethod["place"]): QuantileMethod {
	return { discrete: true, place };
}

function continuous(alpha: number, beta: number): QuantileMethod {
	return { discrete: false, place: (count, q) => count * q + (alpha + q * (1 - alpha - beta)) - 1 };
}

function identity(value: number): number {
	return value;
}
