import { describe, expect, it } from "vitest";
import { cellColours, packedColour, viridis } from "./colour-map.ts";
import type { Variable } from "./scene.ts";

const variable: Variable = {
	...{ name: "h", type: "float32", longName: null, units: null, noData: -9999 },
	...{ full: { min: 0, max: 100 }, shown: { min: 0, max: 100 } },
};

describe("viridis", () => {
	it("runs from dark violet over blue-green to yellow", () => {
		expect(viridis(0)).toEqual([0x44, 0x01, 0x54]);
		expect(viridis(0.5)).toEqual([0x21, 0x91, 0x8c]);
		expect(viridis(1)).toEqual([0xfd, 0xe7, 0x25]);
		expect(viridis(-3)).toEqual(viridis(0));
		expect(viridis(7)).toEqual(viridis(1));
	});

	it("gets lighter all the way, so that it can be read without colours", () => {
		const luminances = Array.from({ length: 101 }, (_, index) => {
			const [red, green, blue] = viridis(index / 100);
			return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
		});
		expect(luminances.every((value, index) => index === 0 || value > luminances[index - 1]!)).toBe(true);
	});
});

describe("cellColours", () => {
	it("takes the ends' colours beyond the range, and the missing colour without data", () => {
		const values = Float32Array.of(-50, 0, 100, 500, Number.NaN, -9999);
		const missing = packedColour(1, 2, 3);
		const [low, high] = [packedColour(...viridis(0)), packedColour(...viridis(1))];
		expect([...cellColours(variable, values, { min: 0, max: 100 }, missing)]).toEqual([
			...[low, low, high, high],
			...[missing, missing],
		]);
	});

	it("takes the middle where all values are one", () => {
		const [colour] = cellColours(variable, Float32Array.of(5), { min: 5, max: 5 }, 0);
		expect(colour).toBe(packedColour(...viridis(128 / 255)));
	});

	it("packs bytes as a canvas has them", () => {
		expect([...new Uint8Array(Uint32Array.of(packedColour(1, 2, 3)).buffer)]).toEqual([1, 2, 3, 255]);
	});
});
