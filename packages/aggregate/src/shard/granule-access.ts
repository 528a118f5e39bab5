import type { S3Credentials } from "../store/index.ts";

/** What opens remote granules. It holds secrets: never log it. Survives a structured clone. */
export interface GranuleAccess {
	/**
	 * An Earthdata token. It goes to NASA's archives only (hosts below nasa.gov, nsidc.org and asf.alaska.edu, and this
	 * machine), whatever a shard map names, and never along with a redirect to another host.
	 */
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
