import { coastlines } from "../view/coastline.ts";
import { cellColours, packedColour } from "../view/colour-map.ts";
import type { Geometry } from "../view/geometry.ts";
import { graticule } from "../view/graticule.ts";
import type { Polyline } from "../view/polylines.ts";
import { createProjector, hemisphereRadius, type View } from "../view/projection.ts";
import { cellAt, createRaster, type Raster, rasteriseCells } from "../view/raster.ts";
import type { Scene, ValueRange } from "../view/scene.ts";
import { rgbOf, type Theme } from "../view/theme.ts";

/** Draws the map; every method is cheap but `draw`. */
export interface Painter {
	/** Sets the colours of the next drawing. */
	colour(variable: number, range: ValueRange, theme: Theme): void;
	/** Draws a view, finely or fast. */
	draw(view: View, fine: boolean): void;
	/** The cell at a place of the last drawing. */
	cellAt(x: number, y: number): number | null;
	/** Outlines a cell, and marks the middle with a cross. */
	mark(cell: number | null, withCross: boolean): void;
}

/** More device pixels than these are not refined further. */
const MOST_PIXELS = 9e6;
/** Side of the smallest cell, in pixels of the page. */
const DOT = 1.5;
const FONT = "12px system-ui, sans-serif";

/** A painter of the scene: cells as pixels of its own, lines and labels through the canvas. */
export function createPainter(
	scene: Scene,
	geometry: Geometry,
	map: HTMLCanvasElement,
	marks: HTMLCanvasElement,
): Painter {
	const context = map.getContext("2d")!;
	const marksContext = marks.getContext("2d")!;
	const buffer = document.createElement("canvas");
	let colours: Uint32Array = new Uint32Array(geometry.cellCount);
	let theme: Theme;
	let raster: Raster = createRaster(1, 1);
	let view: View;
	let pixelRatio = 1;
	/** Raster pixels per pixel of the page. */
	let density = 1;

	function drawCells(): void {
		const [width, height] = [Math.ceil(view.width * density), Math.ceil(view.height * density)];
		if (raster.width !== width || raster.height !== height) {
			raster = createRaster(width, height);
			buffer.width = width;
			buffer.height = height;
		}
		rasteriseCells(
			raster,
			{ ...view, scale: view.scale * density, width, height },
			geometry,
			colours,
			Math.round(DOT * density),
		);
		const bytes = new Uint8ClampedArray(raster.pixels.buffer as ArrayBuffer);
		buffer.getContext("2d")!.putImageData(new ImageData(bytes, width, height), 0, 0);
		context.imageSmoothingQuality = "high";
		context.drawImage(buffer, 0, 0, width / density, height / density);
	}

	function strokeLines(target: CanvasRenderingContext2D, lines: readonly Polyline[], colour: string, width: number) {
		target.beginPath();
		for (const line of lines) {
			target.moveTo(line[0]!, line[1]!);
			for (let point = 2; point < line.length; point += 2) target.lineTo(line[point]!, line[point + 1]!);
		}
		target.strokeStyle = colour;
		target.lineWidth = width;
		target.stroke();
	}

	function covered(): DOMRect[] {
		return [...document.querySelectorAll<HTMLElement>("#about, #controls, #legend")].map((panel) =>
			panel.getBoundingClientRect(),
		);
	}

	function drawEarth(): void {
		const { width, height, scale, centreX, centreY, projection } = view;
		context.fillStyle = theme.page;
		context.fillRect(0, 0, width, height);
		context.beginPath();
		const radius = hemisphereRadius(projection) * scale;
		// A circle that is much larger than the canvas is drawn as the canvas.
		if (radius > 50 * (width + height)) context.rect(0, 0, width, height);
		else context.arc(width / 2 - centreX * scale, height / 2 + centreY * scale, radius, 0, 2 * Math.PI);
		context.fillStyle = theme.earth;
		context.fill();
		context.strokeStyle = theme.graticule;
		context.stroke();
	}

	function drawLabels(labels: ReturnType<typeof graticule>["labels"]): void {
		context.font = FONT;
		context.textAlign = "center";
		context.textBaseline = "middle";
		context.lineJoin = "round";
		context.lineWidth = 3;
		context.strokeStyle = theme.earth;
		context.fillStyle = theme.text;
		for (const { x, y, text } of labels) {
			context.strokeText(text, x, y);
			context.fillText(text, x, y);
		}
	}

	return {
		colour(variable, range, chosenTheme) {
			theme = chosenTheme;
			const missing = packedColour(...rgbOf(theme.missing));
			colours = cellColours(scene.variables[variable]!, scene.values[variable]!, range, missing);
		},
		draw(drawnView, fine) {
			view = drawnView;
			pixelRatio = devicePixelRatio;
			const isLarge = view.width * view.height * (2 * pixelRatio) ** 2 > MOST_PIXELS;
			density = fine && !isLarge ? 2 * pixelRatio : pixelRatio;
			for (const canvas of [map, marks]) {
				const [width, height] = [Math.round(view.width * pixelRatio), Math.round(view.height * pixelRatio)];
				if (canvas.width !== width) canvas.width = width;
				if (canvas.height !== height) canvas.height = height;
			}
			context.save();
			context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
			drawEarth();
			const { lines, labels } = graticule(view, covered());
			strokeLines(context, lines, theme.graticule, 1);
			drawCells();
			strokeLines(context, coastlines(view), theme.coastline, 1);
			drawLabels(labels);
			context.restore();
		},
		cellAt: (x, y) => cellAt(raster, x * density, y * density),
		mark(cell, withCross) {
			marksContext.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
			marksContext.clearRect(0, 0, marks.width, marks.height);
			if (cell !== null) {
				const outline = cellOutline(view, geometry, cell);
				strokeLines(marksContext, [outline], theme.page, 4);
				strokeLines(marksContext, [outline], theme.text, 2);
			}
			if (!withCross) return;
			const [x, y] = [view.width / 2, view.height / 2];
			const cross = [Float64Array.of(x - 9, y, x + 9, y), Float64Array.of(x, y - 9, x, y + 9)];
			strokeLines(marksContext, cross, theme.page, 4);
			strokeLines(marksContext, cross, theme.text, 2);
		},
	};
}

function cellOutline(view: View, { vertices, verticesPerCell }: Geometry, cell: number): Polyline {
	const projector = createProjector(view);
	const outline = new Float64Array(2 * (verticesPerCell + 1));
	for (let vertex = 0; vertex <= verticesPerCell; vertex++) {
		const at = 3 * (cell * verticesPerCell + (vertex % verticesPerCell));
		projector.project(vertices[at]!, vertices[at + 1]!, vertices[at + 2]!, outline, 2 * vertex);
	}
	return outline;
}
