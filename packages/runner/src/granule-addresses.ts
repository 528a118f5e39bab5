import { RunError } from "./errors.ts";
import type { Cell } from "./select-cells.ts";

const DRIVERS = ["file", "https", "s3"] as const;

/** How granules are reached, and so which address of a granule record is used. */
export type Driver = (typeof DRIVERS)[number];

/** Checks that the name is a driver's. @throws RunError `run/no-granule-address` */
export function asDriver(name: string): Driver {
	if ((DRIVERS as readonly string[]).includes(name)) return name as Driver;
	throw new RunError("run/no-granule-address", `Unknown driver: '${name}' (expected ${DRIVERS.join(", ")})`);
}

/** The addresses of a cell's granules for the driver, in order; records without one are left out. */
export function addressesOf(cell: Cell, driver: Driver): string[] {
	return cell.granules.flatMap((granule) => granule[driver] || []);
}

/**
 * Checks before anything runs that the map's granules can be reached by the driver.
 *
 * @returns how many records of the cells have no address for it
 * @throws RunError `run/no-granule-address` when none has one, naming the driver that would do.
 */
export function checkAddresses(cells: readonly Cell[], driver: Driver): number {
	const reachable = new Map<Driver, number>(DRIVERS.map((name) => [name, 0]));
	let total = 0;
	for (const { granules } of cells) {
		for (const granule of granules) {
			total++;
			for (const name of DRIVERS) if (granule[name]) reachable.set(name, reachable.get(name)! + 1);
		}
	}
	const missing = total - reachable.get(driver)!;
	if (total > 0 && missing === total) {
		const others = DRIVERS.filter((name) => reachable.get(name)! > 0);
		throw new RunError("run/no-granule-address", `no granule in the shard map has a '${driver}' address`, {
			remedy:
				others.length > 0
					? `Its granules have ${others.map((name) => `'${name}'`).join(" and ")} addresses: run with --driver ${others[0]}.`
					: "Build the shard map again with `zagg catalog`.",
		});
	}
	return missing;
}
