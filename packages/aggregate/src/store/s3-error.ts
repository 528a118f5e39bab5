import { AggregationError } from "../errors.ts";

/** The service's name of an error (`"NoSuchKey"`), if it has one. */
export function s3StoreErrorName(error: unknown): string {
	const name = (error as { name?: unknown } | null)?.name;
	return typeof name === "string" ? name : "Unknown";
}

const DENIED = new Set([
	"AccessDenied",
	"Forbidden",
	"InvalidAccessKeyId",
	"SignatureDoesNotMatch",
	"InvalidToken",
	"ExpiredToken",
	"CredentialsProviderError",
]);

/**
 * The error of an S3 operation that failed, with what to do about it. It names the service's code and never repeats the
 * request, whose headers hold credentials.
 */
export function s3StoreError(error: unknown, action: string, address: string): AggregationError {
	if (error instanceof AggregationError) return error;
	const name = s3StoreErrorName(error);
	const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: string };
	const status = $metadata?.httpStatusCode;
	const reason = error instanceof Error && error.message !== "" ? `${name}: ${error.message}` : name;
	const message = `could not ${action} ${address}: ${reason}`;
	const details = { context: { address, name, status, systemCode: code } };
	if (DENIED.has(name) || status === 401 || status === 403) {
		return new AggregationError("store/not-writable", message, {
			...details,
			failureClass: "access-denied",
			remedy:
				name === "CredentialsProviderError"
					? "Set up AWS credentials for this machine, or pass them for the store (--output-creds FILE)."
					: "Check that the credentials for the store are valid, not expired, and may read, write, list and delete below this address.",
		});
	}
	if (name === "NoSuchBucket" || status === 301) {
		return new AggregationError("store/not-writable", message, {
			...details,
			failureClass: "usage",
			remedy: "Check the bucket's name and region (--region), or create the bucket.",
		});
	}
	return new AggregationError("store/io", message, {
		...details,
		failureClass: name === "AbortError" ? "cancelled" : isThrottled(name, status) ? "throttled" : "transport",
		remedy: "Check the network and the endpoint, and run it again.",
	});
}

function isThrottled(name: string, status: number | undefined): boolean {
	return name === "SlowDown" || status === 429 || status === 503;
}
