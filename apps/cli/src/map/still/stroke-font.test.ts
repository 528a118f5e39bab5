import { describe, expect, it } from "vitest";
import { textStrokes, textWidth } from "./stroke-font.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;!?-−–+=<>/()[]_%#&*'\"|°·×µ";

describe("textStrokes", () => {
	it("keeps every letter in its box: ten units high, its own width wide", () => {
		for (const letter of letters) {
			const points = textStrokes(letter, 0, 100, 10).flatMap((stroke) => [...stroke]);
			const xs = points.filter((_, index) => index % 2 === 0);
			const ys = points.filter((_, index) => index % 2 === 1);
			expect(Math.min(...xs), letter).toBeGreaterThanOrEqual(0);
			expect(Math.max(...xs), letter).toBeLessThanOrEqual(textWidth(letter, 10) + 1e-9);
			expect(Math.min(...ys), letter).toBeGreaterThanOrEqual(93);
			expect(Math.max(...ys), letter).toBeLessThanOrEqual(102);
		}
	});

	it("has a shape of its own for every letter", () => {
		const shapes = new Set([...letters].map((letter) => textStrokes(letter, 0, 0, 10).join(";")));
		expect(shapes.size).toBe([...letters].length);
	});

	it("drops accents, and asks about letters it does not have", () => {
		expect(textStrokes("é", 5, 5, 12)).toEqual(textStrokes("e", 5, 5, 12));
		expect(textStrokes("雪", 5, 5, 12)).toEqual(textStrokes("?", 5, 5, 12));
	});

	it("is as wide as its letters", () => {
		expect(textWidth("HH", 10)).toBeCloseTo(6 + 2.2 + 6, 9);
		expect(textWidth("", 10)).toBe(0);
		const [, second] = [textStrokes("I", 0, 0, 10), textStrokes("II", 0, 0, 10)];
		expect(second[1]![0]).toBeCloseTo(2.2, 9);
	});
});
