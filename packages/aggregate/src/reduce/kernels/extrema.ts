import { elementTypeOf, isFloat } from "../../expression/dtype.ts";
import { evaluationError } from "../../expression/value.ts";
import type { Rows, SliceReducer } from "./rows.ts";

// Where equal values differ in their sign (0 and -0) the later one is taken, as numpy's scalar loop does.

/** `np.min`; NaN if any row is NaN. */
export function minimumReducer({ data }: Rows): SliceReducer {
	return (start, end) => {
		requireRows(start, end, "minimum");
		let least = data[start]!;
		for (let i = start; i < end; i++) {
			const value = data[i]!;
			if (value <= least) least = value;
			else if (Number.isNaN(value)) return value;
		}
		return least;
	};
}

/** `np.max`; NaN if any row is NaN. */
export function maximumReducer({ data }: Rows): SliceReducer {
	return (start, end) => {
		requireRows(start, end, "maximum");
		let greatest = data[start]!;
		for (let i = start; i < end; i++) {
			const value = data[i]!;
			if (value >= greatest) greatest = value;
			else if (Number.isNaN(value)) return value;
		}
		return greatest;
	};
}

/** `np.nanmin` or `np.nanmax`: over what is not NaN; NaN if nothing is left. */
export function nanExtremumReducer(rows: Rows, which: "minimum" | "maximum"): SliceReducer {
	const { data } = rows;
	return (start, end) => {
		requireRows(start, end, which === "minimum" ? "fmin" : "fmax");
		let extremum = data[start]!;
		for (let i = start + 1; i < end; i++) {
			const value = data[i]!;
			if (Number.isNaN(extremum) || (which === "minimum" ? value <= extremum : value >= extremum)) extremum = value;
		}
		return extremum;
	};
}

/** `np.ptp`: greatest minus least value, in the type of the values (integers wrap). */
export function rangeReducer(rows: Rows): SliceReducer {
	const least = minimumReducer(rows);
	const greatest = maximumReducer(rows);
	const single = rows.type === "float32";
	return (start, end) => {
		const high = greatest(start, end);
		const low = least(start, end);
		if (typeof high === "bigint" && typeof low === "bigint") return high - low;
		const difference = Number(high) - Number(low);
		return single ? Math.fround(difference) : difference;
	};
}

/** `np.argmin` or `np.argmax`: place of the first extremum (of the first NaN where there is one). */
export function extremumIndexReducer({ data }: Rows, which: "argmin" | "argmax"): SliceReducer {
	const floating = isFloat(elementTypeOf(data));
	return (start, end) => {
		if (start === end) throw evaluationError(`attempt to get ${which} of an empty sequence`);
		let best = start;
		for (let i = start; i < end; i++) {
			const value = data[i]!;
			if (floating && Number.isNaN(value)) return i - start;
			if (which === "argmin" ? value < data[best]! : value > data[best]!) best = i;
		}
		return best - start;
	};
}

/** `np.count_nonzero`; NaN counts. */
export function nonzeroReducer({ data }: Rows): SliceReducer {
	return (start, end) => {
		let count = 0;
		for (let i = start; i < end; i++) {
			const value = data[i]!;
			// NaN is falsy here and true in numpy.
			if (value || Number.isNaN(value)) count++;
		}
		return count;
	};
}

function requireRows(start: number, end: number, operation: string): void {
	if (start === end) throw evaluationError(`zero-size array to reduction operation ${operation} which has no identity`);
}
