import type { Level, StructuredFilter } from "../config/index.ts";
import { fillTemplate } from "../config/index.ts";
import { AggregationError } from "../errors.ts";
import { type Beam, readDataset } from "./beam.ts";
import { expandMaskToBase } from "./link.ts";
import { applyPredicate } from "./predicate.ts";

/**
 * The base rows that every coarse filter keeps, one byte per base row; null when there are no coarse filters.
 *
 * @param baseLength number of base rows in the beam
 */
export async function coarseRowMask(
	beam: Beam,
	filters: readonly StructuredFilter[],
	baseLength: number,
): Promise<Uint8Array | null> {
	let keep: Uint8Array | null = null;
	for (const filter of filters) {
		const { link } = levelOf(beam, filter);
		const [flags, begin, count] = await Promise.all([
			readDataset(beam, filter.dataset),
			readDataset(beam, link.indexBeg),
			readDataset(beam, link.count),
		]);
		const parentKeep = new Uint8Array(flags.shape[0] ?? 0).fill(1);
		if (begin.data.length !== parentKeep.length || count.data.length !== parentKeep.length) {
			throw new AggregationError(
				"shard/invalid",
				`filter on '${filter.dataset}': ${parentKeep.length} flags, but its level's link has ${begin.data.length} begins and ${count.data.length} counts`,
			);
		}
		applyPredicate(filter, flags, parentKeep);
		const expanded = expandMaskToBase(
			parentKeep,
			{ begin: begin.data, count: count.data, indexBase: link.indexBase },
			baseLength,
		);
		if (keep === null) keep = expanded;
		else for (let row = 0; row < baseLength; row++) keep[row]! &= expanded[row]!;
	}
	return keep;
}

function levelOf(beam: Beam, filter: StructuredFilter): { link: NonNullable<Level["link"]> } {
	const level = beam.pipeline.levels?.get(filter.level ?? "");
	if (!level?.link) {
		throw new AggregationError(
			"shard/invalid",
			`filter on '${fillTemplate(filter.dataset, beam.group)}': level ${filter.level} has no link to the base level`,
		);
	}
	return { link: level.link };
}
