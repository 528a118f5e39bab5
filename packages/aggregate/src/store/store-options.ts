/** Credentials of AWS, in the canonical spelling. */
export interface S3Credentials {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly sessionToken?: string | undefined;
	/** ISO 8601 time at which they end, where they do. */
	readonly expiration?: string | undefined;
}

/** How a store is reached; everything but `create` concerns `s3://` addresses only. */
export interface StoreOptions {
	/** Check at once that the place can be written to. */
	readonly create?: boolean | undefined;
	/** Default: us-west-2. */
	readonly region?: string | undefined;
	/** Default: the machine's own AWS credentials. */
	readonly credentials?: S3Credentials | undefined;
	/** Of an S3-compatible service; default: AWS. */
	readonly endpointUrl?: string | undefined;
}
