import { openFileSource } from "@zagg/hdf5";
import { AggregateError } from "../errors.ts";
import type { OpenGranule } from "./read-granules.ts";

/** How granules are reached; also names the href of a granule record that is used. */
export type Driver = "file" | "https" | "s3";

/**
 * The way to open granules for a driver.
 *
 * @throws AggregateError `config/invalid` for a driver that cannot be used.
 */
export function granuleOpener(driver: string): OpenGranule {
	if (driver === "file") return (path) => openFileSource(path);
	throw new AggregateError(
		"config/invalid",
		`driver '${driver}' cannot read granules here; this version reads local files`,
		{
			remedy: "Download the granules, build the shard map with `zagg catalog --granules`, and run with --driver file.",
		},
	);
}
