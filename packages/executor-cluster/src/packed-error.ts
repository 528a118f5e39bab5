import { type FailureClass, failureClassOf, isZaggError } from "@zagg/dispatch";

/** An error of the work, as it travels in a result line. */
export interface PackedError {
	readonly name: string;
	readonly message: string;
	readonly stack: string | undefined;
	readonly failureClass: FailureClass;
	readonly code: string | undefined;
	readonly remedy: string | undefined;
}

/** Packs whatever the work threw. */
export function packError(error: unknown): PackedError {
	const {
		name = "Error",
		message,
		stack,
		code,
		remedy,
	} = error instanceof Error
		? (error as Error & { code?: unknown; remedy?: unknown })
		: Object.assign(new Error(String(error)), { code: undefined, remedy: undefined });
	return {
		name,
		message,
		stack,
		failureClass: failureClassOf(error),
		code: typeof code === "string" ? code : undefined,
		remedy: isZaggError(error) && typeof remedy === "string" ? remedy : undefined,
	};
}

/** The error that a line tells of: tagged, with the class that it had where it was thrown. */
export function unpackError(packed: PackedError): Error {
	const { name, message, stack, failureClass, code, remedy } = packed;
	const error = new Error(message);
	if (stack !== undefined) error.stack = stack;
	return Object.assign(error, {
		name,
		code: code ?? "executor-cluster/work-failed",
		failureClass,
		remedy,
		context: {},
		[Symbol.for("zagg.error")]: true,
	});
}
