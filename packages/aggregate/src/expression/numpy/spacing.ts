import { allocate, castArray, type ElementType, type NumberArray } from "../dtype.ts";

/** `np.linspace` including the end point: computed in `computeType` as `i * step + start`, then cast. */
export function evenlySpaced(
	start: number,
	stop: number,
	count: number,
	computeType: "float32" | "float64",
	type: ElementType,
): NumberArray {
	const round = computeType === "float32" ? Math.fround : (value: number) => value;
	const out = allocate(computeType, count) as NumberArray;
	const delta = round(round(stop) - round(start));
	const divisions = count - 1;
	const step = round(delta / divisions);
	for (let i = 0; i < count; i++) {
		// numpy divides first where the step would underflow to zero.
		const offset = divisions === 0 ? 0 : step === 0 ? round(round(i / divisions) * delta) : round(i * step);
		out[i] = offset + round(start);
	}
	if (count > 1) out[count - 1] = stop;
	return (type === computeType ? out : castArray(out, type)) as NumberArray;
}
