import { AggregationError } from "../errors.ts";

/** Runs a parser of expressions; its errors then say where in the config the expression stands. */
export function locateExpressionError<Result>(label: string, parse: () => Result): Result {
	try {
		return parse();
	} catch (cause) {
		if (!(cause instanceof AggregationError)) throw cause;
		throw new AggregationError(cause.code, `${label}: ${cause.message}`, {
			failureClass: "usage",
			context: cause.context,
			cause,
			...(cause.remedy !== undefined && { remedy: cause.remedy }),
		});
	}
}
