import type { NumericArray } from "@zagg/hdf5";
import type { BeamRows } from "../read/beam.ts";
import type { GroupedColumns } from "../reduce/index.ts";
import { promotedArrayType } from "./promote.ts";

/**
 * Brings the rows of all reads together, cell by cell: a stable counting sort on the cell rank.
 *
 * Within a cell rows keep their order: granule, then beam, then file order. Each read's columns are let go as soon as
 * they are scattered, so that the peak is the sorted columns plus one column of the reads. A column whose type
 * differs between reads takes numpy's common type.
 *
 * @param reads emptied by this call
 */
export function groupRows(reads: BeamRows[], cellCount: number): GroupedColumns {
	const offsets = new Uint32Array(cellCount + 1);
	for (const { ranks } of reads) {
		for (let row = 0; row < ranks.length; row++) offsets[ranks[row]! + 1]!++;
	}
	for (let cell = 0; cell < cellCount; cell++) offsets[cell + 1]! += offsets[cell]!;

	const next = offsets.slice(0, cellCount);
	const positions = reads.map(({ ranks }) => ranks.map((rank) => next[rank]!++));
	const rowCount = offsets[cellCount]!;

	const columns = new Map<string, NumericArray>();
	const pending = reads.splice(0).map((read) => new Map(read.columns));
	for (const name of [...(pending[0]?.keys() ?? [])]) {
		const parts = pending.map((read) => read.get(name)!);
		const ArrayType = promotedArrayType(parts);
		const grouped = new ArrayType(rowCount);
		for (const [index, part] of parts.entries()) {
			scatter(part, positions[index]!, grouped);
			pending[index]!.delete(name);
		}
		columns.set(name, grouped);
	}
	return { columns, offsets, cellCount };
}

function scatter(values: NumericArray, positions: Uint32Array, out: NumericArray): void {
	if (values.constructor === out.constructor) {
		for (let row = 0; row < values.length; row++) out[positions[row]!] = values[row]!;
		return;
	}
	const toBig = out instanceof BigInt64Array || out instanceof BigUint64Array;
	for (let row = 0; row < values.length; row++) {
		out[positions[row]!] = toBig ? BigInt(values[row]!) : Number(values[row]!);
	}
}
