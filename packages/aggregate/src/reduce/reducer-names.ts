import { requireNumber } from "../expression/numpy/convert.ts";
import { type ExpressionFunction, plainFunction } from "../expression/numpy/function.ts";
import { numpyFunctions } from "../expression/numpy/table.ts";
import { arrayValue, asArray } from "../expression/value.ts";
import { reducers } from "./kernels/reducer.ts";
import { buildTdigest, DEFAULT_DELTA } from "./tdigest.ts";

const tdigestName = "zagg.stats.tdigest.build_tdigest";

const tdigest = plainFunction(["values", "delta"], 1, ([values, delta]) => {
	const { data } = asArray(values!);
	const digest = buildTdigest(data, delta === undefined ? DEFAULT_DELTA : requireNumber(delta, "delta"));
	return arrayValue(digest, "float32", [digest.length / 2, 2]);
});

const arrayReducers = ["sort", "bincount", "histogram", "unique", "cumsum", "diff"];

/** The names that a field's `function` may have, each also with `np.` or `numpy.` in front (but for `len` and the dotted one). */
export const supportedReducers: readonly string[] = [
	"len",
	"count",
	...reducers.keys(),
	"amin",
	"amax",
	...arrayReducers,
	tdigestName,
];

/** Whether a field's `function` may have this name. */
export function isSupportedReducer(name: string): boolean {
	return supportedReducers.includes(bareName(name));
}

/** Whether the name means the number of rows. */
export function isCount(name: string): boolean {
	return name === "len" || name === "count";
}

/** A reducer's name without its module. */
export function bareName(name: string): string {
	return name.replace(/^(?:np|numpy)\.(?!len$|count$)/, "");
}

/** What a supported reducer other than a count computes from the values of one cell. */
export function reducerFunction(bare: string): ExpressionFunction {
	return bare === tdigestName ? tdigest : numpyFunctions.get(bare)!;
}
