import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type EarthdataLogin, earthdataAccess, normaliseCredentials } from "@zagg/aggregate";
import type { GranuleAccessProvider } from "@zagg/runner";
import { netrcLogin } from "./netrc.ts";

const EARTHDATA_MACHINE = "urs.earthdata.nasa.gov";

/** Where a login is looked for. */
export interface LoginPlaces {
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly homeDirectory: string;
}

/**
 * What opens remote granules: the credentials that were given, else those that the Earthdata login gives, else undefined
 * (the machine's own AWS credentials, and no token).
 *
 * @param given AWS credentials in any of the accepted spellings
 */
export async function granuleAccess(
	given: Readonly<Record<string, unknown>> | undefined,
	driver: "https" | "s3",
	places: LoginPlaces,
): Promise<GranuleAccessProvider | undefined> {
	if (given !== undefined) {
		const { accessKeyId = "", secretAccessKey = "", sessionToken, region, endpointUrl } = normaliseCredentials(given);
		const credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
		const s3 = { credentials, ...(region && { region }), ...(endpointUrl && { endpointUrl }) };
		return async () => ({ s3 });
	}
	const login = await earthdataLogin(places);
	return login === null ? undefined : earthdataAccess({ login, driver });
}

/** The Earthdata login of this user: `EARTHDATA_TOKEN`, `EARTHDATA_USERNAME` with `EARTHDATA_PASSWORD`, or `.netrc`. */
export async function earthdataLogin({ environment, homeDirectory }: LoginPlaces): Promise<EarthdataLogin | null> {
	const { EARTHDATA_TOKEN: token, EARTHDATA_USERNAME: username, EARTHDATA_PASSWORD: password } = environment;
	if (token) return { token };
	if (username && password) return { username, password };
	const text = await readFile(environment.NETRC ?? join(homeDirectory, ".netrc"), "utf8").catch(() => "");
	return netrcLogin(text, EARTHDATA_MACHINE);
}
