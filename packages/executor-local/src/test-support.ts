import { appendFileSync } from "node:fs";
import { threadId } from "node:worker_threads";
import type { Work } from "./work.ts";

// Work for worker threads to import, and what tests of both kinds of executor share.

const square: Work<number, number> = (payload) => payload * payload;
export default square;

export const whichThread: Work<unknown, number> = () => threadId;

/** Computes without a pause for so many milliseconds. */
export const compute: Work<number, number> = (milliseconds) => {
	const end = performance.now() + milliseconds;
	let rounds = 0;
	while (performance.now() < end) rounds++;
	return rounds;
};

export const echo: Work<unknown, unknown> = (payload) => payload;

export const emitThree: Work<string, string> = async (payload, { emit, index, attempt, runId }) => {
	emit(`${payload} a`);
	emit({ index, attempt, runId });
	await new Promise((resolve) => setTimeout(resolve, 5));
	emit(new Uint8Array([1, 2]));
	return `${payload} done`;
};

/** Appends a line to a file every millisecond, forever, never looking up. */
export const scribble: Work<string, never> = (path) => {
	for (;;) {
		appendFileSync(path, "x");
		const end = performance.now() + 1;
		while (performance.now() < end);
	}
};

export const waitForever: Work<unknown, never> = () => new Promise<never>(() => setInterval(() => {}, 1000));

export type Mishap =
	| "exit"
	| "uncaught"
	| "unhandled"
	| "memory"
	| "function"
	| "tagged"
	| "plain"
	| "string"
	| "code"
	| "fine";

/** Fails in the way that the payload says. */
export const mishap: Work<Mishap, unknown> = async (payload, { attempt }) => {
	switch (payload) {
		case "exit":
			process.exit(3);
			break;
		case "uncaught":
			setTimeout(() => {
				throw new RangeError("from a timer");
			}, 0);
			return new Promise(() => {});
		case "unhandled":
			Promise.reject(new RangeError("from a promise"));
			return new Promise(() => {});
		case "memory": {
			const hoard: number[][] = [];
			for (;;) hoard.push(Array.from({ length: 1000 }, (_, index) => index + 0.5));
		}
		case "function":
			return { attempt, method: () => attempt };
		case "tagged":
			throw Object.assign(new Error("no dataset /gt1l/h_li", { cause: new TypeError("inner") }), {
				name: "Hdf5Error",
				[Symbol.for("zagg.error")]: true,
				code: "hdf5/not-found",
				failureClass: "data",
				remedy: "Check the configuration's paths.",
				context: { path: "/gt1l/h_li", shardKey: 12711972898206646278n, reader: () => 0 },
			});
		case "plain":
			throw new RangeError("out of range");
		case "string":
			throw "just text";
		case "code":
			throw new Error("fetch failed", {
				cause: Object.assign(new Error("reset"), { code: "ECONNRESET", errno: -104 }),
			});
		case "fine":
			return "fine";
	}
	return undefined;
};

export const notAFunction = 7;

/** This module, for `localExecutor({ module })`. */
export const workModule = new URL(import.meta.url);
