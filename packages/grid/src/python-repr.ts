import { isFloatLiteral } from "./grid.ts";

/** The value as Python's `repr` writes it, for messages that users of the Python system know: JSON values and `FloatLiteral`s. */
export function pythonRepr(value: unknown): string {
	if (value === null || value === undefined) return "None";
	if (value === true) return "True";
	if (value === false) return "False";
	if (typeof value === "string") return pythonString(value);
	if (isFloatLiteral(value)) return pythonFloat(value.float);
	if (Array.isArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
	if (typeof value === "object") {
		const entries = Object.entries(value).map(([key, item]) => `${pythonString(key)}: ${pythonRepr(item)}`);
		return `{${entries.join(", ")}}`;
	}
	if (typeof value === "number" && !Number.isInteger(value)) return pythonFloat(value);
	return String(value);
}

/** The shortest digits that round-trip, in Python's notation: always a point or an exponent, exponents from 1e16 and below 1e-4. */
export function pythonFloat(value: number): string {
	if (Number.isNaN(value)) return "nan";
	if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
	if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
	const [mantissa, exponentText] = value.toExponential().split("e") as [string, string];
	const exponent = Number(exponentText);
	if (exponent < -4 || exponent >= 16) {
		const sign = exponent < 0 ? "-" : "+";
		return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
	}
	const plain = String(value);
	return plain.includes(".") ? plain : `${plain}.0`;
}

function pythonString(text: string): string {
	const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
	const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
	return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}
