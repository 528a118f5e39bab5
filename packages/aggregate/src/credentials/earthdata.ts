import { AggregationError } from "../errors.ts";
import type { GranuleAccess } from "../shard/granule-access.ts";
import { normaliseCredentials, type S3Credentials } from "../store/index.ts";
import { type Expiring, refreshing } from "./refreshing.ts";

/** A login to NASA Earthdata: a token, or a user's name and password. */
export type EarthdataLogin = { readonly token: string } | { readonly username: string; readonly password: string };

/** Options of `earthdataAccess`. */
export interface EarthdataOptions {
	readonly login: EarthdataLogin;
	/** What is needed: a bearer token for `https`, temporary credentials for `s3`. */
	readonly driver: "https" | "s3";
	/** Default: NASA's. */
	readonly loginUrl?: string | undefined;
	/** Where temporary S3 credentials are had. Default: NSIDC's. */
	readonly s3CredentialsUrl?: string | undefined;
	/** Default: the global `fetch`. */
	readonly fetch?: typeof fetch | undefined;
	/** Milliseconds since the Unix epoch; default: the machine's clock. */
	readonly now?: (() => number) | undefined;
}

// Earthdata Login API, https://urs.earthdata.nasa.gov/documentation/for_users/user_token
const LOGIN_URL = "https://urs.earthdata.nasa.gov";
const TOKEN_PATH = "/api/users/find_or_create_token";
const NSIDC_S3_CREDENTIALS_URL = "https://data.nsidc.earthdatacloud.nasa.gov/s3credentials";

const TIMEOUT_MILLISECONDS = 30_000;

/**
 * Makes a source of what opens NASA's granules. What it has obtained is kept, and replaced five minutes before it ends.
 *
 * @throws AggregationError (from the function) `credentials/refused` for a login that is not accepted,
 *   `credentials/unavailable` when the service does not answer; no message holds a token or a password
 */
export function earthdataAccess(options: EarthdataOptions): () => Promise<GranuleAccess> {
	const { login, driver, loginUrl = LOGIN_URL, s3CredentialsUrl = NSIDC_S3_CREDENTIALS_URL, now } = options;
	const ask = createAsk(options.fetch ?? fetch);
	const token =
		"token" in login
			? async () => login.token
			: refreshing(() => ask(loginUrl + TOKEN_PATH, "POST", basic(login), readToken), now);
	if (driver === "https") return async () => ({ bearerToken: await token() });
	const credentials = refreshing(
		async () => ask(s3CredentialsUrl, "GET", `Bearer ${await token()}`, readS3Credentials),
		now,
	);
	return async () => ({ s3: { credentials: await credentials() } });
}

type Read<Value> = (answer: Readonly<Record<string, unknown>>) => Expiring<Value> | null;

function createAsk(request: typeof fetch) {
	return async <Value>(
		url: string,
		method: string,
		authorization: string,
		read: Read<Value>,
	): Promise<Expiring<Value>> => {
		const { host } = new URL(url);
		let response: Response;
		let text: string;
		try {
			response = await request(url, {
				method,
				headers: { authorization, accept: "application/json" },
				// A redirect leads to a login page for people; the credentials must not travel there.
				redirect: "manual",
				signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
			});
			text = await response.text();
		} catch {
			throw unavailable(host, "it does not answer");
		}
		const { status } = response;
		if (status === 401 || status === 403 || (status >= 300 && status < 400)) {
			throw new AggregationError(
				"credentials/refused",
				`${host} does not accept the Earthdata login (HTTP ${status})`,
				{
					failureClass: "access-denied",
					remedy:
						"Check EARTHDATA_TOKEN (tokens end after 60 days), or the name and password, at https://urs.earthdata.nasa.gov.",
					context: { host, status },
				},
			);
		}
		const value = response.ok ? read(parseObject(text)) : null;
		if (value === null)
			throw unavailable(host, response.ok ? "its answer holds no credentials" : `HTTP ${status}`, status);
		return value;
	};
}

const readToken: Read<string> = ({ access_token: token, expiration_date: date }) => {
	if (typeof token !== "string" || token === "") return null;
	// A day of the form 10/31/2026.
	const expiresAt = typeof date === "string" ? Date.parse(date) : Number.NaN;
	return { value: token, expiresAt: Number.isNaN(expiresAt) ? null : expiresAt };
};

const readS3Credentials: Read<S3Credentials> = (answer) => {
	const { accessKeyId, secretAccessKey, sessionToken } = normaliseCredentials(answer);
	if (!accessKeyId || !secretAccessKey || !sessionToken) return null;
	const expiresAt = Date.parse(String(answer.expiration));
	if (Number.isNaN(expiresAt)) return { value: { accessKeyId, secretAccessKey, sessionToken }, expiresAt: null };
	const expiration = new Date(expiresAt).toISOString();
	return { value: { accessKeyId, secretAccessKey, sessionToken, expiration }, expiresAt };
};

function basic({ username, password }: { readonly username: string; readonly password: string }): string {
	return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function parseObject(text: string): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}

function unavailable(host: string, reason: string, status?: number): AggregationError {
	return new AggregationError(
		"credentials/unavailable",
		`no Earthdata credentials could be had from ${host}: ${reason}`,
		{
			failureClass: status === 429 || status === 503 ? "throttled" : "transport",
			remedy: "Check the network and https://status.earthdata.nasa.gov, and run it again.",
			context: { host },
		},
	);
}
