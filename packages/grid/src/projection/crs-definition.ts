/// <reference path="./proj4js-definitions.d.ts" />
import definitions from "proj4js-definitions";
import { GridError } from "../errors.ts";

/** A coordinate reference system as the text that names it and the definition that proj4 understands. */
export interface CrsDefinition {
	/** `EPSG:<code>` for a code and for WKT that states a known one, else the text as it was given. */
	readonly text: string;
	/** A proj4 string or WKT. */
	readonly definition: string;
}

const definitionsByName: ReadonlyMap<string, string> = new Map(definitions);

/**
 * Looks up `EPSG:<code>`; proj4 strings and WKT pass through. Nothing is fetched: codes come from a table of 4,754.
 * Throws `grid/unknown-crs`.
 */
export function crsDefinition(crs: string): CrsDefinition {
	const given = crs.trim();
	const code = /^epsg:(\d+)$/i.exec(given)?.[1];
	const byCode = definitionOfCode(code ?? wktCode(given));
	if (byCode !== undefined) return byCode;
	if (code !== undefined) throw unknownCrs(crs, `EPSG:${code} is not among the known EPSG codes`);
	if (!/^(\+|[A-Z][A-Z_]*\s*\[)/i.test(given)) {
		throw unknownCrs(crs, `'${shorten(given)}' is no CRS: expected EPSG:<code>, a proj4 string or WKT`);
	}
	const grid = /\+nadgrids=(?!@null(\s|$))(\S+)/.exec(given)?.[2];
	if (grid !== undefined) {
		throw unknownCrs(crs, `the CRS needs the datum grid ${grid}, which cannot be read here`);
	}
	// proj4 takes Esri's name of the northern polar projection for another one.
	return { text: given, definition: given.replace('"Stereographic_North_Pole"', '"Polar_Stereographic"') };
}

function definitionOfCode(code: string | undefined): CrsDefinition | undefined {
	const text = `EPSG:${Number(code)}`;
	const definition = definitionsByName.get(text);
	return definition === undefined ? undefined : { text, definition };
}

/** The EPSG code that a WKT states for itself: the authority or id that closes it. */
function wktCode(wkt: string): string | undefined {
	return /,\s*(?:AUTHORITY|ID)\s*\[\s*"EPSG"\s*,\s*"?(\d+)"?\s*\]\s*\]$/i.exec(wkt)?.[1];
}

/** The beginning of a text that may be a page of WKT. */
export function shorten(text: string): string {
	return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** The error for a CRS that cannot be used. */
export function unknownCrs(crs: string, message: string, cause?: unknown): GridError {
	return new GridError("grid/unknown-crs", message, {
		remedy: "Check the code, or give the CRS as a proj4 string (+proj=… +towgs84=…) or as WKT.",
		context: { crs },
		cause,
	});
}
