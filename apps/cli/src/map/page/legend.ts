import { viridis } from "../view/colour-map.ts";
import { isWhole, type ValueRange, type Variable } from "../view/scene.ts";
import { numberText, roundTicks, tickText } from "../view/value-range.ts";
import { element } from "./element.ts";

/** Stops of the bar's gradient; the colour map itself bends at every tenth. */
const STOPS = 10;
const TICKS = 7;

/** Shows what the colours mean. */
export function showLegend(variable: Variable, range: ValueRange): void {
	const { name, longName, units, full } = variable;
	const title = longName === null ? name : `${name}: ${longName}`;
	element("legend-title").textContent = units === null ? title : `${title} (${units})`;
	const stops = Array.from({ length: STOPS + 1 }, (_, index) => `rgb(${viridis(index / STOPS).join(" ")})`);
	element("legend-bar").style.background = `linear-gradient(to right, ${stops.join(", ")})`;
	const ticks = roundTicks(range, TICKS, isWhole(variable) ? 1 : 0).map((value) => {
		const tick = document.createElement("span");
		tick.textContent = tickText(value, range);
		tick.style.left = `${range.max > range.min ? ((value - range.min) / (range.max - range.min)) * 100 : 50}%`;
		return tick;
	});
	element("legend-ticks").replaceChildren(...ticks);
	element("legend-text").textContent =
		full === null ? "no cell has data" : `data ${numberText(full.min)} to ${numberText(full.max)}`;
}
