import type { Grid } from "@zagg/grid";
import { type ByteSource, type Hdf5File, openHdf5 } from "@zagg/hdf5";
import type { Pipeline } from "../config/index.ts";
import { type BeamRows, hasBeam } from "../read/beam.ts";
import { readBeam } from "../read/read-beam.ts";
import type { ReadError } from "./metadata.ts";

/** Opens a granule by its address: a path or a URL. */
export type OpenGranule = (address: string, options: { signal?: AbortSignal | undefined }) => Promise<ByteSource>;

/** What has been read for one shard, in granule order, then beam order. */
export interface GranuleReads {
	readonly reads: BeamRows[];
	/** Granules that were opened; a granule counts even when some of its beams could not be read. */
	readonly filesProcessed: number;
	/** Beams that were read to the end, whether or not they had a row in the shard. */
	readonly beamsRead: number;
	readonly errors: readonly ReadError[];
	/** The first error itself, for the cause and the failure class of a shard that read nothing. */
	readonly firstError: unknown;
	/** Bytes and requests that it took. */
	readonly bytesRead: number;
	readonly requests: number;
}

interface ReadRequest {
	readonly grid: Grid;
	readonly pipeline: Pipeline;
	readonly shardKey: bigint;
	readonly granules: readonly string[];
	readonly open: OpenGranule;
	readonly isRemote?: boolean | undefined;
	readonly warn: (message: string) => void;
	readonly signal?: AbortSignal | undefined;
}

/**
 * Reads every beam of every granule. A beam that is absent is normal and silent; a beam or granule that cannot be read
 * is recorded and the rest goes on. Only cancellation rejects.
 *
 * The beams of a remote granule are read all at once, since each spends its time waiting, and the next granule is opened
 * meanwhile; those of a local one in turn, which takes less memory. The rows come in the same order either way.
 */
export async function readGranules(request: ReadRequest): Promise<GranuleReads> {
	const reads: BeamRows[] = [];
	const errors: ReadError[] = [];
	let firstError: unknown;
	let filesProcessed = 0;
	let beamsRead = 0;
	let bytesRead = 0;
	let requests = 0;
	for await (const { granule, source, file, openError } of openInTurn(request)) {
		const record = (group: string | null, error: unknown): void => {
			request.signal?.throwIfAborted();
			firstError ??= error;
			errors.push({ granule, group, code: codeOf(error), error: messageOf(error) });
			const place = group === null ? "file" : `track ${group} of`;
			request.warn(`  Error ${group === null ? "processing" : "reading"} ${place} ${granule}: ${messageOf(error)}`);
		};
		try {
			if (file === undefined) {
				record(null, openError);
				continue;
			}
			let present = 0;
			for await (const { group, rows, error } of beamsOf(request, file)) {
				if (rows === undefined && error === undefined) continue;
				present++;
				if (error !== undefined) record(group, error);
				else {
					beamsRead++;
					if (rows) reads.push(rows);
				}
			}
			if (present === 0) record(null, new Error(noBeamMessage(request.pipeline)));
			else filesProcessed++;
		} finally {
			bytesRead += source?.statistics.bytesRead ?? 0;
			requests += source?.statistics.requests ?? 0;
			await file?.close();
		}
	}
	return { reads, filesProcessed, beamsRead, errors, firstError, bytesRead, requests };
}

/** A granule with its file, or with the reason why there is none. */
interface Opening {
	readonly granule: string;
	/** Also where the file could not be opened, as long as its bytes could be reached. */
	readonly source?: ByteSource;
	readonly file?: Hdf5File;
	readonly openError?: unknown;
}

/** Opens one granule after the other; the caller closes what it gets. Remote ones are opened one ahead. */
async function* openInTurn(request: ReadRequest): AsyncGenerator<Opening> {
	const { granules, isRemote } = request;
	let ahead: Promise<Opening> | undefined;
	try {
		for (const [index, granule] of granules.entries()) {
			const opening = await (ahead ?? openGranule(request, granule));
			const next = granules[index + 1];
			ahead = isRemote && next !== undefined ? openGranule(request, next) : undefined;
			yield opening;
		}
	} finally {
		const unused = await ahead;
		await unused?.file?.close();
	}
}

/** Never rejects. */
async function openGranule({ open, signal }: ReadRequest, granule: string): Promise<Opening> {
	let source: ByteSource | undefined;
	try {
		signal?.throwIfAborted();
		source = await open(granule, { signal });
		return { granule, source, file: await openHdf5(source, { signal }) };
	} catch (openError) {
		return { granule, ...(source && { source }), openError };
	}
}

/** One beam: its rows in the shard, null for none; neither rows nor error when the granule has no such beam. */
interface BeamOutcome {
	readonly group: string;
	readonly rows?: BeamRows | null;
	readonly error?: unknown;
}

/** Every beam that the config names, in its order. */
async function* beamsOf(request: ReadRequest, file: Hdf5File): AsyncGenerator<BeamOutcome> {
	const { groups } = request.pipeline;
	if (request.isRemote) yield* await Promise.all(groups.map((group) => readOne(request, file, group)));
	else for (const group of groups) yield await readOne(request, file, group);
}

async function readOne(request: ReadRequest, file: Hdf5File, group: string): Promise<BeamOutcome> {
	const { grid, pipeline, shardKey, signal } = request;
	const beam = { file, group, pipeline, grid, shardKey, signal };
	try {
		signal?.throwIfAborted();
		if (!(await hasBeam(beam))) return { group };
		return { group, rows: await readBeam(beam) };
	} catch (error) {
		return { group, error: error ?? new Error("the read failed without a reason") };
	}
}

function noBeamMessage(pipeline: Pipeline): string {
	const { latitude } = pipeline.coordinates;
	return `none of the groups ${pipeline.groups.join(", ")} holds '${latitude}'; check that the granule is of the product that the config reads`;
}

function codeOf(error: unknown): string {
	return typeof (error as { code?: unknown })?.code === "string"
		? (error as { code: string }).code
		: "shard/read-failed";
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
