import type { Polyline } from "../view/polylines.ts";
import { rgbOf } from "../view/theme.ts";

/** A picture in memory that lines and areas are drawn on. Every drawing takes x and y from the upper left, in pixels. */
export interface StillCanvas {
	readonly width: number;
	readonly height: number;
	/** RGB bytes. */
	readonly data: Uint8Array;
	/** Blends one pixel towards a colour by `share`, 0 to 1; places outside are left out. */
	blend(x: number, y: number, rgb: readonly [number, number, number], share: number): void;
	fillRectangle(x: number, y: number, width: number, height: number, colour: string, share?: number): void;
	fillCircle(x: number, y: number, radius: number, colour: string): void;
	/** Strokes lines with round ends; where parts of one call meet, they do not darken each other. */
	strokeLines(lines: readonly Polyline[], colour: string, lineWidth: number): void;
}

/** A picture of one colour. */
export function createStillCanvas(width: number, height: number, colour: string): StillCanvas {
	const data = new Uint8Array(3 * width * height);
	const coverage = new Float32Array(width * height);
	let touchedTop = height;
	let touchedBottom = -1;

	function blend(x: number, y: number, rgb: readonly [number, number, number], share: number): void {
		if (x < 0 || y < 0 || x >= width || y >= height) return;
		const at = 3 * (y * width + x);
		for (let channel = 0; channel < 3; channel++) {
			data[at + channel] = Math.round(data[at + channel]! + (rgb[channel]! - data[at + channel]!) * share);
		}
	}

	/** Notes how far every pixel around a segment is covered by it. */
	function coverSegment(fromX: number, fromY: number, toX: number, toY: number, radius: number): void {
		const reach = radius + 1;
		const top = Math.max(0, Math.floor(Math.min(fromY, toY) - reach));
		const bottom = Math.min(height - 1, Math.ceil(Math.max(fromY, toY) + reach));
		const left = Math.max(0, Math.floor(Math.min(fromX, toX) - reach));
		const right = Math.min(width - 1, Math.ceil(Math.max(fromX, toX) + reach));
		touchedTop = Math.min(touchedTop, top);
		touchedBottom = Math.max(touchedBottom, bottom);
		const [stepX, stepY] = [toX - fromX, toY - fromY];
		const square = stepX * stepX + stepY * stepY;
		for (let row = top; row <= bottom; row++) {
			for (let column = left; column <= right; column++) {
				const [x, y] = [column + 0.5 - fromX, row + 0.5 - fromY];
				const along = square === 0 ? 0 : Math.min(1, Math.max(0, (x * stepX + y * stepY) / square));
				const distance = Math.hypot(x - along * stepX, y - along * stepY);
				const share = Math.min(1, radius + 0.5 - distance);
				const index = row * width + column;
				if (share > coverage[index]!) coverage[index] = share;
			}
		}
	}

	function strokeLines(lines: readonly Polyline[], lineColour: string, lineWidth: number): void {
		const rgb = rgbOf(lineColour);
		for (const line of lines) {
			for (let point = 2; point < line.length; point += 2) {
				const segment = clipSegment(line, point, width, height, lineWidth);
				if (segment !== null) coverSegment(...segment, lineWidth / 2);
			}
		}
		for (let index = touchedTop * width; index < (touchedBottom + 1) * width; index++) {
			const share = coverage[index]!;
			if (share === 0) continue;
			blend(index % width, Math.floor(index / width), rgb, share);
			coverage[index] = 0;
		}
		touchedTop = height;
		touchedBottom = -1;
	}

	function fillRectangle(x: number, y: number, fillWidth: number, fillHeight: number, fill: string, share = 1): void {
		const rgb = rgbOf(fill);
		for (let row = Math.round(y); row < Math.round(y + fillHeight); row++) {
			for (let column = Math.round(x); column < Math.round(x + fillWidth); column++) blend(column, row, rgb, share);
		}
	}

	function fillCircle(x: number, y: number, radius: number, fill: string): void {
		const rgb = rgbOf(fill);
		for (let row = 0; row < height; row++) {
			for (let column = 0; column < width; column++) {
				const share = Math.min(1, radius + 0.5 - Math.hypot(column + 0.5 - x, row + 0.5 - y));
				if (share > 0) blend(column, row, rgb, share);
			}
		}
	}

	fillRectangle(0, 0, width, height, colour);
	return { width, height, data, blend, fillRectangle, fillCircle, strokeLines };
}

type Segment = [fromX: number, fromY: number, toX: number, toY: number];

/** The part of a line's segment that is in the picture (Liang and Barsky); a step of a meridian may be very long. */
function clipSegment(line: Polyline, point: number, width: number, height: number, margin: number): Segment | null {
	const [fromX, fromY] = [line[point - 2]!, line[point - 1]!];
	const [stepX, stepY] = [line[point]! - fromX, line[point + 1]! - fromY];
	let [first, last] = [0, 1];
	for (const [step, from, limit] of [
		[stepX, fromX, width],
		[stepY, fromY, height],
	] as const) {
		const [near, far] = [-margin - from, limit + margin - from];
		if (step === 0) {
			if (near > 0 || far < 0) return null;
			continue;
		}
		first = Math.max(first, Math.min(near / step, far / step));
		last = Math.min(last, Math.max(near / step, far / step));
	}
	if (first > last) return null;
	return [fromX + first * stepX, fromY + first * stepY, fromX + last * stepX, fromY + last * stepY];
}
