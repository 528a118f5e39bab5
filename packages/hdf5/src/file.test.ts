import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openHdf5 } from "./file.ts";
import { memorySource } from "./sources/memory-source.ts";
import { bytesOf, errorOf, expectedDatasets, fixtureBytes, observedSource, openFixture } from "./testing.ts";

describe.each(Object.keys(expectedDatasets))("%s, as h5py reads it", (name) => {
	test.each(Object.entries(expectedDatasets[name]!))("%s", async (path, expected) => {
		const file = await openFixture(name);
		const dataset = await file.dataset(path);
		const array = await dataset.read();
		expect({
			type: dataset.type,
			shape: dataset.shape,
			chunks: dataset.chunkShape,
			crc32: crc32(bytesOf(array)),
		}).toEqual(expected);
		expect(array.constructor.name.toLowerCase().replace("big", "")).toBe(`${dataset.type}array`);
	});
});

/** earliest.h5 has symbol tables, v108.h5 compact and dense links. */
describe.each(["earliest.h5", "v108.h5", "latest.h5"])("groups of %s", (name) => {
	test("are listed by name, with or without slashes around the path", async () => {
		const file = await openFixture(name);
		expect(await file.list("/links/target")).toEqual(["data", "loop", "up"]);
		expect(await file.list("links//target/")).toEqual(["data", "loop", "up"]);
		expect(await file.list("/")).toEqual(expect.arrayContaining(["committed", "layouts", "links"]));
	});

	test("may have many members, and names beyond ASCII", async () => {
		const file = await openFixture(name);
		const names = Array.from({ length: 60 }, (_, index) => `member ${String(index).padStart(3, "0")}`);
		expect(await file.list("/links/many")).toEqual(names);
		expect(await file.list("/links/new_style")).toEqual(["external", "höhe"]);
		expect(await (await file.dataset("/links/new_style/höhe")).read()).toEqual(Int16Array.of(0, 1, 2));
	});

	test.each(["absolute", "relative", "chain", "hard", "to_group/data", "target/up/target/up/relative"])(
		"lead to the data through links/%s",
		async (path) => {
			const file = await openFixture(name);
			expect(await file.has(`/links/${path}`)).toBe(true);
			expect(await (await file.dataset(`/links/${path}`)).read()).toEqual(Int16Array.of(0, 1, 2));
		},
	);

	test.each(["dangling", "self", "ping", "target/loop", "absent", "hard/below_a_dataset", "self/deeper"])(
		"have nothing at links/%s",
		async (path) => {
			const file = await openFixture(name);
			expect(await file.has(`links/${path}`)).toBe(false);
			const error = await errorOf(file.dataset(`links/${path}`), "hdf5/not-found");
			expect(error.message).toContain(`${name} has no links/${path}`);
		},
	);

	test("say when a path is of the wrong kind or leaves the file", async () => {
		const file = await openFixture(name);
		await errorOf(file.dataset("/links"), "hdf5/wrong-kind");
		await errorOf(file.dataset("/committed/type"), "hdf5/wrong-kind");
		await errorOf(file.list("/layouts/scalar"), "hdf5/wrong-kind");
		await errorOf(file.list("/nowhere"), "hdf5/not-found");
		await errorOf(file.has("/links/new_style/external"), "hdf5/unsupported");
	});
});

describe("what cannot be read is refused by name", () => {
	const refused = {
		string: "the string datatype in /refused/string",
		text: "the variable length datatype",
		compound: "the compound datatype",
		array: "the array datatype",
		opaque: "the opaque datatype",
		reference: "the reference datatype",
		bit_field: "the bit field datatype",
		half: "16-bit floating point numbers",
		three_bytes: "24-bit integers in 3 bytes",
		twelve_bits: "12-bit integers in 2 bytes",
		vax: "VAX floating point numbers",
		elsewhere: "external data files",
		virtual: "virtual datasets",
	};
	test.each(Object.entries(refused))("%s", async (name, message) => {
		const file = await openFixture("latest.h5");
		expect((await errorOf(file.dataset(`/refused/${name}`), "hdf5/unsupported")).message).toContain(message);
	});

	test("an unknown filter, once values are asked for", async () => {
		const dataset = await (await openFixture("earliest.h5")).dataset("/refused/lzf");
		const error = await errorOf(dataset.read(), "hdf5/unsupported");
		expect(error.message).toContain("the filter lzf (32000) for /refused/lzf");
	});
});

describe("files that are not whole", () => {
	test("another format is not HDF5", async () => {
		const page = new TextEncoder().encode("<html>502 Bad Gateway</html>".repeat(100));
		const error = await errorOf(openHdf5(memorySource(page, "granule.h5")), "hdf5/not-hdf5");
		expect(error.message).toContain("granule.h5 is not an HDF5 file");
		await errorOf(openHdf5(memorySource(new Uint8Array(0))), "hdf5/not-hdf5");
	});

	test.each(["earliest.h5", "latest.h5"])("%s cut short is truncated, and says by how much", async (name) => {
		const bytes = fixtureBytes(name);
		const error = await errorOf(openHdf5(memorySource(bytes.subarray(0, 5000), name)), "hdf5/truncated");
		expect(error.message).toContain(`${name} has 5000 bytes, but its header says ${bytes.length}`);
	});

	test("a flipped bit under a checksum is found", async () => {
		const file = await openFixture("v110.h5");
		const values = bytesOf(await (await file.dataset("fixed")).read());
		const bytes = fixtureBytes("v110.h5");
		bytes[60]! ^= 1;
		const error = await errorOf(
			openHdf5(memorySource(bytes)).then(async (damaged) => (await damaged.dataset("fixed")).read()),
			"hdf5/corrupt",
		);
		expect(error.message).toContain("fails its checksum");
		expect(values.length).toBe(800);
	});

	test("a source is closed when opening fails", async () => {
		const source = memorySource(new Uint8Array(100));
		await errorOf(openHdf5(source), "hdf5/not-hdf5");
		await errorOf(source.read(0, 1), "hdf5/usage");
	});
});

test("a small file takes one request, whatever is read of it, and none after closing", async () => {
	const source = observedSource(memorySource(fixtureBytes("v108.h5"), "v108.h5"));
	const file = await openHdf5(source);
	for (const path of Object.keys(expectedDatasets["v108.h5"]!)) await (await file.dataset(path)).read();
	expect(source.reads).toHaveLength(1);
	await file.close();
	await errorOf(file.dataset("layouts/compact"), "hdf5/usage");
});
