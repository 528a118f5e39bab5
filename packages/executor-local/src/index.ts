export { LocalExecutorError, type LocalExecutorErrorCode, type LocalExecutorErrorDetails } from "./errors.ts";
export { localExecutor } from "./local-executor.ts";
export type { LaneOptions, LocalExecutorOptions, ThreadOptions } from "./options.ts";
export type { AttemptIds, MessageHandler, Work, WorkContext } from "./work.ts";
