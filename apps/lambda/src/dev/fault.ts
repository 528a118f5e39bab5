/** What the local Lambda does to an invocation instead of running it; `slow` runs it late. */
export type LambdaFault =
	| { readonly kind: "timeout" | "out-of-memory" | "unhandled" | "drop" | "garbage" | "denied" }
	| {
			readonly kind: "throttle";
			/** Told to the caller. */
			readonly retryAfterSeconds?: number;
	  }
	| { readonly kind: "slow"; readonly seconds: number };

/** One invocation, as a fault hook sees it. */
export interface LambdaInvocation {
	/** Counted from 0. */
	readonly index: number;
	readonly requestId: string;
	/** The event's text; it holds credentials. */
	readonly event: string;
}

const KINDS = ["throttle", "timeout", "out-of-memory", "unhandled", "drop", "garbage", "denied"] as const;

/**
 * Reads `KIND:SHARE`, such as `throttle:0.1` or `slow=2:0.5` (two seconds late, every second time).
 *
 * @returns null for anything else
 */
export function parseFault(text: string): { readonly fault: LambdaFault; readonly share: number } | null {
	const match = /^([a-z-]+)(?:=(\d+(?:\.\d+)?))?:(0|1|0?\.\d+|1\.0+)$/.exec(text);
	if (match === null) return null;
	const [, kind, seconds, share] = match;
	if (kind === "slow" && seconds !== undefined) {
		return { fault: { kind, seconds: Number(seconds) }, share: Number(share) };
	}
	const known = KINDS.find((each) => each === kind);
	return known === undefined || seconds !== undefined ? null : { fault: { kind: known }, share: Number(share) };
}
