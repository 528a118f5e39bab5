import { isFloatLiteral } from "@zagg/grid";
import { isMarkedFloat, isPlainInteger } from "./float-marks.ts";
import { floatText } from "./float-text.ts";

/**
 * A value as Python's `repr` writes it: arrays as lists, `Set`s as sets, `Map`s and plain objects as dicts, null and
 * undefined as `None`. Whole numbers that were read as floats keep their point (`5000.0`).
 */
export function pythonRepr(value: unknown): string {
	return reprOf(value, false);
}

/** The repr of `container[key]`: `5000.0` for a whole number that was read as a float, which the number alone has forgotten. */
export function pythonReprAt(container: object, key: string | number): string {
	return reprOf((container as Readonly<Record<string, unknown>>)[key], isMarkedFloat(container, key));
}

/** A tuple as Python's `repr` writes it: `()`, `(4,)`, `(4, 'x')`. */
export function pythonTuple(items: readonly unknown[]): string {
	const texts = listTexts(items);
	return texts.length === 1 ? `(${texts[0]},)` : `(${texts.join(", ")})`;
}

function reprOf(value: unknown, isFloat: boolean): string {
	if (value === null || value === undefined) return "None";
	switch (typeof value) {
		case "boolean":
			return value ? "True" : "False";
		case "bigint":
			return value.toString();
		case "number":
			return isFloat || !isPlainInteger(value) ? floatText(value) : String(value);
		case "string":
			return stringRepr(value);
	}
	if (Array.isArray(value)) return `[${listTexts(value).join(", ")}]`;
	if (value instanceof Set) return value.size === 0 ? "set()" : `{${listTexts([...value]).join(", ")}}`;
	if (isFloatLiteral(value)) return floatText(value.float);
	const pairs =
		value instanceof Map
			? [...value].map(([key, item]) => `${pythonRepr(key)}: ${pythonRepr(item)}`)
			: Object.entries(value).map(([key, item]) => `${stringRepr(key)}: ${reprOf(item, isMarkedFloat(value, key))}`);
	return `{${pairs.join(", ")}}`;
}

function listTexts(items: readonly unknown[]): string[] {
	return Array.from(items, (item, index) => reprOf(item, isMarkedFloat(items, index)));
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

// Python prints every character except controls, formats, surrogates, private use, unassigned, and spaces but U+0020.
const NOT_PRINTABLE = /[\\]|(?! )[\p{C}\p{Z}]/gu;

function stringRepr(text: string): string {
	const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
	const escaped = text.replace(NOT_PRINTABLE, (character) => ESCAPES[character] ?? codePointEscape(character));
	return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

function codePointEscape(character: string): string {
	const code = character.codePointAt(0)!;
	const hex = code.toString(16);
	if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
	return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
