import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GridError } from "../errors.ts";
import { projection } from "./projection.ts";

function forward(crs: string, longitude: number, latitude: number): [number, number] {
	const x = new Float64Array(1);
	const y = new Float64Array(1);
	projection(crs).forward(Float64Array.of(longitude), Float64Array.of(latitude), x, y);
	return [x[0]!, y[0]!];
}

function errorOf(crs: string): GridError {
	try {
		projection(crs);
	} catch (error) {
		if (error instanceof GridError) return error;
	}
	throw new Error(`${crs} was accepted`);
}

describe("projection", () => {
	// PROJ 9.5.1 by pyproj 3.7.2, always_xy.
	test.each([
		["EPSG:3031", -132, -78.5, -931565.6420905804, -838785.4716672726],
		["EPSG:3031", 45, -60, 2356881.6735409973, 2356881.673540998],
		["EPSG:3413", -45, 70, 0, -2187927.649279021],
		["EPSG:3413", 120, 83.25, 189461.26306983444, 707079.0598427944],
		["EPSG:3976", 10, -80, 188568.0807338427, 1069422.7280260467],
		["EPSG:3995", -100, 66.5, -2548971.103066951, 449452.37851692084],
		["EPSG:32618", -76.56, 38.9, 364723.3551833924, 4306836.185711541],
		["EPSG:6933", 120, -45, 11578353.63010758, -5180102.328839251],
		["EPSG:6931", 30, 60, 1654909.7755102445, -2866387.813126149],
		["EPSG:3857", 10, 50, 1113194.9079327357, 6446275.841017161],
		["EPSG:2048", 19.3, -30, -28945.95070722771, 3320151.2883199723],
		["EPSG:2056", 7.439583, 46.95241, 2600072.364327927, 1200147.549674821],
		["EPSG:4326", 12.5, -33, 12.5, -33],
	])("%s puts (%f, %f) where PROJ does, to a micrometre", (crs, longitude, latitude, x, y) => {
		const [ownX, ownY] = forward(crs, longitude, latitude);
		expect(Math.hypot(ownX - x, ownY - y)).toBeLessThan(1e-6);
	});

	test("shifts the datum of EPSG:27700 by Helmert's transformation, as PROJ does without its grid file", () => {
		const [x, y] = forward("EPSG:27700", -1.5, 52.5);
		expect(Math.hypot(x - 434039.4572860588, y - 289239.2810926733)).toBeLessThan(0.01);
	});

	test.each(["EPSG:3031", "EPSG:32618", "EPSG:6933", "EPSG:27700", "EPSG:4326"])("%s comes back to degrees", (crs) => {
		const there = projection(crs);
		const near = crs === "EPSG:3031" ? [0, -75] : crs === "EPSG:32618" ? [-75, 40] : [-2, 53];
		fc.assert(
			fc.property(fc.double({ min: -4, max: 4, noNaN: true }), fc.double({ min: -4, max: 4, noNaN: true }), (a, b) => {
				const longitudes = Float64Array.of(near[0]! + a);
				const latitudes = Float64Array.of(near[1]! + b);
				const x = new Float64Array(1);
				const y = new Float64Array(1);
				there.forward(longitudes, latitudes, x, y);
				there.inverse(x, y, x, y);
				expect(x[0]).toBeCloseTo(longitudes[0]!, 7);
				expect(y[0]).toBeCloseTo(latitudes[0]!, 7);
			}),
			{ numRuns: 50 },
		);
	});

	test("gives NaN for points that are not finite or beyond a pole", () => {
		for (const crs of ["EPSG:4326", "EPSG:3031", "EPSG:27700"]) {
			for (const [longitude, latitude] of [
				[Number.NaN, 10],
				[10, Number.POSITIVE_INFINITY],
				[10, -90.5],
			] as const) {
				expect(forward(crs, longitude, latitude)).toEqual([Number.NaN, Number.NaN]);
			}
		}
	});

	test("names a code in one spelling and keeps other definitions as they are", () => {
		expect(projection(" epsg:03031 ").crsText).toBe("EPSG:3031");
		const definition = "+proj=stere +lat_0=-90 +lat_ts=-71 +datum=WGS84";
		expect(projection(definition).crsText).toBe(definition);
		expect(forward(definition, -132, -78.5)).toEqual(forward("EPSG:3031", -132, -78.5));
	});

	test("reads WKT: by the code it states, else by its projection, Esri's northern one included", () => {
		const geographic =
			'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]';
		const equalArea = `PROJCS["EASE 2",${geographic},PROJECTION["Cylindrical_Equal_Area"],UNIT["metre",1],AUTHORITY["EPSG","6933"]]`;
		expect(projection(equalArea).crsText).toBe("EPSG:6933");
		const esri = `PROJCS["North",${geographic},PROJECTION["Stereographic_North_Pole"],PARAMETER["False_Easting",0],PARAMETER["False_Northing",0],PARAMETER["Central_Meridian",-45],PARAMETER["Standard_Parallel_1",70],UNIT["Meter",1]]`;
		expect(projection(esri).crsText).toBe(esri);
		const [x, y] = forward(esri, 120, 83.25);
		expect(Math.hypot(x - 189461.26306983444, y - 707079.0598427944)).toBeLessThan(1e-6);
	});

	test("refuses what it does not know, and says what would be understood", () => {
		const unknown = errorOf("EPSG:99999");
		expect(unknown.code).toBe("grid/unknown-crs");
		expect(unknown.message).toBe("EPSG:99999 is not among the known EPSG codes");
		expect(unknown.remedy).toContain("proj4 string");
		expect(errorOf("Mars").message).toBe("'Mars' is no CRS: expected EPSG:<code>, a proj4 string or WKT");
		expect(errorOf("+proj=nonsense").message).toBe("cannot read the CRS '+proj=nonsense'");
		expect(errorOf("+proj=tmerc +ellps=airy +nadgrids=OSTN15.gsb").message).toContain("the datum grid OSTN15.gsb");
	});
});
