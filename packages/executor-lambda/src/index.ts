export {
	availableWorkers,
	type ConcurrencyLogLine,
	type ConcurrencyReport,
	concurrencyLogLines,
	type PaddingOptions,
	probeConcurrency,
	roomFor,
} from "./concurrency.ts";
export { LambdaExecutorError, type LambdaExecutorErrorCode } from "./errors.ts";
export { type LambdaExecutor, lambdaExecutor, MAX_PAYLOAD_BYTES } from "./lambda-executor.ts";
export type { LambdaAnswer, LambdaClientOptions, LambdaExecutorOptions } from "./options.ts";
