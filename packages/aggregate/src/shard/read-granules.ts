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
}

interface ReadRequest {
	readonly grid: Grid;
	readonly pipeline: Pipeline;
	readonly shardKey: bigint;
	readonly granules: readonly string[];
	readonly open: OpenGranule;
	readonly warn: (message: string) => void;
	readonly signal?: AbortSignal | undefined;
}

/**
 * Reads every beam of every granule. A beam that is absent is normal and silent; a beam or granule that cannot be read
 * is recorded and the rest goes on. Only cancellation rejects.
 */
export async function readGranules(request: ReadRequest): Promise<GranuleReads> {
	const reads: BeamRows[] = [];
	const errors: ReadError[] = [];
	let firstError: unknown;
	let filesProcessed = 0;
	let beamsRead = 0;
	for (const granule of request.granules) {
		const record = (group: string | null, error: unknown): void => {
			request.signal?.throwIfAborted();
			firstError ??= error;
			errors.push({ granule, group, code: codeOf(error), error: messageOf(error) });
			const place = group === null ? "file" : `track ${group} of`;
			request.warn(`  Error ${group === null ? "processing" : "reading"} ${place} ${granule}: ${messageOf(error)}`);
		};
		let file: Hdf5File;
		try {
			request.signal?.throwIfAborted();
			const source = await request.open(granule, { signal: request.signal });
			file = await openOrClose(source, request.signal);
		} catch (error) {
			record(null, error);
			continue;
		}
		try {
			let present = 0;
			for (const group of request.pipeline.groups) {
				const { grid, pipeline, shardKey, signal } = request;
				const beam = { file, group, pipeline, grid, shardKey, signal };
				try {
					signal?.throwIfAborted();
					if (!(await hasBeam(beam))) continue;
					present++;
					const rows = await readBeam(beam);
					beamsRead++;
					if (rows !== null) reads.push(rows);
				} catch (error) {
					present++;
					record(group, error);
				}
			}
			if (present === 0) record(null, new Error(noBeamMessage(request.pipeline)));
			else filesProcessed++;
		} finally {
			await file.close();
		}
	}
	return { reads, filesProcessed, beamsRead, errors, firstError };
}

async function openOrClose(source: ByteSource, signal: AbortSignal | undefined): Promise<Hdf5File> {
	try {
		return await openHdf5(source, { ...(signal && { signal }) });
	} catch (error) {
		await source.close();
		throw error;
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
