import { fittedView, pannedView, resizedView, suitableProjection, zoomedView } from "../view/camera.ts";
import { createGeometry } from "../view/geometry.ts";
import type { ProjectionName, View } from "../view/projection.ts";
import type { Scene, ValueRange } from "../view/scene.ts";
import { DARK_THEME, LIGHT_THEME } from "../view/theme.ts";
import { numberText } from "../view/value-range.ts";
import { element } from "./element.ts";
import { listenToGestures } from "./gestures.ts";
import { showLegend } from "./legend.ts";
import { loadScene } from "./load-scene.ts";
import { createPainter } from "./painter.ts";
import { createReadout } from "./readout.ts";

/** Room that the panels and labels take from what is fitted, in pixels of the page: in a wide window, on the right. */
const WIDE_WINDOW = 900;
const WIDE_MARGINS = { top: 96, right: 330, bottom: 40, left: 80 };
const NARROW_MARGINS = { top: 110, right: 24, bottom: 300, left: 24 };
/** After so long without a change the picture is drawn finely. */
const REST_MILLISECONDS = 120;

void loadScene().then(showMap, (error: unknown) => {
	const readout = element("readout");
	readout.hidden = false;
	readout.style.cssText = "left: 12px; top: 40%";
	readout.textContent = `This map cannot be shown: ${error instanceof Error ? error.message : error}`;
});

function showMap(scene: Scene): void {
	const geometry = createGeometry(scene.outlines, scene.verticesPerCell);
	const darkness = matchMedia("(prefers-color-scheme: dark)");
	const map = element<HTMLCanvasElement>("map");
	const [variable, span, projection] = [
		element<HTMLSelectElement>("variable"),
		element<HTMLSelectElement>("span"),
		element<HTMLSelectElement>("projection"),
	];
	const painter = createPainter(scene, geometry, map, element<HTMLCanvasElement>("marks"));
	const readout = createReadout(scene, geometry);
	for (const { name } of scene.variables) variable.add(new Option(name));
	variable.selectedIndex = scene.selected;
	projection.value = scene.projection === "auto" ? suitableProjection(geometry) : scene.projection;

	let view = fitted();
	let frame = 0;
	let rest = 0;

	function fitted(): View {
		const name = projection.value as ProjectionName;
		const margins = innerWidth >= WIDE_WINDOW ? WIDE_MARGINS : NARROW_MARGINS;
		return fittedView(geometry, name, innerWidth, innerHeight, margins);
	}
	function changeView(changed: View): void {
		view = changed;
		readout.hide();
		painter.mark(null, false);
		cancelAnimationFrame(frame);
		frame = requestAnimationFrame(() => painter.draw(view, false));
		clearTimeout(rest);
		rest = setTimeout(() => painter.draw(view, true), REST_MILLISECONDS);
	}
	function recolour(): void {
		const index = variable.selectedIndex;
		const described = scene.variables[index]!;
		const range: ValueRange = (span.value === "full" ? described.full : described.shown) ?? { min: 0, max: 0 };
		painter.colour(index, range, darkness.matches ? DARK_THEME : LIGHT_THEME);
		showLegend(described, range);
		for (const option of span.options) option.text = rangeText(described[option.value as "shown" | "full"]);
		readout.select(index);
		map.setAttribute("aria-label", `Map of ${described.longName ?? described.name}, ${scene.title}`);
		painter.draw(view, true);
	}
	function point(x: number, y: number, withCross: boolean): void {
		const cell = painter.cellAt(x, y);
		painter.mark(cell, withCross);
		if (cell === null) readout.hide();
		else readout.show(cell, x, y);
	}
	function readMiddle(): void {
		painter.draw(view, true);
		point(innerWidth / 2, innerHeight / 2, true);
	}

	listenToGestures(map, {
		pan: (right, down) => changeView(pannedView(view, right, down)),
		zoom: (factor, x, y) => changeView(zoomedView(view, factor, x, y)),
		point: (x, y) => point(x, y, false),
		leave: () => {
			readout.hide();
			painter.mark(null, false);
		},
		fit: () => changeView(fitted()),
		step: (right, down, factor) => {
			const zoomed = zoomedView(view, factor, innerWidth / 2, innerHeight / 2);
			changeView(pannedView(zoomed, right, down));
			readMiddle();
		},
	});
	for (const select of [variable, span]) select.addEventListener("change", recolour);
	projection.addEventListener("change", () => changeView(fitted()));
	darkness.addEventListener("change", recolour);
	element("reset").addEventListener("click", () => changeView(fitted()));
	const zoomBy = (factor: number) => changeView(zoomedView(view, factor, innerWidth / 2, innerHeight / 2));
	element("zoom-in").addEventListener("click", () => zoomBy(1.5));
	element("zoom-out").addEventListener("click", () => zoomBy(1 / 1.5));
	element("controls").addEventListener("submit", (event) => event.preventDefault());
	addEventListener("resize", () => changeView(resizedView(view, innerWidth, innerHeight)));
	recolour();
}

function rangeText(range: ValueRange | null): string {
	return range === null ? "no data" : `${numberText(range.min)} to ${numberText(range.max)}`;
}
