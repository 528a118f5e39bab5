/**
 * A number with so many decimals, as Python's `format(value, ".2f")` writes it: a value exactly between two texts takes
 * the even digit (2.5 → `2`, 0.125 → `0.12`), where JavaScript's own `toFixed` takes the larger one.
 */
export function fixedText(value: number, decimals: number): string {
	const text = value.toFixed(decimals);
	// A hundred decimals are as many as there can be; no double is that close to a tie without being one.
	const exact = value.toFixed(100);
	const end = exact.indexOf(".") + 1 + decimals;
	if (!/^50*$/.test(exact.slice(end))) return text;
	const below = exact.slice(0, decimals === 0 ? end - 1 : end);
	return /[02468]$/.test(below) ? below : text;
}
