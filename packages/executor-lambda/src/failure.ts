import { failureClassOf, isFileDescriptorExhaustion } from "@zagg/dispatch";
import { LambdaExecutorError } from "./errors.ts";
import type { LambdaAnswer } from "./options.ts";

/** As much of a function's error is told. */
const TOLD_CHARACTERS = 100;

const THROTTLED = [
	"TooManyRequestsException",
	"ThrottlingException",
	"Throttling",
	"RequestLimitExceeded",
	"EC2ThrottledException",
];
const DENIED = [
	"AccessDeniedException",
	"AccessDenied",
	"UnrecognizedClientException",
	"InvalidSignatureException",
	"ExpiredTokenException",
	"ExpiredToken",
	"MissingAuthenticationTokenException",
	"IncompleteSignature",
	"CredentialsProviderError",
];

// These arise before anything is sent.
const NEVER_SENT = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"];

/** The error for a function that failed: it ran, and is paid for. */
export function functionFailure({ functionError, text }: LambdaAnswer, functionName: string): LambdaExecutorError {
	const told = text.slice(0, TOLD_CHARACTERS);
	const context = { functionName, functionError };
	if (text.includes("Task timed out")) {
		return new LambdaExecutorError("executor-lambda/timeout", `Lambda timeout: ${told}`, {
			failureClass: "timeout",
			remedy: "Give the function more time or memory, or make the cells smaller.",
			context,
			ran: true,
		});
	}
	const outOfMemory = text.includes("Runtime.OutOfMemory") || text.includes("signal: killed");
	return new LambdaExecutorError(
		outOfMemory ? "executor-lambda/out-of-memory" : "executor-lambda/function-error",
		`Lambda error (${functionError}): ${told}`,
		{
			failureClass: outOfMemory ? "out-of-memory" : "bug",
			remedy: outOfMemory
				? "Give the function more memory, or make the cells smaller."
				: "Look at the function's log for the whole error.",
			context,
			ran: true,
		},
	);
}

/**
 * The error for an invocation that got no answer: by the error's name, then by HTTP status, then by what the connection
 * did. An exhausted open-file limit passes as it is: it concerns the whole run. Only names, codes and the service's own
 * message are told; the request with its signature never is.
 */
export function invocationFailure(error: unknown, functionName: string): unknown {
	if (isFileDescriptorExhaustion(error)) return error;
	const { name = "Error", message = "", $metadata, Reason, retryAfterSeconds, code } = error as ServiceFailure;
	const status = $metadata?.httpStatusCode;
	const context = { functionName, name, status, ...(Reason && { reason: Reason }) };
	const reason = `${name}: ${message}`;
	const failure = (
		errorCode: ConstructorParameters<typeof LambdaExecutorError>[0],
		text: string,
		details: ConstructorParameters<typeof LambdaExecutorError>[2],
	): LambdaExecutorError => new LambdaExecutorError(errorCode, text, { context, ...details });

	if (name === "AbortError") {
		// The function goes on where it is.
		return failure("executor-lambda/cancelled", `the invocation of ${functionName} was cancelled`, {
			failureClass: "cancelled",
			ran: true,
		});
	}
	if (THROTTLED.includes(name) || status === 429) {
		const seconds = Number(retryAfterSeconds ?? Number.NaN);
		return failure("executor-lambda/throttled", reason, {
			failureClass: "throttled",
			remedy: "Lower --max-workers, or raise the account's or the function's concurrency.",
			context: { ...context, ...(Number.isFinite(seconds) && { retryAfterSeconds: seconds }) },
		});
	}
	if (DENIED.includes(name) || status === 401 || status === 403) {
		return failure("executor-lambda/access-denied", reason, {
			failureClass: "access-denied",
			remedy: "Check that the AWS credentials are there, not expired, and allow lambda:InvokeFunction.",
		});
	}
	if (name === "ResourceNotFoundException" || status === 404) {
		return failure("executor-lambda/function-not-found", reason, {
			failureClass: "fatal",
			remedy: "Deploy the function, or give its name (--function-name) and region (--region).",
		});
	}
	if (name === "RequestTooLargeException" || status === 413) {
		return failure("executor-lambda/payload-too-large", reason, {
			failureClass: "usage",
			remedy: "Make the cells smaller, so that each names fewer inputs.",
		});
	}
	if (status !== undefined && status >= 400 && status < 500) {
		return failure("executor-lambda/refused", reason, {
			failureClass: "usage",
			remedy: "Check the function's state and configuration.",
		});
	}
	if (name === "SyntaxError" || (status !== undefined && status < 400)) {
		return failure("executor-lambda/bad-response", `the answer of ${functionName} cannot be read: ${message}`, {
			failureClass: "bug",
			ran: true,
		});
	}
	const isTransport = status !== undefined || name === "TimeoutError" || failureClassOf(error) === "transport";
	return failure("executor-lambda/transport", reason, {
		failureClass: isTransport ? "transport" : "bug",
		remedy: "Check the network and the service's status.",
		context: { ...context, systemCode: code },
		ran: !NEVER_SENT.includes(code ?? ""),
	});
}

interface ServiceFailure {
	readonly name?: string;
	readonly message?: string;
	readonly code?: string;
	readonly Reason?: string;
	readonly retryAfterSeconds?: unknown;
	readonly $metadata?: { readonly httpStatusCode?: number };
}
