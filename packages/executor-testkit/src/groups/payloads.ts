import assert from "node:assert/strict";
import { failureClassOf } from "@zagg/dispatch";
import type { TestGroup } from "../suite.ts";

const LARGE_BYTES = 4 * 1024 ** 2;

// Room for an envelope around the payload.
const ENVELOPE_BYTES = 4096;

const PLAIN = { text: "größer, 積雪, 🛰", numbers: [1.5, -0.25, 1e300], nested: { none: null, yes: true }, empty: [] };

/** How payloads and results travel, and how large they may be. */
export const payloads: TestGroup = {
	name: "payloads",
	define({ test, testIf, capabilities: { transfer, maxPayloadBytes } }) {
		test("plain data arrives there and comes back as it is", async ({ submit, cell }) => {
			assert.deepEqual(await submit(cell({ return: PLAIN })), PLAIN);
		});

		testIf(transfer === "reference", "payload and result are the very same objects, as it says", async (scenario) => {
			const object = { method: () => 1 };
			assert.equal(await scenario.submit(scenario.cell({ return: object })), object);
		});

		testIf(
			transfer === "structured-clone",
			"payload and result are structured clones, as it says",
			async (scenario) => {
				const object = {
					shardKey: 12711972898206646278n,
					values: new Float64Array([1.5, Number.NaN, -0]),
					byName: new Map([["gt1l", new Set([1, 2])]]),
					at: new Date(0),
					nothing: undefined,
				};
				const result = await scenario.submit(scenario.cell({ return: object }));
				assert.deepEqual(result, object);
				assert.notEqual(result, object);
				assert.equal(object.values.length, 3, "the original is still whole");
			},
		);

		testIf(transfer === "json", "payload and result are copies, as it says", async ({ submit, cell }) => {
			assert.notEqual(await submit(cell({ return: PLAIN })), PLAIN);
		});

		testIf(maxPayloadBytes === null, "takes a large payload", async ({ submit, cell }) => {
			assert.equal(await submit(cell({ lengthOf: "x".repeat(LARGE_BYTES) })), LARGE_BYTES);
		});

		testIf(maxPayloadBytes !== null, "takes a payload just below its limit", async ({ submit, cell }) => {
			const length = maxPayloadBytes! - ENVELOPE_BYTES;
			assert.equal(await submit(cell({ lengthOf: "x".repeat(length) })), length);
		});

		testIf(maxPayloadBytes !== null, "refuses a payload above its limit before it is sent", async (scenario) => {
			const { submitFailing, cell, ledger } = scenario;
			// Each of these characters takes three bytes: the limit is one of bytes.
			const error = await submitFailing(cell({ lengthOf: "€".repeat(Math.ceil(maxPayloadBytes! / 3)) }));
			assert.equal(failureClassOf(error), "usage");
			assert.match(String(error), new RegExp(String(maxPayloadBytes)), "the message tells the limit");
			assert.deepEqual(ledger.started(), []);
		});
	},
};
