import { describe, expect, it } from "vitest";
import { DispatchError, isZaggError } from "./errors.ts";
import { failureClassOf, retryAfterSecondsOf } from "./failure-class.ts";
import { taggedError } from "./test-support.ts";

const coded = (code: string, message = "x") => Object.assign(new Error(message), { code });

describe("failureClassOf", () => {
	it.each([
		[taggedError("preempted", "timed out"), "preempted"],
		[new Error("cell failed", { cause: taggedError("data", "no beam") }), "data"],
		[taggedError("data", "read failed", {}), "data"],
		[new DOMException("stopped", "AbortError"), "cancelled"],
		[coded("ECONNRESET"), "transport"],
		[new TypeError("fetch failed", { cause: coded("UND_ERR_SOCKET") }), "transport"],
		[coded("EACCES"), "access-denied"],
		[coded("ERR_WORKER_OUT_OF_MEMORY"), "out-of-memory"],
		[coded("EMFILE"), "fatal"],
		[new Error("An error occurred (TooManyRequestsException)"), "throttled"],
		[new Error("Rate exceeded"), "throttled"],
		[new Error("Read timeout on endpoint URL"), "transport"],
		[new Error("connection timed out"), "transport"],
		[new Error("UNEXPECTED_EOF while reading"), "transport"],
		[new Error("RequestId: 1 Error: Task timed out after 3.00 seconds"), "timeout"],
		[new Error("rate exceeded"), "bug"],
		[Object.assign(new Error("slow"), { name: "TooManyRequestsException" }), "throttled"],
		["Rate exceeded", "throttled"],
		[undefined, "bug"],
		[Object.create(null), "bug"],
	])("%s is %s", (error, failureClass) => {
		expect(failureClassOf(error)).toBe(failureClass);
	});

	it("sees exhausted descriptors behind any other class", () => {
		const tagged = Object.assign(taggedError("data", "read failed"), { cause: coded("EMFILE") });
		expect(failureClassOf(tagged)).toBe("fatal");
	});
});

describe("isZaggError", () => {
	it("goes by the marker, not by the class", () => {
		expect(isZaggError(new DispatchError("dispatch/run-fatal", "x"))).toBe(true);
		expect(isZaggError(taggedError("data", "from another install"))).toBe(true);
		expect(isZaggError(Object.assign(new Error("x"), { code: "a", failureClass: "data" }))).toBe(false);
		expect(isZaggError({ [Symbol.for("zagg.error")]: true })).toBe(false);
	});
});

describe("retryAfterSecondsOf", () => {
	it("reads a finite number of at least 0 from the error or its context", () => {
		expect(retryAfterSecondsOf({ retryAfterSeconds: 1.5 })).toBe(1.5);
		expect(retryAfterSecondsOf(taggedError("throttled", "x", { retryAfterSeconds: 0 }))).toBe(0);
		for (const retryAfterSeconds of [-1, Number.NaN, Number.POSITIVE_INFINITY, "3"]) {
			expect(retryAfterSecondsOf({ retryAfterSeconds })).toBeUndefined();
		}
		expect(retryAfterSecondsOf(null)).toBeUndefined();
	});
});
