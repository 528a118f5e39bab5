export { testExecutor } from "./conformance.ts";
export { TestkitError, type TestkitErrorCode, type TestkitErrorDetails } from "./errors.ts";
export { type FaultyExecutor, faultyExecutor, type InjectedFault, type SubmitFault } from "./faulty-executor.ts";
export { type AttemptMark, type Ledger, openLedger } from "./ledger.ts";
export type { ExecutorSetup, ExecutorTestOptions, TestFunction, TestRunner } from "./options.ts";
export type {
	BeatStep,
	CrashStep,
	FailStep,
	LengthStep,
	MeetStep,
	ReturnStep,
	ScriptedCell,
	ScriptedContext,
	ScriptedStep,
} from "./scripted-cell.ts";
export { runScriptedCellInThread, type ScriptedOutcome } from "./scripted-thread.ts";
export { default as runScriptedCell, scriptedWorkerModule } from "./scripted-worker.ts";
export { transparentExecutor } from "./transparent-executor.ts";
export { type VirtualClock, virtualClock } from "./virtual-clock.ts";
