import { AggregationError } from "../errors.ts";
import { openLocalStore } from "./local-store.ts";
import type { StoreOptions } from "./store-options.ts";
import type { ZarrStore } from "./zarr-store.ts";

const S3_SCHEME = "s3://";

/**
 * Opens the store at a local path or an `s3://bucket/prefix` address. Whoever opens it closes it, where it has `close`.
 *
 * @throws AggregationError `store/invalid` for an address without a bucket; otherwise as `openLocalStore`.
 */
export async function openStore(pathOrUri: string, options: StoreOptions = {}): Promise<ZarrStore> {
	if (!pathOrUri.startsWith(S3_SCHEME)) return openLocalStore(pathOrUri, { create: options.create ?? false });
	const { bucket, prefix } = parseS3Path(pathOrUri);
	if (bucket === "") {
		throw new AggregationError("store/invalid", `there is no bucket in ${pathOrUri}`, {
			failureClass: "usage",
			remedy: "Give the address as s3://bucket/prefix.",
		});
	}
	// Loaded only here, so that local users never wait for the AWS SDK.
	const { openS3Store } = await import("./s3-store.ts");
	return openS3Store({ bucket, prefix: prefix.replace(/^\/+|\/+$/g, "") }, options);
}

/**
 * Splits `s3://bucket/a/b` into bucket and prefix; the prefix is empty when the address is a bucket alone.
 *
 * @throws AggregationError `store/invalid` for anything else.
 */
export function parseS3Path(path: string): { bucket: string; prefix: string } {
	if (!path.startsWith(S3_SCHEME)) {
		throw new AggregationError("store/invalid", `Not an S3 path: ${path}`, { failureClass: "usage" });
	}
	const [bucket = "", ...segments] = path.slice(S3_SCHEME.length).split("/");
	return { bucket, prefix: segments.join("/") };
}
