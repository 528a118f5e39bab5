/** Colours of a map's parts, as `#rrggbb`. */
export interface Theme {
	readonly page: string;
	readonly earth: string;
	readonly graticule: string;
	readonly coastline: string;
	readonly text: string;
	/** Cells without data of the shown variable. */
	readonly missing: string;
}

export const LIGHT_THEME: Theme = {
	page: "#ffffff",
	earth: "#eef2f6",
	graticule: "#c3ccd6",
	coastline: "#7b8794",
	text: "#1f2933",
	missing: "#c9ced4",
};

export const DARK_THEME: Theme = {
	page: "#12161c",
	earth: "#1b222b",
	graticule: "#36424f",
	coastline: "#7d8b9a",
	text: "#e4e9ee",
	missing: "#4a535d",
};

/** Red, green and blue of `#rrggbb`, 0 to 255. */
export function rgbOf(colour: string): [number, number, number] {
	const value = Number.parseInt(colour.slice(1), 16);
	return [value >> 16, (value >> 8) & 255, value & 255];
}
