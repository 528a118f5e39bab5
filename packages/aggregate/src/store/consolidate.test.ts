import { expect, test } from "vitest";
import { consolidateMetadata } from "./consolidate.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { openLocalStore } from "./local-store.ts";

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const group = (attributes = {}) => json({ attributes, zarr_format: 3, node_type: "group" });

test("nodes are in order of depth and then of name without regard to case, directories that are no nodes left out", async () => {
	const store = await openLocalStore(await temporaryDirectory());
	await store.set("/zarr.json", group({ title: "é" }));
	for (const path of ["Zeta", "alpha", "12", "Beta", "12/x", "12/x/y"] as const)
		await store.set(`/${path}/zarr.json`, group());
	await store.set("/notes/readme.txt", json("not a node"));
	await consolidateMetadata(store);
	const text = new TextDecoder().decode(await store.get("/zarr.json"));
	const paths = [...text.matchAll(/^ {6}"([^"]+)": \{$/gm)].map((match) => match[1]);
	expect(paths).toEqual(["12", "alpha", "Beta", "Zeta", "12/x", "12/x/y"]);
	expect(
		text.startsWith(
			'{\n  "attributes": {\n    "title": "\\u00e9"\n  },\n  "zarr_format": 3,\n  "consolidated_metadata": {',
		),
	).toBe(true);
	expect(JSON.parse(text).consolidated_metadata.metadata["12/x"]).toEqual({
		attributes: {},
		zarr_format: 3,
		consolidated_metadata: { kind: "inline", must_understand: false, metadata: {} },
		node_type: "group",
	});
});
