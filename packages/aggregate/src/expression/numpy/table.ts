import { elementTypeFromName } from "../dtype.ts";
import { asArray, type Value } from "../value.ts";
import { constructors } from "./construct.ts";
import { astype, elementwiseFunctions } from "./elementwise.ts";
import { type ExpressionFunction, plainFunction } from "./function.ts";
import { countingFunctions } from "./histogram.ts";
import { reductionFunctions } from "./reductions.ts";
import { sequenceFunctions } from "./sequence.ts";

/** Every numpy function that expressions may call as `np.<name>(…)`. */
export const numpyFunctions: ReadonlyMap<string, ExpressionFunction> = new Map(
	Object.entries({
		...elementwiseFunctions,
		...reductionFunctions,
		...sequenceFunctions,
		...countingFunctions,
		...constructors,
	}),
);

/** Values of the numpy namespace. */
export const numpyConstants: Readonly<Record<string, Value>> = {
	pi: { kind: "float", value: Math.PI },
	e: { kind: "float", value: Math.E },
	inf: { kind: "float", value: Number.POSITIVE_INFINITY },
	nan: { kind: "float", value: Number.NaN },
};

const typeNames =
	"bool bool_ int8 int16 int32 int64 int_ intp uint8 uint16 uint32 uint64 uint float32 float64 single double".split(
		" ",
	);

/** numpy's scalar types: dtype arguments, and conversions when called. */
export const numpyTypes: ReadonlyMap<string, Value> = new Map(
	typeNames.map((name) => [name, { kind: "type", type: elementTypeFromName(name)! }]),
);

/** The conversion that calling a numpy type means, e.g. `np.float32(x)`. */
export function typeConversion(name: string): ExpressionFunction | undefined {
	const type = numpyTypes.get(name);
	return type && plainFunction(["x"], 1, ([x]) => astype([asArray(x!), type]), true);
}

const methodNames = "sum mean min max std var ptp any all argmin argmax cumsum round clip ravel".split(" ");

/** Functions that may be called as a method of an array, which is their first argument. */
export const arrayMethods: ReadonlyMap<string, ExpressionFunction> = new Map([
	...methodNames.map((name) => [name, numpyFunctions.get(name)!] as const),
	["flatten", numpyFunctions.get("ravel")!],
	["astype", plainFunction(["a", "dtype"], 2, astype, true)],
]);
