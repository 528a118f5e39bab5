import type { NumericArray } from "@zagg/hdf5";
import { pythonTuple } from "../../python/index.ts";
import { allocate, type ElementType } from "../dtype.ts";
import { evaluationError, sizeOf } from "../value.ts";

/** The common shape of operands under numpy's broadcasting rules. */
export function broadcastShape(shapes: readonly (readonly number[])[]): readonly number[] {
	const rank = Math.max(0, ...shapes.map((shape) => shape.length));
	const result = new Array<number>(rank).fill(1);
	for (const shape of shapes) {
		shape.forEach((length, axis) => {
			const at = axis + rank - shape.length;
			if (length === 1 || length === result[at]) return;
			if (result[at] !== 1)
				throw evaluationError(
					`operands could not be broadcast together with shapes ${shapes.map(pythonTuple).join(" ")}`,
				);
			result[at] = length;
		});
	}
	return result;
}

/** An operand of an elementwise loop: element i of the result uses `data[i * stride]`. */
export interface Operand {
	readonly data: NumericArray;
	readonly stride: 0 | 1;
}

/** Makes elements of `from` usable for a result of shape `to`, by a stride of 0 for a single element, by a copy only where axes are stretched. */
export function broadcastOperand(
	data: NumericArray,
	type: ElementType,
	from: readonly number[],
	to: readonly number[],
): Operand {
	if (data.length === 1) return { data, stride: 0 };
	if (from.length === to.length && from.every((length, axis) => length === to[axis])) return { data, stride: 1 };
	const out = allocate(type, sizeOf(to));
	const strides = new Array<number>(to.length).fill(0);
	let stride = 1;
	for (let axis = from.length - 1; axis >= 0; axis--) {
		if (from[axis] !== 1) strides[axis + to.length - from.length] = stride;
		stride *= from[axis]!;
	}
	const index = new Array<number>(to.length).fill(0);
	let source = 0;
	for (let i = 0; i < out.length; i++) {
		out[i] = data[source]!;
		for (let axis = to.length - 1; axis >= 0; axis--) {
			source += strides[axis]!;
			if (++index[axis]! < to[axis]!) break;
			source -= strides[axis]! * to[axis]!;
			index[axis] = 0;
		}
	}
	return { data: out, stride: 1 };
}
