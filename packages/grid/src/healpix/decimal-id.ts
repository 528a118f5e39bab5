import { GridError } from "../errors.ts";
import { isPointWord, packPointWord, packWord, unpackWord } from "./morton-word.ts";
import { MAX_ORDER } from "./order.ts";

const GRAMMAR = /^(-?)([1-6])([1-4]{0,29})(p?)$/;

/**
 * The word as a decimal id: base cells 0–5 as "1".."6" and 6–11 as "-1".."-6", then one digit 1–4 per order; points end
 * in "p". For example -5112333 is a cell of order 6 in base cell 10.
 */
export function formatDecimalId(word: bigint): string {
	const { nested, order } = unpackWord(word);
	const base = Number(nested >> BigInt(2 * order));
	let id = base < 6 ? `${base + 1}` : `-${base - 5}`;
	for (let level = order - 1; level >= 0; level--) id += Number((nested >> BigInt(2 * level)) & 3n) + 1;
	return isPointWord(word) ? `${id}p` : id;
}

/** The word of a decimal id. An unmarked order-29 id is an area word. Throws `grid/bad-decimal-id` on anything else. */
export function parseDecimalId(id: string): bigint {
	const [, sign, lead, digits = "", point] = GRAMMAR.exec(id) ?? [];
	if (lead === undefined || (point === "p" && digits.length !== MAX_ORDER)) {
		throw new GridError("grid/bad-decimal-id", `'${id}' is not a decimal morton id`, {
			remedy:
				"Expected an optional minus sign, a digit 1-6 and up to 29 digits 1-4, and 'p' after 29 of them for a point.",
			context: { id },
		});
	}
	let nested = BigInt(lead) + (sign === "-" ? 5n : -1n);
	for (const digit of digits) nested = nested * 4n + BigInt(digit) - 1n;
	return point === "p" ? packPointWord(nested) : packWord(nested, digits.length);
}
