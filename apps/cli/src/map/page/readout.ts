import { cellIdText, cellMiddle, placeText, valueText } from "../view/cell-text.ts";
import type { Geometry } from "../view/geometry.ts";
import type { Scene } from "../view/scene.ts";
import { element } from "./element.ts";

/** Tells the values of the cell that is pointed at. */
export interface Readout {
	/** Shows a cell's values beside a place of the page. */
	show(cell: number, x: number, y: number): void;
	hide(): void;
	/** Sets the variable that stands out. */
	select(variable: number): void;
}

/** Of more variables only the selected one is told. */
const MOST_VARIABLES = 16;
/** Distance from the pointer, in pixels. */
const OFFSET = 16;

/** The page's readout. */
export function createReadout(scene: Scene, geometry: Geometry): Readout {
	const box = element("readout");
	let selected = scene.selected;
	let shown: number | null = null;

	function fill(cell: number): void {
		const heading = document.createElement("b");
		heading.textContent = cellIdText(scene, cell);
		const table = document.createElement("table");
		for (const [index, { name }] of scene.variables.entries()) {
			if (index !== selected && scene.variables.length > MOST_VARIABLES) continue;
			const row = table.insertRow();
			row.className = index === selected ? "selected" : "";
			const header = document.createElement("th");
			header.scope = "row";
			header.textContent = name;
			row.append(header);
			row.insertCell().textContent = valueText(scene, index, cell);
		}
		box.replaceChildren(heading, placeText(cellMiddle(geometry, cell)), table);
		shown = cell;
	}

	return {
		show(cell, x, y) {
			if (cell !== shown) fill(cell);
			box.hidden = false;
			const { offsetWidth, offsetHeight } = box;
			const left = x + OFFSET + offsetWidth > innerWidth ? x - OFFSET - offsetWidth : x + OFFSET;
			const top = y + OFFSET + offsetHeight > innerHeight ? y - OFFSET - offsetHeight : y + OFFSET;
			box.style.left = `${Math.max(4, left)}px`;
			box.style.top = `${Math.max(4, top)}px`;
		},
		hide() {
			box.hidden = true;
		},
		select(variable) {
			selected = variable;
			shown = null;
			box.hidden = true;
		},
	};
}
