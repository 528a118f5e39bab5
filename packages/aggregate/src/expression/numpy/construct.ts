import { pythonTuple } from "../../python/index.ts";
import { allocate, castArray, type ElementType, isFloat } from "../dtype.ts";
import {
	type ArrayValue,
	arrayValue,
	asArray,
	elementsAs,
	evaluationError,
	resultType,
	sizeOf,
	type Value,
} from "../value.ts";
import {
	greatestArrayLength,
	requireInteger,
	requireLength,
	requireNumber,
	requireNumberLike,
	requireType,
} from "./convert.ts";
import { type ExpressionFunction, plainFunction } from "./function.ts";
import { evenlySpaced } from "./spacing.ts";

function array([object, dtype]: readonly (Value | undefined)[]): Value {
	const made = asArray(object!);
	if (dtype === undefined || dtype.kind === "none") return made;
	const type = requireType(dtype);
	return arrayValue(castArray(made.data, type), type, made.shape);
}

function requireShape(value: Value): readonly number[] {
	const items = value.kind === "sequence" ? value.items : [value];
	const shape = items.map((item) => requireLength(item, "shape"));
	if (sizeOf(shape) > greatestArrayLength)
		throw evaluationError(`an array of shape ${pythonTuple(shape)} is too large`);
	return shape;
}

function filled(shape: readonly number[], type: ElementType, fill: Value): Value {
	const data = allocate(type, sizeOf(shape));
	data.fill(elementsAs(requireNumberLike(fill, "fill_value"), type)[0]! as never);
	return arrayValue(data, type, shape);
}

const fillFunction = (fill: bigint): ExpressionFunction =>
	plainFunction(["shape", "dtype"], 1, ([shape, dtype]) =>
		filled(requireShape(shape!), dtype === undefined ? "float64" : requireType(dtype), { kind: "int", value: fill }),
	);

function full([shape, fill, dtype]: readonly (Value | undefined)[]): Value {
	const type = dtype === undefined ? resultType([requireNumberLike(fill, "full")]) : requireType(dtype);
	return filled(requireShape(shape!), type, fill!);
}

function arange([first, second, third]: readonly (Value | undefined)[]): Value {
	const [startValue, stopValue]: readonly Value[] =
		second === undefined ? [{ kind: "int", value: 0n }, first!] : [first!, second];
	const given = [startValue!, stopValue!, ...(third === undefined ? [] : [third])].map((value) =>
		requireNumberLike(value, "arange"),
	);
	const type = resultType(given);
	const [start, stop] = [requireNumber(startValue!, "start"), requireNumber(stopValue!, "stop")];
	const step = third === undefined ? 1 : requireNumber(third, "step");
	const length = Math.max(0, Math.ceil((stop - start) / step));
	if (!(length <= greatestArrayLength))
		throw evaluationError(step === 0 ? "Maximum allowed size exceeded" : `arange of ${length} elements is too large`);
	// numpy takes the difference of the first two elements, not the step.
	const delta = start + step - start;
	return arrayValue(
		castArray(
			Float64Array.from({ length }, (_, i) => start + i * delta),
			type,
		),
		type,
	);
}

function linspace([start, stop, num]: readonly (Value | undefined)[]): Value {
	const common = resultType([requireNumberLike(start, "linspace"), requireNumberLike(stop, "linspace")]);
	const type = isFloat(common) ? common : "float64";
	const count = num === undefined ? 50 : requireLength(num, "num");
	return arrayValue(evenlySpaced(requireNumber(start!, "start"), requireNumber(stop!, "stop"), count, type, type));
}

function itemsOf(value: Value, name: string): readonly ArrayValue[] {
	if (value.kind !== "sequence" || value.items.length === 0)
		throw evaluationError(`${name} needs a sequence of at least one array`);
	return value.items.map(asArray);
}

function concatenate([arrays]: readonly (Value | undefined)[]): Value {
	const items = itemsOf(arrays!, "concatenate");
	const inner = items[0]!.shape.slice(1);
	if (items.some((item) => item.shape.length === 0))
		throw evaluationError("zero-dimensional arrays cannot be concatenated");
	if (items.some((item) => pythonTuple(item.shape.slice(1)) !== pythonTuple(inner)))
		throw evaluationError("all the input array dimensions except for the concatenation axis must match exactly");
	const type = resultType(items);
	const data = allocate(
		type,
		items.reduce((total, item) => total + item.data.length, 0),
	);
	let at = 0;
	for (const item of items) {
		data.set(elementsAs(item, type) as never, at);
		at += item.data.length;
	}
	return arrayValue(data, type, [items.reduce((total, item) => total + item.shape[0]!, 0), ...inner]);
}

/** `np.column_stack`: one-dimensional arrays become columns, two-dimensional ones bring theirs. */
function columnStack([arrays]: readonly (Value | undefined)[]): Value {
	const items = itemsOf(arrays!, "column_stack");
	const rowCount = items[0]!.shape[0] ?? 1;
	if (items.some((item) => (item.shape[0] ?? 1) !== rowCount || item.shape.length > 2))
		throw evaluationError("all the input array dimensions except for the concatenation axis must match exactly");
	const widths = items.map((item) => item.shape[1] ?? 1);
	const width = widths.reduce((total, next) => total + next, 0);
	const type = resultType(items);
	const data = allocate(type, rowCount * width);
	let column = 0;
	items.forEach((item, index) => {
		const elements = elementsAs(item, type);
		const itemWidth = widths[index]!;
		for (let row = 0; row < rowCount; row++) {
			for (let c = 0; c < itemWidth; c++) data[row * width + column + c] = elements[row * itemWidth + c]!;
		}
		column += itemWidth;
	});
	return arrayValue(data, type, [rowCount, width]);
}

function stack([arrays, axis]: readonly (Value | undefined)[]): Value {
	const items = itemsOf(arrays!, "stack");
	const along = axis === undefined ? 0 : requireInteger(axis, "axis");
	if (items.some((item) => pythonTuple(item.shape) !== pythonTuple(items[0]!.shape)))
		throw evaluationError("all input arrays must have the same shape");
	if (along === 0) return asArray({ kind: "sequence", items });
	if (items[0]!.shape.length === 1 && (along === 1 || along === -1)) return columnStack([arrays]);
	throw evaluationError("stack is supported along axis 0, and along axis 1 for one-dimensional arrays");
}

/** Functions that make arrays. */
export const constructors: Readonly<Record<string, ExpressionFunction>> = {
	array: plainFunction(["object", "dtype"], 1, array),
	asarray: plainFunction(["a", "dtype"], 1, array),
	zeros: fillFunction(0n),
	ones: fillFunction(1n),
	full: plainFunction(["shape", "fill_value", "dtype"], 2, full),
	arange: plainFunction(["start", "stop", "step"], 1, arange),
	linspace: plainFunction(["start", "stop", "num"], 2, linspace),
	concatenate: plainFunction(["arrays"], 1, concatenate),
	column_stack: plainFunction(["tup"], 1, columnStack),
	stack: plainFunction(["arrays", "axis"], 1, stack),
};
