import type { Value } from "../value.ts";

/** A function that expressions may call. */
export interface ExpressionFunction {
	/** Parameter names; the first `positional` of them may be given by position, all of them by keyword. */
	readonly parameters: readonly string[];
	readonly positional: number;
	/** How many of the first parameters must be given. */
	readonly required: number;
	/** Element i of the result depends on nothing but element i of the arguments, so that rows may be added or left out. */
	readonly elementwise: boolean;
	call(args: readonly (Value | undefined)[]): Value;
}

/** A function all of whose parameters may be given by position. */
export function plainFunction(
	parameters: readonly string[],
	required: number,
	call: ExpressionFunction["call"],
	elementwise = false,
): ExpressionFunction {
	return { parameters, positional: parameters.length, required, elementwise, call };
}
