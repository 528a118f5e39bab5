import fc from "fast-check";
import { expect, test } from "vitest";
import { joinPieces } from "./join-pieces.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

test("joins pieces up to 64 KiB apart, in the order of their addresses", () => {
	const [a, b, c] = [
		{ address: 0, size: 10 },
		{ address: 10 + 64 * KIB, size: 5 },
		{ address: 15 + 128 * KIB + 1, size: 5 },
	];
	expect(joinPieces([c, a, b])).toEqual([
		{ address: 0, size: 15 + 64 * KIB, pieces: [a, b] },
		{ address: c.address, size: 5, pieces: [c] },
	]);
});

test("joins to no more than 8 MiB, and leaves a larger piece alone", () => {
	const pieces = [0, 3, 6, 9].map((start) => ({ address: start * MIB, size: 3 * MIB }));
	expect(joinPieces(pieces).map(({ address, size }) => [address / MIB, size / MIB])).toEqual([
		[0, 6],
		[6, 6],
	]);
	expect(joinPieces([{ address: 7, size: 20 * MIB }])).toHaveLength(1);
});

test("brings every piece exactly once, inside its read", () => {
	const piece = fc.record({ address: fc.nat(20 * MIB), size: fc.nat(4 * MIB) });
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
			const reads = joinPieces(pieces);
			const brought = reads.flatMap((read) => read.pieces);
			expect(new Set(brought)).toEqual(new Set(pieces));
			expect(brought).toHaveLength(pieces.length);
			for (const read of reads) {
				for (const { address, size } of read.pieces) {
					expect(address).toBeGreaterThanOrEqual(read.address);
					expect(address + size).toBeLessThanOrEqual(read.address + read.size);
				}
				expect(read.pieces.length === 1 || read.size <= 8 * MIB).toBe(true);
			}
		}),
	);
});
