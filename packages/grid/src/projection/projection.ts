import proj4 from "proj4";
import { crsDefinition, shorten, unknownCrs } from "./crs-definition.ts";

/** Turns WGS84 degrees into coordinates of one CRS and back; longitude and x always come first. */
export interface Projection {
	/** `EPSG:<code>`, or the proj4 string or WKT that was given. */
	readonly crsText: string;
	/**
	 * WGS84 degrees to x (east) and y (north) in units of the CRS. All arrays have one length; an output may be its
	 * input. Points that are non-finite, beyond ±90° of latitude or without an image become NaN.
	 */
	forward(longitudes: Float64Array, latitudes: Float64Array, outX: Float64Array, outY: Float64Array): void;
	/** The way back; points without a preimage become NaN. */
	inverse(x: Float64Array, y: Float64Array, outLongitudes: Float64Array, outLatitudes: Float64Array): void;
}

/** Members that proj4 sets from the definition and does not declare. */
interface DefinedMembers {
	readonly projName: string;
	/** Longitude of the prime meridian in radians. */
	readonly from_greenwich?: number;
	/** Length of the CRS's unit, where it is not the metre. */
	readonly to_meter?: number;
}

interface Point {
	x: number;
	y: number;
}

/** The converter may change the point it is given, and may answer with another one, with nothing, or throw. */
type Convert = (point: Point) => Point | null | undefined;

const RADIANS = Math.PI / 180;
const DEGREES = 180 / Math.PI;
const WGS84 = "+proj=longlat +datum=WGS84 +no_defs";
/** What proj4 calls a datum that is WGS84 itself. */
const WGS84_DATUM_TYPE = 4;

/** The projection of a CRS: `EPSG:<code>`, a proj4 string or WKT. Throws `grid/unknown-crs`. */
export function projection(crs: string): Projection {
	const { text, definition } = crsDefinition(crs);
	const target = parse(definition, crs);
	const wgs84 = new proj4.Proj(WGS84);
	// Some definitions count westward or southward, and so do their coordinates.
	const reversedAxes = /\+axis=[ew][ns]u/.test(definition);
	const plain =
		target.datum?.datum_type === WGS84_DATUM_TYPE && !target.from_greenwich && !target.to_meter && !reversedAxes;

	let forward: Convert;
	let inverse: Convert;
	if (plain && target.projName === "longlat") {
		forward = inverse = (point) => point;
	} else if (plain) {
		// Without a datum shift proj4's pipeline reduces to the projection itself, at two to three times the speed.
		forward = (point) => {
			point.x *= RADIANS;
			point.y *= RADIANS;
			return target.forward(point);
		};
		inverse = (point) => {
			const geographic = target.inverse(point);
			if (geographic) {
				geographic.x *= DEGREES;
				geographic.y *= DEGREES;
			}
			return geographic;
		};
	} else {
		const converter = proj4(wgs84, target);
		forward = (point) => converter.forward(point, reversedAxes);
		inverse = (point) => converter.inverse(point, reversedAxes);
	}

	return {
		crsText: text,
		forward: (longitudes, latitudes, outX, outY) => convertAll(forward, longitudes, latitudes, outX, outY, 90),
		inverse: (x, y, outLongitudes, outLatitudes) =>
			convertAll(inverse, x, y, outLongitudes, outLatitudes, Number.POSITIVE_INFINITY),
	};
}

function parse(definition: string, crs: string): InstanceType<typeof proj4.Proj> & DefinedMembers {
	try {
		return new proj4.Proj(definition) as InstanceType<typeof proj4.Proj> & DefinedMembers;
	} catch (cause) {
		throw unknownCrs(crs, `cannot read the CRS '${shorten(crs)}'`, cause);
	}
}

function convertAll(
	convert: Convert,
	firsts: Float64Array,
	seconds: Float64Array,
	outFirsts: Float64Array,
	outSeconds: Float64Array,
	secondLimit: number,
): void {
	const point: Point = { x: 0, y: 0 };
	for (let index = 0; index < firsts.length; index++) {
		point.x = firsts[index]!;
		point.y = seconds[index]!;
		let result: Point | null | undefined;
		if (Number.isFinite(point.x) && Number.isFinite(point.y) && Math.abs(point.y) <= secondLimit) {
			try {
				result = convert(point);
			} catch {
				// A point outside the projection's domain; the caller sees NaN.
			}
		}
		outFirsts[index] = result?.x ?? Number.NaN;
		outSeconds[index] = result?.y ?? Number.NaN;
	}
}
