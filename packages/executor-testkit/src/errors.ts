import type { FailureClass } from "@zagg/dispatch";

const zaggErrorMarker = Symbol.for("zagg.error");

/** Stable codes of what the testkit throws on purpose. */
export type TestkitErrorCode = "testkit/scripted-fault" | "testkit/nothing-to-crash" | "testkit/invalid-option";

/** What a `TestkitError` carries besides its code and message. */
export interface TestkitErrorDetails {
	readonly failureClass: FailureClass;
	readonly remedy?: string;
	readonly context?: Readonly<Record<string, unknown>>;
}

/** A fault that a script asked for, or a mistake in using the testkit. */
export class TestkitError extends Error {
	override readonly name = "TestkitError";
	readonly [zaggErrorMarker] = true;
	readonly code: TestkitErrorCode;
	readonly failureClass: FailureClass;
	readonly remedy: string | undefined;
	readonly context: Readonly<Record<string, unknown>>;

	constructor(code: TestkitErrorCode, message: string, details: TestkitErrorDetails) {
		super(message);
		this.code = code;
		this.failureClass = details.failureClass;
		this.remedy = details.remedy;
		this.context = details.context ?? {};
	}
}

/** The error of a scripted fault. */
export function scriptedFault(failureClass: FailureClass): TestkitError {
	return new TestkitError("testkit/scripted-fault", `scripted fault: ${failureClass}`, { failureClass });
}
