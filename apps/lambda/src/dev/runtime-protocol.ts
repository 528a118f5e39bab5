/** What the local Lambda sends to a child process. */
export interface RuntimeRequest {
	readonly requestId: string;
	/** The event's text. */
	readonly event: string;
	/** Milliseconds since the Unix epoch. */
	readonly deadline: number;
}

/** What comes back: the answer's text, and whether the function itself failed. */
export interface RuntimeAnswer {
	readonly functionError?: "Unhandled";
	readonly text: string;
	/** The most memory that the process has had so far. */
	readonly maxResidentKilobytes?: number;
}
