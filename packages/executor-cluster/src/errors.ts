import type { FailureClass } from "@zagg/dispatch";

const zaggErrorMarker = Symbol.for("zagg.error");

/** Stable codes of what can go wrong between a payload and its result on a cluster. */
export type ClusterExecutorErrorCode =
	| "executor-cluster/invalid-option"
	| "executor-cluster/not-ready"
	| "executor-cluster/already-dispatched"
	| "executor-cluster/shut-down"
	| "executor-cluster/slurm-not-found"
	| "executor-cluster/controller-unreachable"
	| "executor-cluster/refused"
	| "executor-cluster/spool"
	| "executor-cluster/payload-not-json"
	| "executor-cluster/timeout"
	| "executor-cluster/out-of-memory"
	| "executor-cluster/cell-crashed"
	| "executor-cluster/node-failed"
	| "executor-cluster/preempted"
	| "executor-cluster/task-failed"
	| "executor-cluster/task-lost"
	| "executor-cluster/stalled"
	| "executor-cluster/cancelled";

/** What a `ClusterExecutorError` carries besides its code and message. */
export interface ClusterExecutorErrorDetails {
	readonly failureClass: FailureClass;
	readonly remedy?: string;
	readonly context?: Readonly<Record<string, unknown>>;
}

/** An error of the executor or of the cluster, not of the work: a stable `code`, a failure class, what to do next. */
export class ClusterExecutorError extends Error {
	override readonly name = "ClusterExecutorError";
	readonly [zaggErrorMarker] = true;
	readonly code: ClusterExecutorErrorCode;
	readonly failureClass: FailureClass;
	readonly remedy: string | undefined;
	readonly context: Readonly<Record<string, unknown>>;

	constructor(code: ClusterExecutorErrorCode, message: string, details: ClusterExecutorErrorDetails) {
		super(message);
		this.code = code;
		this.failureClass = details.failureClass;
		this.remedy = details.remedy;
		this.context = details.context ?? {};
	}
}
