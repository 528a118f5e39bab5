import type { AxisArray, Grid } from "@zagg/grid";
import type { NumericType } from "@zagg/hdf5";
import type { CoordinateField, Field } from "../config/index.ts";
import { AggregationError } from "../errors.ts";
import { arrayDocument, groupDocument, type ZarrDocument } from "./documents.ts";
import { fillElement } from "./fill-value.ts";
import { type RaggedLayout, raggedLayout, raggedNodes } from "./ragged-layout.ts";

/** What a template needs to know of a grid. */
export type TemplateGrid = Pick<
	Grid,
	"type" | "arrayShape" | "chunkShape" | "dimensionNames" | "cellsPerShard" | "groupPath" | "groupAttributes" | "axes"
>;

/** What a template needs to know of an aggregated variable. */
export type TemplateField = Pick<Field, "name" | "kind" | "dtype" | "fillValue" | "trailingShape" | "innerShape">;

/** The columns that a store holds; a `Pipeline` is one. */
export interface TemplateColumns {
	readonly coordinateFields: readonly CoordinateField[];
	readonly fields: readonly TemplateField[];
}

/** One document of a template; `path` has no slash in front. */
export interface TemplateNode {
	readonly path: string;
	readonly document: ZarrDocument;
}

/** An array that takes one dense chunk per shard. */
export interface ColumnLayout {
	readonly path: string;
	readonly dtype: NumericType;
	/** Shape of a shard's block, without trailing dimensions. */
	readonly blockShape: readonly number[];
	/** Chunk shape of the trailing dimensions. */
	readonly trailingChunk: readonly number[];
	readonly fillValue: number | bigint;
}

/** A one-dimensional array whose values are known beforehand. */
export interface AxisLayout {
	readonly path: string;
	readonly values: Float64Array;
	readonly chunkLength: number;
}

/** The group that a grid and its columns make in a store: every document, and where each column goes. */
export interface StoreTemplate {
	readonly groupPath: string;
	/** In the order in which they are written: the group, its axes, coordinates, variables, ragged groups. */
	readonly nodes: readonly TemplateNode[];
	readonly axes: readonly AxisLayout[];
	/** Where each coordinate and each scalar or vector variable goes. */
	readonly columns: ReadonlyMap<string, ColumnLayout>;
	/** Where each ragged variable goes. */
	readonly ragged: ReadonlyMap<string, RaggedLayout>;
}

/** Coordinates that a grid may offer without the store having arrays for them; projected grids never have them. */
export const OPTIONAL_COORDINATES: readonly string[] = ["cell_ids", "morton"];

/**
 * The template of the group that holds the columns on the grid.
 *
 * Every column has an array over the grid's dimensions, a vector with its trailing dimensions behind. A ragged
 * variable keeps its ordinary array too, which stays empty, as in the Python system; its data goes into a group
 * of its own (`raggedLayout`).
 *
 * @throws AggregationError `config/invalid` for a name that Zarr cannot have or that is used twice.
 */
export function storeTemplate(grid: TemplateGrid, { coordinateFields, fields }: TemplateColumns): StoreTemplate {
	const { groupPath } = grid;
	const axes = grid.axes.map((axis) => ({ ...axis, path: pathOf(groupPath, axis.name) }));
	const coordinates = coordinateFields
		.filter(({ name }) => grid.type === "healpix" || !OPTIONAL_COORDINATES.includes(name))
		.map((field): TemplateField => ({ ...field, kind: "scalar", trailingShape: [], innerShape: [] }));
	const columns = [...coordinates, ...fields];
	const ragged = fields
		.filter(({ kind }) => kind === "ragged")
		.map((field) => raggedLayout(grid, field, pathOf(groupPath, `${field.name}_ragged`)));

	const nodes = [
		{ path: groupPath, document: groupDocument(grid.groupAttributes) },
		...axes.map((axis) => ({ path: axis.path, document: axisDocument(axis) })),
		...columns.map((field) => ({ path: pathOf(groupPath, field.name), document: columnDocument(grid, field) })),
		...ragged.flatMap(raggedNodes),
	];
	assertDistinct(nodes);
	const dense = columns.filter(({ kind }) => kind !== "ragged");
	return {
		groupPath,
		nodes,
		axes,
		columns: new Map(dense.map((field) => [field.name, columnLayout(grid, field)])),
		ragged: new Map(ragged.map((layout) => [layout.field, layout])),
	};
}

function columnLayout(grid: TemplateGrid, field: TemplateField): ColumnLayout {
	return {
		path: pathOf(grid.groupPath, field.name),
		dtype: field.dtype,
		blockShape: grid.chunkShape,
		trailingChunk: field.trailingShape,
		fillValue: fillElement(field.fillValue, field.dtype),
	};
}

function columnDocument(grid: TemplateGrid, { dtype, fillValue, trailingShape }: TemplateField): ZarrDocument {
	const trailingNames = trailingShape.map((_, index) => (trailingShape.length === 1 ? "vector" : `vector_${index}`));
	return arrayDocument({
		shape: [...grid.arrayShape, ...trailingShape],
		chunkShape: [...grid.chunkShape, ...trailingShape],
		dtype,
		fillValue: fillElement(fillValue, dtype),
		dimensionNames: [...grid.dimensionNames, ...trailingNames],
	});
}

function axisDocument({ name, values, chunkLength, attributes }: AxisArray): ZarrDocument {
	return arrayDocument({
		shape: [values.length],
		chunkShape: [chunkLength],
		dtype: "float64",
		fillValue: 0,
		dimensionNames: [name],
		attributes,
	});
}

// Beyond the Zarr v3 rules for node names, characters that a URL would take for its own are refused.
const BAD_NAME = /^$|^\.+$|^__|^zarr\.json$|[/\\#?%\p{Cc}]/u;

function pathOf(groupPath: string, name: string): string {
	if (!BAD_NAME.test(name)) return `${groupPath}/${name}`;
	throw new AggregationError("config/invalid", `'${name}' cannot be the name of a Zarr array`, {
		remedy: "Use letters, digits, '_', '-' and '.' in names of output variables.",
		context: { name },
	});
}

function assertDistinct(nodes: readonly TemplateNode[]): void {
	const paths = new Set<string>();
	for (const { path } of nodes) {
		if (paths.has(path)) {
			throw new AggregationError("config/invalid", `two outputs would be stored at ${path}`, {
				remedy: "Rename one of the variables or coordinates.",
				context: { path },
			});
		}
		paths.add(path);
	}
}
