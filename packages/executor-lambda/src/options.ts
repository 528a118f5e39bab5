/** How AWS is reached; what is left out comes from the machine's own AWS configuration. */
export interface LambdaClientOptions {
	/** Default: the machine's own. */
	readonly region?: string | undefined;
	/** Of something that speaks Lambda's protocol, such as `zagg lambda dev`. */
	readonly endpoint?: string | undefined;
	/** Of something that speaks CloudWatch's. Default: `endpoint`. */
	readonly cloudWatchEndpoint?: string | undefined;
	readonly credentials?:
		| { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string | undefined }
		| undefined;
}

/** Options of `lambdaExecutor`. */
export interface LambdaExecutorOptions<Payload, Result> extends LambdaClientOptions {
	/** Name or ARN. */
	readonly functionName: string;
	/** The most cells at once that are wanted; preflight clamps it. Default: 1700. */
	readonly workers?: number | undefined;
	/** The event as it is sent. Default: `JSON.stringify`. */
	readonly encode?: ((payload: Payload) => string | Uint8Array) | undefined;
	/** The result in the text of the answer. Default: `JSON.parse`. What it throws is `executor-lambda/bad-response`. */
	readonly decode?: ((text: string) => Result) | undefined;
	/** Billed seconds, where the result tells them; else an attempt costs its wall time. */
	readonly durationSeconds?: ((result: Result) => number) | undefined;
	/** Memory of the function. Default: 2. */
	readonly memoryGb?: number | undefined;
	/** US dollars. Default: arm64, first tier. */
	readonly pricePerGbSecond?: number | undefined;
	/** When the function is stopped. Default: what its configuration says, or 900 where that cannot be read. */
	readonly functionTimeoutSeconds?: number | undefined;
	/** Share of the account's limit that is left free. Default: 0.05. */
	readonly paddingShare?: number | undefined;
	/** Least that is left free. Default: 100. */
	readonly paddingFloor?: number | undefined;
}

/** What the function answered. */
export interface LambdaAnswer {
	/** `"Unhandled"` or the like when the function itself failed. */
	readonly functionError: string | undefined;
	readonly text: string;
}
