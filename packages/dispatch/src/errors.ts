import type { FailureClass } from "./failure-class.ts";
import type { RunReport } from "./report.ts";

const zaggErrorMarker = Symbol.for("zagg.error");

/** Stable codes of what can go wrong in the loop itself. */
export type DispatchErrorCode =
	| "dispatch/invalid-option"
	| "dispatch/invalid-executor"
	| "dispatch/run-fatal"
	| "dispatch/too-many-open-files"
	| "dispatch/payload-source-failed"
	| "dispatch/callback-failed";

/** What a `DispatchError` carries besides its message. */
export interface DispatchErrorDetails {
	readonly failureClass?: FailureClass;
	readonly remedy?: string;
	readonly context?: Readonly<Record<string, unknown>>;
	readonly cause?: unknown;
	readonly report?: RunReport<unknown, unknown>;
}

/** An error of the loop: a stable `code`, a failure class, what to do next, and what the run had done until then. */
export class DispatchError extends Error {
	override readonly name = "DispatchError";
	readonly [zaggErrorMarker] = true;
	readonly code: DispatchErrorCode;
	readonly failureClass: FailureClass;
	readonly remedy: string | undefined;
	readonly context: Readonly<Record<string, unknown>>;
	/** The report up to the stop, where a run had begun: its results, failures and cost are all valid. */
	readonly report: RunReport<unknown, unknown> | undefined;

	constructor(code: DispatchErrorCode, message: string, details: DispatchErrorDetails = {}) {
		super(message, details.cause === undefined ? undefined : { cause: details.cause });
		this.code = code;
		this.failureClass = details.failureClass ?? "usage";
		this.remedy = details.remedy;
		this.context = details.context ?? {};
		this.report = details.report;
	}
}

/** What every error of the zagg packages has, whichever package or installed copy made it. */
export interface ZaggError extends Error {
	readonly code: string;
	readonly failureClass: FailureClass;
	readonly remedy: string | undefined;
	readonly context: Readonly<Record<string, unknown>>;
}

/** True for errors of every zagg package. It goes by a registered symbol, so it survives duplicate installs. */
export function isZaggError(value: unknown): value is ZaggError {
	return value instanceof Error && (value as { [zaggErrorMarker]?: unknown })[zaggErrorMarker] === true;
}
