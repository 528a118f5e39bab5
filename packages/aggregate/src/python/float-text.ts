// float.__repr__ leaves positional notation below 1e-4 and from 1e16 on.
const SMALLEST_POSITIONAL_EXPONENT = -4;
const FIRST_SCIENTIFIC_EXPONENT = 16;

/** A double as Python's `repr` writes it: shortest digits that read back, `5000.0`, `1e-05`, `1e+16`, `nan`, `inf`. */
export function floatText(value: number): string {
	if (Number.isNaN(value)) return "nan";
	if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
	if (Object.is(value, -0)) return "-0.0";
	const [mantissa, exponentText] = value.toExponential().split("e") as [string, string];
	const exponent = Number(exponentText);
	if (exponent < SMALLEST_POSITIONAL_EXPONENT || exponent >= FIRST_SCIENTIFIC_EXPONENT) {
		const magnitude = String(Math.abs(exponent)).padStart(2, "0");
		return `${mantissa}e${exponent < 0 ? "-" : "+"}${magnitude}`;
	}
	// Inside this range JavaScript writes the same digits positionally down to 1e-6 and up to 1e21.
	const text = String(value);
	return text.includes(".") ? text : `${text}.0`;
}
