import { isData, type ValueArray, type ValueRange, type Variable } from "./scene.ts";

/**
 * Viridis at every tenth, sRGB: Nathaniel Smith and Stéfan van der Walt's colour map, of even steps to the eye and
 * readable by the colour-blind, released under CC0 with matplotlib.
 */
const VIRIDIS = [
	0x440154, 0x482475, 0x414487, 0x355f8d, 0x2a788e, 0x21918c, 0x22a884, 0x44bf70, 0x7ad151, 0xbddf26, 0xfde725,
] as const;

/** How many colours there are between the ends of a range. */
const SHADES = 256;

const shades = Uint32Array.from({ length: SHADES }, (_, index) => {
	const [red, green, blue] = viridis(index / (SHADES - 1));
	return packedColour(red, green, blue);
});

/** Red, green and blue, 0 to 255, at `share` of the colour map, 0 to 1. */
export function viridis(share: number): [number, number, number] {
	const position = Math.min(1, Math.max(0, share)) * (VIRIDIS.length - 1);
	const below = Math.min(Math.floor(position), VIRIDIS.length - 2);
	const mix = (shift: number): number => {
		const low = (VIRIDIS[below]! >> shift) & 255;
		const high = (VIRIDIS[below + 1]! >> shift) & 255;
		return Math.round(low + (high - low) * (position - below));
	};
	return [mix(16), mix(8), mix(0)];
}

/** An opaque colour as a pixel of RGBA bytes, read as a little-endian uint32. */
export function packedColour(red: number, green: number, blue: number): number {
	return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** The colour of every cell for a variable; `missing` where it has no data. Values beyond the range take its ends' colours. */
export function cellColours(variable: Variable, values: ValueArray, range: ValueRange, missing: number): Uint32Array {
	const colours = new Uint32Array(values.length);
	const width = range.max - range.min;
	for (let cell = 0; cell < values.length; cell++) {
		const value = values[cell]!;
		const share = width > 0 ? (value - range.min) / width : 0.5;
		const shade = Math.min(SHADES - 1, Math.max(0, Math.round(share * (SHADES - 1))));
		colours[cell] = isData(variable, value) ? shades[shade]! : missing;
	}
	return colours;
}
