/** The box around a set of places, degrees; `west` is greater than `east` where it crosses the antimeridian. */
export interface Extent {
	readonly south: number;
	readonly north: number;
	readonly west: number;
	readonly east: number;
}

/** Gathers places into their box; longitudes by the widest gap between them, so that the antimeridian is no seam. */
export function createExtent(): { add(latitude: number, longitude: number): void; result(): Extent | null } {
	let south = Number.POSITIVE_INFINITY;
	let north = Number.NEGATIVE_INFINITY;
	// The westernmost and easternmost place in every degree of longitude from -180.
	const west = new Float64Array(360).fill(Number.POSITIVE_INFINITY);
	const east = new Float64Array(360).fill(Number.NEGATIVE_INFINITY);
	return {
		add(latitude, longitude) {
			south = Math.min(south, latitude);
			north = Math.max(north, latitude);
			const wrapped = ((((longitude + 180) % 360) + 360) % 360) - 180;
			const degree = Math.min(359, Math.floor(wrapped + 180));
			west[degree] = Math.min(west[degree]!, wrapped);
			east[degree] = Math.max(east[degree]!, wrapped);
		},
		result() {
			const degrees = [...west.keys()].filter((degree) => west[degree] !== Number.POSITIVE_INFINITY);
			if (degrees.length === 0) return null;
			let widest = Number.NEGATIVE_INFINITY;
			let first = degrees[0]!;
			let last = degrees.at(-1)!;
			for (const [index, degree] of degrees.entries()) {
				const next = degrees[(index + 1) % degrees.length]!;
				const gap = west[next]! - east[degree]! + (index + 1 === degrees.length ? 360 : 0);
				if (gap <= widest) continue;
				widest = gap;
				first = next;
				last = degree;
			}
			return { south, north, west: west[first]!, east: east[last]! };
		},
	};
}
