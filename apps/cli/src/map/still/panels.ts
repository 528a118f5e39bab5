import { viridis } from "../view/colour-map.ts";
import type { Rectangle } from "../view/graticule.ts";
import { isWhole, type Scene } from "../view/scene.ts";
import { LIGHT_THEME as theme } from "../view/theme.ts";
import { numberText, roundTicks, tickText } from "../view/value-range.ts";
import type { StillCanvas } from "./canvas.ts";
import { DENSITY, enlarged, layPanel, shortened, write } from "./pen.ts";
import { textWidth } from "./stroke-font.ts";

/** A part of the picture with text. */
export interface Panel {
	readonly place: Rectangle;
	draw(canvas: StillCanvas): void;
}

/** Sizes in pixels of the result. */
const INSET = 14;
const TITLE_SIZE = 24;
const TEXT_SIZE = 15;
const LINE_HEIGHT = 22;
const LEGEND_WIDTH = 330;
const LEGEND_HEIGHT = 106;
const BAR_HEIGHT = 16;
const TICK_SIZE = 13;
const TICKS = 7;

/** Title and subtitle, in the upper left corner. */
export function titlePanel({ title, subtitle, note }: Scene, width: number): Panel {
	const room = width - 4 * INSET;
	const titleText = shortened(title, TITLE_SIZE, room);
	const lines = [subtitle, note].filter((text) => text !== "").map((text) => shortened(text, TEXT_SIZE, room));
	const widest = Math.max(textWidth(titleText, TITLE_SIZE), ...lines.map((text) => textWidth(text, TEXT_SIZE)));
	const bottom = INSET + 48 + LINE_HEIGHT * lines.length;
	const place = { left: INSET, top: INSET, right: 3 * INSET + widest, bottom };
	return {
		place,
		draw(canvas) {
			layPanel(canvas, place);
			write(canvas, titleText, 2 * INSET, INSET + 31, TITLE_SIZE);
			for (const [line, text] of lines.entries()) {
				write(canvas, text, 2 * INSET, INSET + 58 + LINE_HEIGHT * line, TEXT_SIZE);
			}
		},
	};
}

/** What the colours mean, in the lower right corner. */
export function legendPanel(scene: Scene, width: number, height: number): Panel {
	const variable = scene.variables[scene.selected]!;
	const { name, longName, units, full, shown } = variable;
	const range = shown ?? { min: 0, max: 0 };
	const barWidth = Math.min(LEGEND_WIDTH, width - 4 * INSET);
	const [left, top] = [width - 2 * INSET - barWidth, height - INSET - LEGEND_HEIGHT];
	const place = { left: left - INSET, top, right: width - INSET, bottom: height - INSET };
	const described = `${name}${longName === null ? "" : `: ${longName}`}${units === null ? "" : ` (${units})`}`;
	const extremes = full === null ? "no cell has data" : `data ${numberText(full.min)} to ${numberText(full.max)}`;
	const barTop = top + 36;
	const barBottom = barTop + BAR_HEIGHT;
	return {
		place,
		draw(canvas) {
			layPanel(canvas, place);
			write(canvas, shortened(described, TEXT_SIZE + 2, barWidth), left, top + 24, TEXT_SIZE + 2);
			for (let column = 0; column < barWidth * DENSITY; column++) {
				const rgb = viridis(column / (barWidth * DENSITY - 1));
				for (let row = 0; row < BAR_HEIGHT * DENSITY; row++) {
					canvas.blend(left * DENSITY + column, barTop * DENSITY + row, rgb, 1);
				}
			}
			for (const value of roundTicks(range, TICKS, isWhole(variable) ? 1 : 0)) {
				const x = left + barWidth * (range.max > range.min ? (value - range.min) / (range.max - range.min) : 0.5);
				canvas.strokeLines([enlarged(Float64Array.of(x, barBottom, x, barBottom + 5))], theme.text, DENSITY);
				const text = tickText(value, range);
				write(canvas, text, x - textWidth(text, TICK_SIZE) / 2, barBottom + 19, TICK_SIZE);
			}
			write(canvas, extremes, left, top + 96, TICK_SIZE);
		},
	};
}
