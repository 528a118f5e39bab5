import { GridError } from "../errors.ts";

/** The finest order of the morton word and of the HEALPix grid: cells of about 1.3 cm. */
export const MAX_ORDER = 29;

/** Refuses anything but a whole number from 0 to `max`. */
export function checkOrder(order: number, name = "order", max: number = MAX_ORDER): void {
	if (!Number.isInteger(order) || order < 0 || order > max) {
		throw new GridError("grid/bad-order", `${name} must be a whole number from 0 to ${max}, got ${order}`, {
			context: { [name]: order },
		});
	}
}
