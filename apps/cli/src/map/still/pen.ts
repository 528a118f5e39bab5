import type { Rectangle } from "../view/graticule.ts";
import type { Polyline } from "../view/polylines.ts";
import { LIGHT_THEME as theme } from "../view/theme.ts";
import type { StillCanvas } from "./canvas.ts";
import { textStrokes, textWidth } from "./stroke-font.ts";

/** Everything is drawn at this many times the size and averaged in the end, which smooths the edges of cells. */
export const DENSITY = 2;
/** A letter's strokes are this much thinner than the letter is high. */
const STROKE_SHARE = 0.09;

/** A line at the density of drawing. */
export function enlarged(line: Polyline): Polyline {
	return line.map((value) => value * DENSITY);
}

/** Writes a text whose baseline begins at (x, y), in pixels of the result. */
export function write(canvas: StillCanvas, text: string, x: number, y: number, size: number): void {
	canvas.strokeLines(textStrokes(text, x, y, size).map(enlarged), theme.text, size * STROKE_SHARE * DENSITY);
}

/** Lightens a part of the picture for text to stand on. */
export function layPanel(canvas: StillCanvas, { left, top, right, bottom }: Rectangle): void {
	const [width, height] = [right - left, bottom - top];
	canvas.fillRectangle(left * DENSITY, top * DENSITY, width * DENSITY, height * DENSITY, theme.page, 0.88);
}

/** The text, or as much of it as there is room for. */
export function shortened(text: string, size: number, room: number): string {
	if (textWidth(text, size) <= room) return text;
	let length = text.length;
	while (length > 0 && textWidth(`${text.slice(0, length)}...`, size) > room) length--;
	return `${text.slice(0, length)}...`;
}
