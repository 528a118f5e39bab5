import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { ByteSource } from "../byte-source.ts";
import { Hdf5Error } from "../errors.ts";
import { transportError } from "./http-error.ts";
import { openRemoteSource } from "./remote-source.ts";

/** Credentials of AWS. */
export interface S3SourceCredentials {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly sessionToken?: string | undefined;
	/** ISO 8601 time at which they end, where they do. */
	readonly expiration?: string | undefined;
}

/** How S3 is reached; see `createS3Reader`. */
export interface S3ReaderOptions {
	/** Default: us-west-2, where NASA keeps its granules. */
	readonly region?: string | undefined;
	/** Of an S3-compatible service; default: AWS. */
	readonly endpointUrl?: string | undefined;
	/**
	 * Default: the machine's own AWS credentials. A function is asked again before the credentials that it gave expire; they
	 * are kept for good when they name no `expiration`.
	 */
	readonly credentials?: S3SourceCredentials | (() => Promise<S3SourceCredentials>) | undefined;
}

/** Opens files of S3 over connections that they share. */
export interface S3Reader {
	/**
	 * Opens `s3://bucket/key` by range requests.
	 *
	 * @throws Hdf5Error `hdf5/access-denied`, `hdf5/no-file` or `hdf5/io`; no message holds a credential
	 */
	open(address: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<ByteSource>;
	/** Frees the connections. */
	close(): void;
}

const DEFAULT_REGION = "us-west-2";

// 24 ranges of a few files at once; the SDK's own 50 would make them queue.
const MOST_SOCKETS = 128;

/** Makes a reader of S3. Nothing is asked of S3 yet. */
export function createS3Reader(options: S3ReaderOptions = {}): S3Reader {
	const { region = DEFAULT_REGION, endpointUrl, credentials } = options;
	const agent = { keepAlive: true, maxSockets: MOST_SOCKETS };
	const client = new S3Client({
		region,
		// openRemoteSource repeats a request, and counts it.
		maxAttempts: 1,
		responseChecksumValidation: "WHEN_REQUIRED",
		requestHandler: { httpAgent: agent, httpsAgent: agent },
		...(endpointUrl && { endpoint: endpointUrl }),
		...((credentials || endpointUrl) && { forcePathStyle: true }),
		...(credentials && { credentials: sdkCredentials(credentials) }),
	});
	return {
		async open(address, { signal } = {}) {
			const { bucket, key } = parseAddress(address);
			return openRemoteSource(
				address,
				async (offset, length, abortSignal) => {
					const command = new GetObjectCommand({
						Bucket: bucket,
						Key: key,
						Range: `bytes=${offset}-${offset + length - 1}`,
					});
					try {
						const { Body, ContentRange, ETag } = await client.send(command, abortSignal ? { abortSignal } : {});
						const bytes = await Body!.transformToByteArray();
						return { bytes, size: Number(ContentRange?.split("/")[1]), entityTag: ETag ?? null };
					} catch (error) {
						throw s3Error(error, address, offset);
					}
				},
				{ signal },
			);
		},
		close: () => client.destroy(),
	};
}

function sdkCredentials(given: NonNullable<S3ReaderOptions["credentials"]>) {
	const translated = ({ accessKeyId, secretAccessKey, sessionToken, expiration }: S3SourceCredentials) => ({
		accessKeyId,
		secretAccessKey,
		...(sessionToken && { sessionToken }),
		...(expiration && { expiration: new Date(expiration) }),
	});
	return typeof given === "function" ? async () => translated(await given()) : translated(given);
}

function parseAddress(address: string): { bucket: string; key: string } {
	const match = /^s3:\/\/([^/]+)\/(.+)$/.exec(address);
	if (match !== null) return { bucket: match[1]!, key: match[2]! };
	throw new Hdf5Error("hdf5/usage", `${address} is not the address of an object in S3`, {
		remedy: "Give s3://bucket/key",
	});
}

const DENIED = [
	"AccessDenied",
	"Forbidden",
	"InvalidAccessKeyId",
	"SignatureDoesNotMatch",
	"InvalidToken",
	"ExpiredToken",
];
const THROTTLED = ["SlowDown", "ServiceUnavailable", "TooManyRequestsException", "RequestLimitExceeded"];

function s3Error(error: unknown, address: string, offset: number): Hdf5Error {
	const { name = "Unknown", $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
	const status = $metadata?.httpStatusCode;
	const context = { file: address, offset, name, status };
	if (name === "CredentialsProviderError") {
		return new Hdf5Error("hdf5/access-denied", `${address} cannot be read: there are no AWS credentials`, {
			remedy: "Log in to Earthdata, set up AWS credentials, or give them with --input-creds",
			context,
		});
	}
	if (DENIED.includes(name) || status === 401 || status === 403) {
		return new Hdf5Error("hdf5/access-denied", `${address} may not be read (${name})`, {
			remedy:
				"Check that the credentials are not expired; NASA's buckets are open to Earthdata's temporary credentials, and in us-west-2 only",
			context,
		});
	}
	if (name === "NoSuchKey" || name === "NoSuchBucket" || status === 404) {
		return new Hdf5Error("hdf5/no-file", `${address} does not exist (${name})`, {
			remedy: "Check the address, or build the shard map again",
			context,
		});
	}
	if (name === "InvalidRange") {
		return offset === 0
			? new Hdf5Error("hdf5/not-hdf5", `${address} is empty`, { context })
			: new Hdf5Error("hdf5/truncated", `${address} ends before offset ${offset}`, { context });
	}
	if (THROTTLED.includes(name) || status === 429 || status === 503) {
		return new Hdf5Error("hdf5/io", `S3 asks to slow down while ${address} is read (${name})`, {
			failureClass: "throttled",
			remedy: "Run it again with fewer workers",
			context,
		});
	}
	if (status !== undefined && status < 500 && status >= 300) {
		return new Hdf5Error("hdf5/io", `${address} could not be read (${name}, HTTP ${status})`, {
			failureClass: "data",
			remedy: "Check the address and the region",
			context,
		});
	}
	return transportError(error, address, false);
}
