import { allocate, isFloat } from "./dtype.ts";
import { requireInteger } from "./numpy/convert.ts";
import {
	type ArrayValue,
	arrayValue,
	describeValue,
	evaluationError,
	scalarValue,
	sizeOf,
	type Value,
} from "./value.ts";

/** One evaluated place of a subscript. */
export type IndexValue =
	| { readonly type: "item"; readonly value: Value }
	| { readonly type: "slice"; readonly start: Value | null; readonly stop: Value | null; readonly step: Value | null }
	| { readonly type: "ellipsis" };

/** What a subscript takes along one axis: `count` elements from `start`, `step` apart; `keep` false removes the axis. */
interface Selection {
	readonly start: number;
	readonly step: number;
	readonly count: number;
	readonly keep: boolean;
}

/** `target[…]`: integers, slices and `...` for every axis, or one boolean mask or array of positions for the first. */
export function subscript(target: Value, indices: readonly IndexValue[]): Value {
	const only = indices.length === 1 ? indices[0]! : undefined;
	if (target.kind === "sequence") return itemOf(target.items, only);
	if (target.kind !== "array") throw evaluationError(`${describeValue(target)} cannot be indexed`);
	if (only?.type === "item" && only.value.kind === "array" && only.value.shape.length === 1)
		return pick(target, only.value);
	return take(target, selectionsOf(target.shape, indices));
}

function itemOf(items: readonly Value[], index: IndexValue | undefined): Value {
	if (index?.type === "item") {
		const position = requireInteger(index.value, "a sequence index");
		const item = items.at(position);
		if (item === undefined || position < -items.length) throw evaluationError("sequence index out of range");
		return item;
	}
	if (index?.type !== "slice") throw evaluationError("a sequence takes one index");
	const { start, step, count } = sliceOf(index, items.length);
	return { kind: "sequence", items: Array.from({ length: count }, (_, i) => items[start + i * step]!) };
}

function selectionsOf(shape: readonly number[], indices: readonly IndexValue[]): readonly Selection[] {
	const given = indices.filter((index) => index.type !== "ellipsis").length;
	if (indices.length - given > 1) throw evaluationError("an index can only have a single ellipsis ('...')");
	if (given > shape.length)
		throw evaluationError(
			`too many indices for array: array is ${shape.length}-dimensional, but ${given} were indexed`,
		);
	const whole = (axis: number): Selection => ({ start: 0, step: 1, count: shape[axis]!, keep: true });
	const selections: Selection[] = [];
	for (const index of indices) {
		const axis = selections.length;
		if (index.type === "item") selections.push(positionOf(index.value, shape[axis]!, axis));
		else if (index.type === "slice") selections.push(sliceOf(index, shape[axis]!));
		else for (let i = given; i < shape.length; i++) selections.push(whole(selections.length));
	}
	while (selections.length < shape.length) selections.push(whole(selections.length));
	return selections;
}

function positionOf(value: Value, length: number, axis: number): Selection {
	const position = requireInteger(value, "an index");
	if (position < -length || position >= length)
		throw evaluationError(`index ${position} is out of bounds for axis ${axis} with size ${length}`);
	return { start: position < 0 ? position + length : position, step: 1, count: 1, keep: false };
}

/** Python's rule for slices (`slice.indices`). */
function sliceOf(slice: { start: Value | null; stop: Value | null; step: Value | null }, length: number): Selection {
	const bound = (value: Value | null) =>
		value === null || value.kind === "none" ? undefined : requireInteger(value, "a slice index");
	const step = bound(slice.step) ?? 1;
	if (step === 0) throw evaluationError("slice step cannot be zero");
	const [least, greatest] = step > 0 ? [0, length] : [-1, length - 1];
	const clamp = (value: number) => Math.min(greatest, Math.max(least, value < 0 ? value + length : value));
	const startBound = bound(slice.start);
	const stopBound = bound(slice.stop);
	const start = startBound === undefined ? (step > 0 ? least : greatest) : clamp(startBound);
	const stop = stopBound === undefined ? (step > 0 ? greatest : least) : clamp(stopBound);
	return { start, step, count: Math.max(0, Math.ceil((stop - start) / step)), keep: true };
}

function take(array: ArrayValue, selections: readonly Selection[]): Value {
	const shape = selections.filter((selection) => selection.keep).map((selection) => selection.count);
	const only = selections.length === 1 ? selections[0]! : undefined;
	if (only && !only.keep) return scalarValue(array.data[only.start]!, array.type);
	if (only && only.step === 1) return arrayValue(array.data.subarray(only.start, only.start + only.count), array.type);
	const out = allocate(array.type, sizeOf(shape));
	let written = 0;
	const walk = (axis: number, offset: number): void => {
		if (axis === selections.length) {
			out[written++] = array.data[offset]!;
			return;
		}
		const { start, step, count } = selections[axis]!;
		const stride = sizeOf(array.shape.slice(axis + 1));
		for (let i = 0; i < count; i++) walk(axis + 1, offset + (start + i * step) * stride);
	};
	walk(0, 0);
	return arrayValue(out, array.type, shape);
}

/** Rows by a boolean mask, or by their positions. */
function pick(array: ArrayValue, index: ArrayValue): Value {
	const rowCount = array.shape[0] ?? 0;
	if (isFloat(index.type)) throw evaluationError("arrays used as indices must be of integer (or boolean) type");
	let rows: number[];
	if (index.type === "bool") {
		if (index.data.length !== rowCount)
			throw evaluationError(
				`boolean index did not match indexed array along axis 0; size of axis is ${rowCount} but size of corresponding boolean axis is ${index.data.length}`,
			);
		rows = [];
		for (let row = 0; row < rowCount; row++) if (index.data[row]) rows.push(row);
	} else
		rows = Array.from(
			index.data as ArrayLike<number | bigint>,
			(position) => positionOf({ kind: "int", value: BigInt(position) }, rowCount, 0).start,
		);
	const width = sizeOf(array.shape.slice(1));
	const out = allocate(array.type, rows.length * width);
	rows.forEach((row, i) => {
		out.set(array.data.subarray(row * width, (row + 1) * width) as never, i * width);
	});
	return arrayValue(out, array.type, [rows.length, ...array.shape.slice(1)]);
}
