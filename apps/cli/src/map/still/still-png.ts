import { encode } from "fast-png";
import { fittedView, suitableProjection } from "../view/camera.ts";
import { coastlines } from "../view/coastline.ts";
import { cellColours, packedColour } from "../view/colour-map.ts";
import { createGeometry, type Geometry } from "../view/geometry.ts";
import { graticule, type Rectangle } from "../view/graticule.ts";
import { hemisphereRadius, type View } from "../view/projection.ts";
import { createRaster, rasteriseCells } from "../view/raster.ts";
import type { Scene } from "../view/scene.ts";
import { rgbOf, LIGHT_THEME as theme } from "../view/theme.ts";
import { createStillCanvas, type StillCanvas } from "./canvas.ts";
import { legendPanel, titlePanel } from "./panels.ts";
import { DENSITY, enlarged } from "./pen.ts";
import { textStrokes, textWidth } from "./stroke-font.ts";

/** Room around what is fitted, and other sizes, in pixels of the result. */
const MARGINS = { top: 96, right: 60, bottom: 134, left: 60 };
const LABEL_SIZE = 14;
/** Side of the smallest cell. */
const DOT = 1.5;

/** A still of the scene as PNG, of the same parts as the page but drawn without a browser. */
export function stillPng(
	scene: Scene,
	{ width, height }: { readonly width: number; readonly height: number },
): Uint8Array {
	const geometry = createGeometry(scene.outlines, scene.verticesPerCell);
	const projection = scene.projection === "auto" ? suitableProjection(geometry) : scene.projection;
	const view = fittedView(geometry, projection, width, height, MARGINS);
	const canvas = createStillCanvas(width * DENSITY, height * DENSITY, theme.page);
	const panels = [titlePanel(scene, width), legendPanel(scene, width, height)];
	const covered = panels.map(({ place }) => place);
	drawMap(canvas, scene, geometry, view, covered);
	for (const panel of panels) panel.draw(canvas);
	return encode({ width, height, channels: 3, data: averaged(canvas) });
}

function drawMap(
	canvas: StillCanvas,
	scene: Scene,
	geometry: Geometry,
	view: View,
	covered: readonly Rectangle[],
): void {
	const large: View = { ...view, scale: view.scale * DENSITY, width: canvas.width, height: canvas.height };
	const radius = hemisphereRadius(view.projection) * large.scale;
	const centreX = canvas.width / 2 - large.centreX * large.scale;
	const centreY = canvas.height / 2 + large.centreY * large.scale;
	canvas.fillCircle(centreX, centreY, radius + 0.5 * DENSITY, theme.graticule);
	canvas.fillCircle(centreX, centreY, radius - 0.5 * DENSITY, theme.earth);
	const { lines, labels } = graticule(view, covered);
	canvas.strokeLines(lines.map(enlarged), theme.graticule, DENSITY);
	drawCells(canvas, scene, geometry, large);
	canvas.strokeLines(coastlines(view).map(enlarged), theme.coastline, DENSITY);
	const strokes = labels.flatMap(({ x, y, text }) => {
		const left = x - textWidth(text, LABEL_SIZE) / 2;
		return textStrokes(text, left, y + 0.35 * LABEL_SIZE, LABEL_SIZE).map(enlarged);
	});
	canvas.strokeLines(strokes, theme.earth, 5 * DENSITY);
	canvas.strokeLines(strokes, theme.text, 1.3 * DENSITY);
}

function drawCells(canvas: StillCanvas, scene: Scene, geometry: Geometry, view: View): void {
	const variable = scene.variables[scene.selected]!;
	const range = variable.shown ?? { min: 0, max: 0 };
	const missing = packedColour(...rgbOf(theme.missing));
	const colours = cellColours(variable, scene.values[scene.selected]!, range, missing);
	const raster = createRaster(canvas.width, canvas.height);
	const { pixels } = raster;
	rasteriseCells(raster, view, geometry, colours, DOT * DENSITY);
	for (let index = 0; index < pixels.length; index++) {
		const colour = pixels[index]!;
		if (colour === 0) continue;
		canvas.data[3 * index] = colour & 255;
		canvas.data[3 * index + 1] = (colour >>> 8) & 255;
		canvas.data[3 * index + 2] = (colour >>> 16) & 255;
	}
}

/** The picture at its own size: the average of each square of pixels. */
function averaged({ width, height, data }: StillCanvas): Uint8Array {
	const [smallWidth, smallHeight] = [width / DENSITY, height / DENSITY];
	const result = new Uint8Array(3 * smallWidth * smallHeight);
	for (let row = 0; row < smallHeight; row++) {
		for (let column = 0; column < smallWidth; column++) {
			for (let channel = 0; channel < 3; channel++) {
				let sum = 0;
				for (let part = 0; part < DENSITY * DENSITY; part++) {
					const sourceRow = row * DENSITY + Math.floor(part / DENSITY);
					sum += data[3 * (sourceRow * width + column * DENSITY + (part % DENSITY)) + channel]!;
				}
				result[3 * (row * smallWidth + column) + channel] = Math.round(sum / DENSITY ** 2);
			}
		}
	}
	return result;
}
