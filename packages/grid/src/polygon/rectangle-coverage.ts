/** A ring in the plane, not closed; one unit is one rectangle of the lattice. */
export interface PlaneRing {
	readonly x: Float64Array;
	readonly y: Float64Array;
}

/** Rectangles of one row, both ends included. */
interface Run {
	readonly first: number;
	readonly last: number;
}

/**
 * The unit rectangles of a lattice that meet a closed polygon, as row-major indices in ascending order. Touching
 * counts; rings combine by the even-odd rule.
 *
 * A rectangle that no edge touches lies wholly inside or wholly outside, as its centre does; so each row takes what its
 * edges touch and fills between the crossings of its middle line.
 */
export function rectangleCoverage(rings: readonly PlaneRing[], columns: number, rows: number): number[] {
	const edges = edgesOf(rings);
	let south = Number.NEGATIVE_INFINITY;
	let north = Number.POSITIVE_INFINITY;
	for (const [, y0, , y1] of edges) {
		north = Math.min(north, y0, y1);
		south = Math.max(south, y0, y1);
	}
	const covered: number[] = [];
	const lastRow = Math.min(rows - 1, Math.floor(south));
	for (let row = Math.max(0, Math.ceil(north) - 1); row <= lastRow; row++) {
		const runs = [...touchedRuns(edges, row), ...filledRuns(edges, row + 0.5)].sort((a, b) => a.first - b.first);
		let next = 0;
		for (const { first, last } of runs) {
			const end = Math.min(columns - 1, last);
			for (let column = Math.max(next, first); column <= end; column++) covered.push(row * columns + column);
			next = Math.max(next, end + 1);
		}
	}
	return covered;
}

type Edge = readonly [x0: number, y0: number, x1: number, y1: number];

function edgesOf(rings: readonly PlaneRing[]): Edge[] {
	return rings.flatMap(({ x, y }) =>
		Array.from(x, (x0, index): Edge => {
			const next = (index + 1) % x.length;
			return [x0, y[index]!, x[next]!, y[next]!];
		}),
	);
}

/** What the edges touch between y = row and y = row + 1, both included. */
function* touchedRuns(edges: readonly Edge[], row: number): Generator<Run> {
	for (const [x0, y0, x1, y1] of edges) {
		if (Math.max(y0, y1) < row || Math.min(y0, y1) > row + 1) continue;
		const xAt = (y: number) => (y0 === y1 ? x0 : x0 + ((x1 - x0) * (y - y0)) / (y1 - y0));
		const start = isWithin(y0, row) ? x0 : xAt(y0 < row ? row : row + 1);
		const end = isWithin(y1, row) ? x1 : xAt(y1 < row ? row : row + 1);
		yield { first: Math.ceil(Math.min(start, end)) - 1, last: Math.floor(Math.max(start, end)) };
	}
}

function isWithin(y: number, row: number): boolean {
	return y >= row && y <= row + 1;
}

/** The rectangles whose centres, at height `y`, are inside. */
function* filledRuns(edges: readonly Edge[], y: number): Generator<Run> {
	const crossings: number[] = [];
	for (const [x0, y0, x1, y1] of edges) {
		// Half-open, so that a vertex on the line counts once.
		if (y0 <= y !== y1 <= y) crossings.push(x0 + ((x1 - x0) * (y - y0)) / (y1 - y0));
	}
	crossings.sort((a, b) => a - b);
	for (let index = 0; index + 1 < crossings.length; index += 2) {
		yield { first: Math.ceil(crossings[index]! - 0.5), last: Math.floor(crossings[index + 1]! - 0.5) };
	}
}
