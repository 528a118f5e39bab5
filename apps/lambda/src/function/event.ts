/** An event as it arrives: parsed by the runtime with `JSON.parse`. */
export type LambdaEvent = Readonly<Record<string, unknown>>;

/** As much of the runtime's context as is told in the log. */
export interface LambdaContext {
	readonly awsRequestId?: string;
	readonly functionName?: string;
	readonly memoryLimitInMB?: string | number;
	getRemainingTimeInMillis?(): number;
}

/** What the function answers: a status and JSON text. */
export interface LambdaResponse {
	readonly statusCode: number;
	readonly body: string;
}

/** What the function needs from where it runs. */
export interface FunctionEnvironment {
	/** One line each. */
	readonly log: (line: string) => void;
	/** Region of the output store, where the event names none. */
	readonly region: string;
}
