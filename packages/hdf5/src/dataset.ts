import type { Ranges } from "./chunks/chunk-grid.ts";
import { corrupt, Hdf5Error, throwIfCancelled, unsupported } from "./errors.ts";
import { parseDataspace } from "./format/dataspace.ts";
import { parseDatatype } from "./format/datatype.ts";
import { parseFillValue } from "./format/fill-value.ts";
import { parseFilterPipeline } from "./format/filter-pipeline.ts";
import { parseLayout } from "./format/layout.ts";
import { messageTypes, type ObjectHeader } from "./format/object-header.ts";
import { wrongKind } from "./groups/objects.ts";
import type { NumericArray, NumericType } from "./numeric.ts";
import { elementSizeOf } from "./numeric-array.ts";
import type { DataReader } from "./read/read-pieces.ts";
import { type DatasetDescription, readSlab } from "./read/read-slab.ts";

/** Which rows to read, and how to stop. */
export interface ReadOptions {
	/** Half-open window on the first dimension, inside the dataset; all rows by default. */
	readonly rows?: readonly [start: number, end: number] | undefined;
	readonly signal?: AbortSignal | undefined;
}

/** One numeric dataset of an open file. */
export interface Hdf5Dataset {
	/** Absolute, with a leading slash. */
	readonly path: string;
	/** Empty for a scalar; `[0]` for a null dataspace. */
	readonly shape: readonly number[];
	/** The type in the file; enumerations count as their base. */
	readonly type: NumericType;
	/** Null unless the dataset is chunked. */
	readonly chunkShape: readonly number[] | null;
	/**
	 * The values of some rows, all other dimensions whole, in a new flat array in C order. Nothing is masked: fill values
	 * come as they are, and chunks never written as the fill value (zero unless the file sets one).
	 *
	 * @throws Hdf5Error `hdf5/usage` for a window outside the dataset, `hdf5/corrupt`, `hdf5/unsupported` (a filter),
	 * `hdf5/too-large` (more than 4 GiB), `hdf5/cancelled`, and the source's own errors
	 */
	read(options?: ReadOptions): Promise<NumericArray>;
	/** The same for a half-open range in every dimension. */
	readSlab(
		ranges: readonly (readonly [start: number, end: number])[],
		options?: { readonly signal?: AbortSignal | undefined },
	): Promise<NumericArray>;
}

/** Makes a dataset of an object header; `readerFor` gives the reader that a signal stops. */
export function createDataset(
	header: ObjectHeader,
	path: string,
	file: string,
	readerFor: (signal: AbortSignal | undefined) => DataReader,
): Hdf5Dataset {
	const description = describe(header, path, file);
	const { shape, number, layout } = description;

	async function readRanges(ranges: Ranges, signal: AbortSignal | undefined): Promise<NumericArray> {
		throwIfCancelled(signal, file);
		const array = await readSlab(readerFor(signal), description, ranges);
		throwIfCancelled(signal, file);
		return array;
	}

	return {
		path,
		shape,
		type: number.type,
		chunkShape: layout.kind === "chunked" ? layout.chunkShape : null,
		async read({ rows, signal } = {}) {
			if (rows !== undefined && shape.length === 0) throw badWindow(file, path, "a scalar has no rows");
			const ranges = shape.map((extent, dimension) => (dimension === 0 && rows ? rows : ([0, extent] as const)));
			checkRanges(ranges, shape, file, path);
			return readRanges(ranges, signal);
		},
		async readSlab(ranges, { signal } = {}) {
			checkRanges(ranges, shape, file, path);
			return readRanges(ranges, signal);
		},
	};
}

function describe(header: ObjectHeader, path: string, file: string): DatasetDescription {
	const dataspace = header.first(messageTypes.dataspace);
	const datatype = header.first(messageTypes.datatype);
	const layoutMessage = header.first(messageTypes.layout);
	if (dataspace === undefined || datatype === undefined || layoutMessage === undefined) {
		throw wrongKind(file, path, "a group or a named type, not a dataset");
	}
	if (header.first(messageTypes.externalFiles) !== undefined) {
		throw unsupported(file, `external data files for ${path}`, { path });
	}
	const number = parseDatatype(datatype, path);
	const elementSize = elementSizeOf(number.type);
	const { shape, maxShape } = parseDataspace(dataspace);
	const layout = parseLayout(layoutMessage);
	if (layout.kind === "chunked") {
		if (layout.chunkShape.length !== shape.length || layout.elementSize !== elementSize) {
			throw corrupt(file, `the chunks (${layout.chunkShape}) of ${path} do not fit its shape (${shape})`, { path });
		}
		const chunkBytes = layout.chunkShape.reduce((product, extent) => product * extent, elementSize);
		if (!Number.isSafeInteger(chunkBytes)) throw corrupt(file, `${path} has chunks of ${layout.chunkShape}`, { path });
	}
	const pipeline = header.first(messageTypes.filterPipeline);
	const filters = pipeline ? parseFilterPipeline(pipeline) : [];
	return { path, shape, maxShape, number, layout, filters, fillValue: parseFillValue(header, elementSize) };
}

function checkRanges(ranges: Ranges, shape: readonly number[], file: string, path: string): void {
	if (ranges.length !== shape.length) {
		throw badWindow(file, path, `${ranges.length} ranges do not fit ${shape.length} dimensions`);
	}
	for (const [dimension, [start, end]] of ranges.entries()) {
		const isInside =
			Number.isSafeInteger(start) &&
			Number.isSafeInteger(end) &&
			start >= 0 &&
			start <= end &&
			end <= shape[dimension]!;
		if (!isInside) {
			throw badWindow(
				file,
				path,
				`[${start}, ${end}) is no range within the ${shape[dimension]} of dimension ${dimension}`,
			);
		}
	}
}

function badWindow(file: string, path: string, problem: string): Hdf5Error {
	return new Hdf5Error("hdf5/usage", `Cannot read that part of ${path} in ${file}: ${problem}`, {
		remedy: "Give half-open ranges inside the dataset's shape",
		context: { file, path },
	});
}
