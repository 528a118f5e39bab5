/** One cell on its way to the function. */
export interface LambdaTask {
	readonly shardKey: bigint;
	readonly granuleCount: number;
	/** The event, as the text that is sent. It holds credentials: never log it. */
	readonly event: string;
}
