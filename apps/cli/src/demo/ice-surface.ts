const KILOMETRES_PER_DEGREE = 111.2;
const COSINE_OF_REGION = Math.cos((71 * Math.PI) / 180);

/**
 * Height in metres of an invented ice sheet that looks like West Greenland around 71° N: from some 600 m near its
 * margin at 51° W it rises to 1,850 m at 49° W, with undulations of 7 to 9 km and ripples of 2 km.
 */
export function iceSurfaceHeight(latitude: number, longitude: number): number {
	const east = longitude * KILOMETRES_PER_DEGREE * COSINE_OF_REGION;
	const north = latitude * KILOMETRES_PER_DEGREE;
	const slope = 400 + 1600 / (1 + Math.exp((-50.2 - longitude) / 0.5));
	const undulation = 12 * Math.sin((2 * Math.PI * east) / 9) * Math.sin((2 * Math.PI * north) / 7);
	const ripple = 3 * Math.sin((2 * Math.PI * (east + north)) / 2);
	return slope + undulation + ripple;
}
