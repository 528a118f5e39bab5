import { AggregateError } from "../errors.ts";
import { openLocalStore } from "./local-store.ts";
import type { ZarrStore } from "./zarr-store.ts";

const S3_SCHEME = "s3://";

/**
 * Opens the store at a local path; `create` as in `openLocalStore`.
 *
 * @throws AggregateError `store/unsupported` for `s3://` addresses; otherwise as `openLocalStore`.
 */
export async function openStore(pathOrUri: string, options: { create?: boolean } = {}): Promise<ZarrStore> {
	if (pathOrUri.startsWith(S3_SCHEME)) {
		throw new AggregateError("store/unsupported", `S3 stores cannot be opened yet: ${pathOrUri}`, {
			failureClass: "usage",
			remedy: "Use a local store path, and copy the store to S3 afterwards.",
			context: { path: pathOrUri },
		});
	}
	return openLocalStore(pathOrUri, options);
}

/**
 * Splits `s3://bucket/a/b` into bucket and prefix; the prefix is empty when the address is a bucket alone.
 *
 * @throws AggregateError `store/invalid` for anything else.
 */
export function parseS3Path(path: string): { bucket: string; prefix: string } {
	if (!path.startsWith(S3_SCHEME)) {
		throw new AggregateError("store/invalid", `Not an S3 path: ${path}`, { failureClass: "usage" });
	}
	const [bucket = "", ...segments] = path.slice(S3_SCHEME.length).split("/");
	return { bucket, prefix: segments.join("/") };
}
