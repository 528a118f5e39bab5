import type { FailureClass } from "@zagg/dispatch";

/** What one attempt does, after waiting `afterMilliseconds` (default 0). It is plain JSON, as long as what it returns is. */
export type ScriptedStep = { readonly afterMilliseconds?: number } & (
	| ReturnStep
	| FailStep
	| CrashStep
	| BeatStep
	| MeetStep
	| LengthStep
);

/** Succeeds with this value; where payloads travel by reference, with this very object. */
export interface ReturnStep {
	readonly return: unknown;
}

/** Throws an error tagged with this class, or one without a tag: a `TypeError`. */
export interface FailStep {
	readonly fail: FailureClass | "untagged";
}

/** Takes its process or thread down: by `process.exit`, or by filling its heap. */
export interface CrashStep {
	readonly crash: "exit" | "out-of-memory";
}

/** Appends to a file of its ledger every few milliseconds and never listens to its signal; waiting in between, or computing. */
export interface BeatStep {
	readonly beat: "waiting" | "computing";
	readonly forMilliseconds: number;
}

/** Computes until another cell has started, at most so long; succeeds with whether it has. */
export interface MeetStep {
	readonly meet: string;
	readonly patienceMilliseconds: number;
}

/** Succeeds with the length of this text. */
export interface LengthStep {
	readonly lengthOf: string;
}

/** The payload of the scripted worker: what each attempt at a cell does. */
export interface ScriptedCell {
	/** Names the cell in its ledger; letters, digits and dashes. */
	readonly key: string;
	/** The folder in which every attempt leaves its marks. `null`: no marks, and every attempt is taken for the first. */
	readonly ledger: string | null;
	/** The first attempt does the first step, and so on; attempts beyond the last one repeat it. */
	readonly steps: readonly ScriptedStep[];
}

/** What an executor tells the work about its attempt, as far as it does. */
export interface ScriptedContext {
	readonly index?: number;
	readonly attempt?: number;
	readonly runId?: string;
}
