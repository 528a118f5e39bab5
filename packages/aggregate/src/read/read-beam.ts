import type { Beam, BeamRows } from "./beam.ts";
import { readWhole } from "./full-read.ts";
import { readPlanned } from "./planned-read.ts";

/** Reads the rows of one beam that lie in the shard and pass the filters, in file order; null when there are none. */
export async function readBeam(beam: Beam): Promise<BeamRows | null> {
	return beam.pipeline.readPlan === null ? readWhole(beam) : readPlanned(beam);
}
