export { type Clock, systemClock } from "./clock.ts";
export {
	addCost,
	type CellCost,
	LAMBDA_MEMORY_GB,
	LAMBDA_PRICE_PER_GB_SECOND,
	priceRun,
	zeroCost,
} from "./cost.ts";
export { type DispatchOptions, dispatch } from "./dispatch.ts";
export {
	DispatchError,
	type DispatchErrorCode,
	type DispatchErrorDetails,
	isZaggError,
	type ZaggError,
} from "./errors.ts";
export type {
	AttemptEndEvent,
	AttemptStartEvent,
	CellEndEvent,
	CellStartEvent,
	DispatchEvent,
	EventSubscriber,
	LimitChangeEvent,
	RunEndEvent,
	RunStartEvent,
} from "./events.ts";
export {
	type AttemptOutcome,
	type Executor,
	type ExecutorCapabilities,
	isExecutor,
	type PreflightReport,
	type SubmitOptions,
} from "./executor.ts";
export { errorText, type FailureClass, failureClassOf, RETRYABLE_FAILURE_CLASSES } from "./failure-class.ts";
export {
	fileDescriptorSafeWorkers,
	isFileDescriptorExhaustion,
	type OpenFileLimits,
	openFileLimits,
	tooManyOpenFilesMessage,
} from "./file-descriptors.ts";
export {
	type AttemptRecord,
	type CellFailure,
	type CellRecord,
	type CompletionReason,
	emptyRunReport,
	type RunReport,
} from "./report.ts";
export {
	LAMBDA_RETRY,
	LOCAL_RETRY,
	type RetryDecision,
	type RetryPolicy,
	type RetryPolicyOptions,
	retryPolicy,
} from "./retry-policy.ts";
export { type WorkerLimit, workerLimit } from "./worker-limit.ts";
