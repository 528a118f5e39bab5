/** Bytes between two pieces that are read along rather than skipped: a request costs more than they do. */
const MAX_GAP_BYTES = 64 * 1024;
/** The longest read made by joining pieces; with the limit of requests under way it bounds the memory of a read. */
const MAX_JOINED_BYTES = 8 * 1024 * 1024;

/** Some bytes that are wanted. */
export interface Piece {
	readonly address: number;
	readonly size: number;
}

/** One request, and the pieces that it brings. */
export interface JoinedRead<P extends Piece> {
	readonly address: number;
	readonly size: number;
	readonly pieces: readonly P[];
}

/** Sorts pieces by address and joins neighbours into requests. Pieces may overlap. */
export function joinPieces<P extends Piece>(pieces: readonly P[]): JoinedRead<P>[] {
	const sorted = [...pieces].sort((left, right) => left.address - right.address);
	const reads: JoinedRead<P>[] = [];
	let members: P[] = [];
	let start = 0;
	let end = 0;
	for (const piece of sorted) {
		const pieceEnd = piece.address + piece.size;
		const fits = piece.address - end <= MAX_GAP_BYTES && pieceEnd - start <= MAX_JOINED_BYTES;
		if (members.length > 0 && !fits) {
			reads.push({ address: start, size: end - start, pieces: members });
			members = [];
		}
		if (members.length === 0) {
			start = piece.address;
			end = pieceEnd;
		}
		end = Math.max(end, pieceEnd);
		members.push(piece);
	}
	if (members.length > 0) reads.push({ address: start, size: end - start, pieces: members });
	return reads;
}
