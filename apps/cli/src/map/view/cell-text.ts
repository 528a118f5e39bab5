import type { Geometry } from "./geometry.ts";
import { latitudeText, longitudeText } from "./graticule.ts";
import type { Place } from "./projection.ts";
import { isData, type Scene } from "./scene.ts";

const DEGREES = 180 / Math.PI;
/** Coordinates are told to four decimals: 11 m. */
const COORDINATE_STEP = 1e-4;

/** A cell's id, as people read it. */
export function cellIdText({ idLabel, ids }: Scene, cell: number): string {
	return `${idLabel} ${ids[cell]}`;
}

/** A cell's value of a variable, with all digits that its type has. */
export function valueText({ variables, values }: Scene, variable: number, cell: number): string {
	const described = variables[variable]!;
	const value = values[variable]![cell]!;
	if (!isData(described, value)) return "no data";
	// float32 needs at most nine digits; more would show the dust of its conversion.
	const text = described.type === "float32" ? shortestFloat32(value) : String(value);
	return described.units === null ? text : `${text} ${described.units}`;
}

/** The middle of a cell: that of its vertices. */
export function cellMiddle({ vertices, verticesPerCell }: Geometry, cell: number): Place {
	let [x, y, z] = [0, 0, 0];
	for (let vertex = 0; vertex < verticesPerCell; vertex++) {
		const at = 3 * (cell * verticesPerCell + vertex);
		x += vertices[at]!;
		y += vertices[at + 1]!;
		z += vertices[at + 2]!;
	}
	return { longitude: Math.atan2(y, x) * DEGREES, latitude: Math.atan2(z, Math.hypot(x, y)) * DEGREES };
}

/** `70.1234° N, 50.5678° W`. */
export function placeText({ latitude, longitude }: Place): string {
	return `${latitudeText(latitude, COORDINATE_STEP)}, ${longitudeText(longitude, COORDINATE_STEP)}`;
}

/** The shortest decimal that reads as the same float32. */
function shortestFloat32(value: number): string {
	for (let digits = 6; digits < 9; digits++) {
		const text = String(Number(value.toPrecision(digits)));
		if (Math.fround(Number(text)) === value) return text;
	}
	return String(Number(value.toPrecision(9)));
}
