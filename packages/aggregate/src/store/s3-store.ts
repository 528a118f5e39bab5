import {
	DeleteObjectCommand,
	DeleteObjectsCommand,
	GetObjectCommand,
	type GetObjectCommandInput,
	ListObjectsV2Command,
	PutObjectCommand,
	S3Client,
} from "@aws-sdk/client-s3";
import type { AbsolutePath, GetOptions, RangeQuery } from "zarrita";
import { s3StoreError, s3StoreErrorName } from "./s3-error.ts";
import type { StoreOptions } from "./store-options.ts";
import type { ZarrStore } from "./zarr-store.ts";

const DEFAULT_REGION = "us-west-2";

// Whole objects are read and written, so that sending one again is safe.
const SDK_ATTEMPTS = 3;

/** DeleteObjects takes no more keys at once. */
const MOST_DELETED_AT_ONCE = 1000;

/** Where a store is in S3. */
export interface S3Place {
	readonly bucket: string;
	/** Without slashes at its ends; empty for the whole bucket. */
	readonly prefix: string;
}

/**
 * Opens the store below a prefix of an S3 bucket. Addresses are path-style with credentials or an endpoint of their own.
 * Nothing is asked of S3 yet. `close()` frees the connections.
 */
export function openS3Store({ bucket, prefix }: S3Place, options: StoreOptions = {}): ZarrStore {
	const { credentials, endpointUrl, region = DEFAULT_REGION } = options;
	const client = new S3Client({
		region,
		maxAttempts: SDK_ATTEMPTS,
		// Not every S3-compatible service knows the newer checksums.
		requestChecksumCalculation: "WHEN_REQUIRED",
		responseChecksumValidation: "WHEN_REQUIRED",
		...(endpointUrl && { endpoint: endpointUrl }),
		...((credentials || endpointUrl) && { forcePathStyle: true }),
		...(credentials && { credentials: sdkCredentials(credentials) }),
	});
	const location = prefix === "" ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
	const root = prefix === "" ? "" : `${prefix}/`;
	const keyOf = (path: string): string => root + path.slice(1);
	const pathOf = (key: string): AbsolutePath => `/${key.slice(root.length)}`;

	async function attempt<T>(action: string, path: string, work: () => Promise<T>): Promise<T> {
		try {
			return await work();
		} catch (error) {
			throw s3StoreError(error, action, `${location}${path}`);
		}
	}

	async function getObject(
		path: AbsolutePath,
		input: Partial<GetObjectCommandInput>,
		{ signal }: GetOptions = {},
	): Promise<Uint8Array | undefined> {
		return attempt("read", path, async () => {
			try {
				const command = new GetObjectCommand({ Bucket: bucket, Key: keyOf(path), ...input });
				const { Body } = await client.send(command, signal ? { abortSignal: signal } : {});
				return await Body!.transformToByteArray();
			} catch (error) {
				const name = s3StoreErrorName(error);
				if (name === "NoSuchKey") return undefined;
				if (name === "InvalidRange") return new Uint8Array();
				throw error;
			}
		});
	}

	async function* pages(path: AbsolutePath, delimiter?: string) {
		let ContinuationToken: string | undefined;
		do {
			const command = new ListObjectsV2Command({
				Bucket: bucket,
				Prefix: keyOf(path),
				...(delimiter && { Delimiter: delimiter }),
				...(ContinuationToken && { ContinuationToken }),
			});
			const page = await attempt("list", path, () => client.send(command));
			yield page;
			ContinuationToken = page.NextContinuationToken;
		} while (ContinuationToken);
	}

	return {
		location,
		get: (path, options) => getObject(path, {}, options),
		async getRange(path, range, options) {
			if (isEmpty(range)) return (await getObject(path, { Range: "bytes=0-0" }, options))?.subarray(0, 0);
			return getObject(path, { Range: rangeHeader(range) }, options);
		},
		async set(path, value) {
			const command = new PutObjectCommand({ Bucket: bucket, Key: keyOf(path), Body: value });
			await attempt("write", path, () => client.send(command));
		},
		async delete(path) {
			const command = new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(path) });
			await attempt("delete", path, () => client.send(command));
		},
		async deletePrefix(path) {
			for await (const { Contents = [] } of pages(path)) {
				for (let start = 0; start < Contents.length; start += MOST_DELETED_AT_ONCE) {
					const Objects = Contents.slice(start, start + MOST_DELETED_AT_ONCE).map(({ Key }) => ({ Key: Key! }));
					const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } });
					const { Errors = [] } = await attempt("delete", path, () => client.send(command));
					const [first] = Errors;
					if (first) {
						const error = Object.assign(new Error(first.Message ?? "not deleted"), { name: first.Code ?? "Unknown" });
						throw s3StoreError(error, "delete", `s3://${bucket}/${first.Key}`);
					}
				}
			}
		},
		async *list(path) {
			for await (const { Contents = [] } of pages(path)) for (const { Key } of Contents) yield pathOf(Key!);
		},
		async *listDirectories(path) {
			for await (const { CommonPrefixes = [] } of pages(path, "/")) {
				for (const { Prefix } of CommonPrefixes) yield Prefix!.slice(keyOf(path).length, -1);
			}
		},
		// An object is there whole or not at all.
		removeLeftovers: async () => {},
		close: () => client.destroy(),
	};
}

function sdkCredentials({ accessKeyId, secretAccessKey, sessionToken }: NonNullable<StoreOptions["credentials"]>) {
	return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

function isEmpty(range: RangeQuery): boolean {
	return ("suffixLength" in range ? range.suffixLength : range.length) === 0;
}

function rangeHeader(range: RangeQuery): string {
	if ("suffixLength" in range) return `bytes=-${range.suffixLength}`;
	return `bytes=${range.offset}-${range.offset + range.length - 1}`;
}
