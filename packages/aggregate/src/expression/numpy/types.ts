import type { AggregationError } from "../../errors.ts";
import { type ElementType, floatTypeOf } from "../dtype.ts";
import { evaluationError } from "../value.ts";

/** numpy's refusal of element types for which a function has no loop. */
export function notSupported(name: string): AggregationError {
	return evaluationError(
		`ufunc '${name}' not supported for the input types, and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''`,
	);
}

/** The float type of a result, or an error where numpy would compute in float16. */
export function requireFloatType(name: string, type: ElementType): "float32" | "float64" {
	const floatType = floatTypeOf(type);
	if (floatType === undefined)
		throw evaluationError(
			`numpy computes ${name} of ${type} in float16, which is not supported; convert first, e.g. x.astype('float32')`,
		);
	return floatType;
}
