import { isFloatLiteral } from "@zagg/grid";
import { AggregationError } from "../errors.ts";
import { isMarkedFloat, isPlainInteger, markFloat } from "./float-marks.ts";
import { floatText } from "./float-text.ts";

/** `source` is the number as it stands in the text (JSON.parse source text access, Node ≥ 22). */
type Reviver = (this: object, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/**
 * Reads JSON without loss, as Python does: integers beyond ±2^53 become bigint, and a whole number written as a float
 * (`5000.0`) is remembered, so that `stringifyJson` and `pythonRepr` write it as a float again.
 *
 * @throws AggregationError `json/invalid` with the parser's reason, also for NaN and Infinity, which are not JSON.
 */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text, reviveNumber as (this: unknown, key: string, value: unknown) => unknown);
	} catch (cause) {
		const reason = cause instanceof RangeError ? "it is nested too deeply" : (cause as Error).message;
		throw new AggregationError("json/invalid", `not valid JSON: ${reason}`, { cause });
	}
}

const reviveNumber: Reviver = function (key, value, { source }) {
	if (typeof value !== "number" || source === undefined) return value;
	if (/[.eE]/.test(source)) {
		if (isPlainInteger(value)) markFloat(this, key);
		return value;
	}
	if (Number.isSafeInteger(value)) return value + 0; // "-0" is the integer 0 to Python
	return BigInt(source);
};

/** How `stringifyJson` lays out its text. */
export interface JsonLayout {
	/** Spaces per level, one item a line; without it everything is on one line, separated by `", "` and `": "`. */
	readonly indent?: number;
	/** Writes NaN and the infinities as the strings `"NaN"`, `"Infinity"` and `"-Infinity"`, as Zarr spells them. */
	readonly nonFiniteAsText?: boolean;
}

/**
 * Writes JSON to the byte as Python's `json.dumps` does: ASCII only, bigints as bare integers, floats as `floatText`
 * (`5000.0`, `1e-05`). `Map`s are objects in their own order, which plain objects lack for keys such as `"12"`;
 * undefined members are left out. A whole number is an integer unless it was read as a float or is a `FloatLiteral`.
 *
 * @throws AggregationError `json/invalid` for NaN and Infinity, unless `nonFiniteAsText`, and anything that JSON cannot hold.
 */
export function stringifyJson(value: unknown, layout: JsonLayout = {}): string {
	const place = layout.indent === undefined ? null : { step: " ".repeat(layout.indent), newline: "\n" };
	return write(value, false, place, layout.nonFiniteAsText ?? false);
}

/** Where an indented container stands: the line break with its own indentation, and one step more. Null: one line. */
type Place = { readonly step: string; readonly newline: string } | null;

function write(value: unknown, isFloat: boolean, place: Place, nonFiniteAsText: boolean): string {
	if (value === null) return "null";
	switch (typeof value) {
		case "string":
			return stringText(value);
		case "boolean":
			return value ? "true" : "false";
		case "bigint":
			return value.toString();
		case "number":
			return numberText(value, isFloat, nonFiniteAsText);
		case "object":
			return isFloatLiteral(value)
				? numberText(value.float, true, nonFiniteAsText)
				: writeContainer(value, place, nonFiniteAsText);
	}
	throw new AggregationError("json/invalid", `a value of type ${typeof value} cannot be written as JSON`, {
		failureClass: "bug",
	});
}

function writeContainer(container: object, place: Place, nonFiniteAsText: boolean): string {
	const inner = place && { step: place.step, newline: place.newline + place.step };
	const member = (item: unknown, key: string | number) =>
		write(item, isMarkedFloat(container, key), inner, nonFiniteAsText);
	if (Array.isArray(container)) return enclose("[", Array.from(container, member), "]", place);
	const entries: Iterable<[string, unknown]> = container instanceof Map ? container : Object.entries(container);
	const texts: string[] = [];
	for (const [key, item] of entries) {
		if (item !== undefined) texts.push(`${stringText(key)}: ${member(item, key)}`);
	}
	return enclose("{", texts, "}", place);
}

function enclose(open: string, texts: readonly string[], close: string, place: Place): string {
	if (texts.length === 0) return open + close;
	if (place === null) return open + texts.join(", ") + close;
	const newline = place.newline + place.step;
	return open + newline + texts.join(`,${newline}`) + place.newline + close;
}

function numberText(value: number, isFloat: boolean, nonFiniteAsText: boolean): string {
	if (!Number.isFinite(value)) {
		if (nonFiniteAsText) return stringText(String(value));
		throw new AggregationError("json/invalid", `${floatText(value)} cannot be written as JSON`, {
			failureClass: "bug",
		});
	}
	return isFloat || !isPlainInteger(value) ? floatText(value) : String(value);
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
	'"': '\\"',
	"\\": "\\\\",
	"\n": "\\n",
	"\r": "\\r",
	"\t": "\\t",
	"\f": "\\f",
	"\b": "\\b",
};

function stringText(text: string): string {
	const escaped = text.replace(
		/["\\]|[^ -~]/g,
		(unit) => NAMED_ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
	return `"${escaped}"`;
}
