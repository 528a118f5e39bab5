/** A vertex this close to ±180° lies on the antimeridian. */
const ON_ANTIMERIDIAN_DEGREES = 1e-6;
/** A vertex must be this far from longitude 0 to count as western or eastern. */
const HEMISPHERE_MARGIN_DEGREES = 0.1;

/**
 * Gives a ring's vertices on the antimeridian the sign of the side that the ring lies on, in place, when the ring
 * spans more than 180° of longitude. A ring that truly crosses the antimeridian or a pole keeps mixed signs.
 *
 * `counts` says which longitudes vote for a side; by default all do.
 */
export function settleAntimeridian(
	longitudes: Float64Array,
	counts: (longitude: number) => boolean = () => true,
): void {
	if (Math.max(...longitudes) - Math.min(...longitudes) <= 180) return;
	const voters = longitudes.filter(counts);
	const west = voters.filter((longitude) => longitude < -HEMISPHERE_MARGIN_DEGREES).length;
	const east = voters.filter((longitude) => longitude > HEMISPHERE_MARGIN_DEGREES).length;
	let side = east - west;
	if (side === 0) {
		const others = longitudes.filter(isOffAntimeridian);
		if (others.length === 0) return;
		side = median(others);
	}
	for (const [index, longitude] of longitudes.entries()) {
		if (!isOffAntimeridian(longitude)) longitudes[index] = side < 0 ? -180 : 180;
	}
}

/** Whether the longitude is more than rounding away from ±180°. */
export function isOffAntimeridian(longitude: number): boolean {
	return 180 - Math.abs(longitude) >= ON_ANTIMERIDIAN_DEGREES;
}

function median(values: Float64Array): number {
	const sorted = values.toSorted();
	const middle = sorted.length >> 1;
	const upper = sorted[middle]!;
	return sorted.length % 2 === 1 ? upper : (sorted[middle - 1]! + upper) / 2;
}
