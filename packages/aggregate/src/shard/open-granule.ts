import { openFileSource, openHttpsSource } from "@zagg/hdf5";
import { AggregationError } from "../errors.ts";
import type { GranuleAccess } from "./granule-access.ts";
import type { OpenGranule } from "./read-granules.ts";

/** How granules are reached; also names the href of a granule record that is used. */
export type Driver = "file" | "https" | "s3";

/** Opens the granules of one shard. */
export interface GranuleOpener {
	readonly open: OpenGranule;
	/** Over a network every request takes long, so that many must be under way at once. */
	readonly isRemote: boolean;
	/** Frees connections. */
	close(): void;
}

/**
 * The way to open granules for a driver.
 *
 * @throws AggregationError `config/invalid` for a driver that is not known.
 */
export async function granuleOpener(driver: string, access: GranuleAccess = {}): Promise<GranuleOpener> {
	switch (driver) {
		case "file":
			return { open: (path) => openFileSource(path), isRemote: false, close: () => {} };
		case "https": {
			const { bearerToken } = access;
			return {
				open: (url, { signal }) =>
					openHttpsSource(url, { bearerToken: takesEarthdataLogin(url) ? bearerToken : undefined, signal }),
				isRemote: true,
				close: () => {},
			};
		}
		case "s3": {
			// Loaded only here, so that other users never wait for the AWS SDK.
			const { createS3Reader } = await import("@zagg/hdf5/s3");
			const reader = createS3Reader(access.s3);
			return { open: reader.open, isRemote: true, close: reader.close };
		}
	}
	throw new AggregationError("config/invalid", `Unknown driver: '${driver}' (expected file, https or s3)`);
}

// Shard maps are passed around: one that names another host must not learn the user's token.
const EARTHDATA_DOMAINS = ["nasa.gov", "nsidc.org", "asf.alaska.edu"];
const THIS_MACHINE = ["localhost", "127.0.0.1", "[::1]"];

function takesEarthdataLogin(url: string): boolean {
	const host = URL.canParse(url) ? new URL(url).hostname : "";
	return (
		THIS_MACHINE.includes(host) || EARTHDATA_DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`))
	);
}
