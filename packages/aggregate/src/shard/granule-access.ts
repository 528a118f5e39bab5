import type { S3Credentials } from "../store/index.ts";

/** What opens remote granules. It holds secrets: never log it. Survives a structured clone. */
export interface GranuleAccess {
	/** Sent with HTTPS requests, to the granule's own host only. */
	readonly bearerToken?: string | undefined;
	/** How granules on S3 are reached. */
	readonly s3?:
		| {
				/** Default: the machine's own AWS credentials. */
				readonly credentials?: S3Credentials | undefined;
				/** Default: us-west-2. */
				readonly region?: string | undefined;
				/** Of an S3-compatible service; default: AWS. */
				readonly endpointUrl?: string | undefined;
		  }
		| undefined;
}
