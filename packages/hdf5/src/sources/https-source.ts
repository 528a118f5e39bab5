import type { ByteSource } from "../byte-source.ts";
import { Hdf5Error } from "../errors.ts";
import { httpError, transportError } from "./http-error.ts";
import { openRemoteSource, type RangeReply } from "./remote-source.ts";

/** Options of `openHttpsSource`. */
export interface HttpsSourceOptions {
	/** Sent to the address's own origin only, never to where it redirects. */
	readonly bearerToken?: string | undefined;
	readonly signal?: AbortSignal | undefined;
	/** Longest wait for one range, its body included. Default: 120 s. */
	readonly timeoutSeconds?: number | undefined;
	/** Default: the global `fetch`. */
	readonly fetch?: typeof fetch | undefined;
}

const DEFAULT_TIMEOUT_SECONDS = 120;
const MOST_REDIRECTS = 10;

/**
 * Opens a file by HTTP range requests. Redirects are followed, and where they led is asked directly from then on, as long
 * as it answers; the bearer token goes to the first address's origin only. Plain `http` is for this machine alone.
 *
 * @throws Hdf5Error `hdf5/access-denied` for 401 and 403, `hdf5/no-file` for 404, `hdf5/unsupported` for a server without
 *   ranges, `hdf5/io` for anything else; no message holds a query, a user name or a token
 */
export async function openHttpsSource(address: string, options: HttpsSourceOptions = {}): Promise<ByteSource> {
	const original = parseAddress(address);
	const name = original.origin + original.pathname;
	const { bearerToken, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = options;
	const request = options.fetch ?? fetch;
	let resolved = original;

	async function ask(from: URL, range: string, signal: AbortSignal): Promise<{ response: Response; url: URL }> {
		let url = from;
		for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
			const headers: Record<string, string> = { range, "accept-encoding": "identity" };
			if (bearerToken !== undefined && url.origin === original.origin) headers.authorization = `Bearer ${bearerToken}`;
			const response = await request(url, { headers, signal, redirect: "manual" });
			const target = response.headers.get("location");
			if (response.status < 300 || response.status > 399 || target === null) return { response, url };
			await response.body?.cancel();
			url = redirected(url, target, name);
		}
		throw new Hdf5Error("hdf5/io", `${name} redirects more than ${MOST_REDIRECTS} times`, {
			failureClass: "data",
			remedy: "Check that the login is valid: Earthdata sends requests without one round in circles",
			context: { file: name },
		});
	}

	async function fetchRange(offset: number, length: number, signal: AbortSignal | undefined): Promise<RangeReply> {
		const deadline = AbortSignal.timeout(timeoutSeconds * 1000);
		const until = signal ? AbortSignal.any([signal, deadline]) : deadline;
		const range = `bytes=${offset}-${offset + length - 1}`;
		try {
			let answer = await ask(resolved, range, until);
			if ((answer.response.status === 401 || answer.response.status === 403) && resolved !== original) {
				// A signed address that has expired: the first one gives a new one.
				await answer.response.body?.cancel();
				resolved = original;
				answer = await ask(resolved, range, until);
			}
			const { response, url } = answer;
			if (response.status !== 206) {
				await response.body?.cancel();
				throw httpError(response, name, offset);
			}
			resolved = url;
			const size = totalSize(response.headers.get("content-range"));
			if (size === null) throw httpError(response, name, offset);
			return { bytes: new Uint8Array(await response.arrayBuffer()), size, entityTag: response.headers.get("etag") };
		} catch (error) {
			throw error instanceof Hdf5Error ? error : transportError(error, name, deadline.aborted);
		}
	}

	return openRemoteSource(name, fetchRange, options);
}

function parseAddress(address: string): URL {
	const url = URL.canParse(address) ? new URL(address) : null;
	if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url))) return url;
	const shown = url === null ? "the address" : url.origin + url.pathname;
	throw new Hdf5Error("hdf5/usage", `${shown} cannot be read over HTTPS`, {
		remedy: "Give an https:// address; plain http:// is for this machine only",
	});
}

function redirected(from: URL, target: string, name: string): URL {
	const url = URL.canParse(target, from.href) ? new URL(target, from) : null;
	if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url))) return url;
	throw new Hdf5Error("hdf5/io", `${name} redirects to an address that is not secure`, {
		failureClass: "data",
		remedy: "Ask for the granule at an https:// address",
		context: { file: name, host: url?.host },
	});
}

function isLoopback({ hostname }: URL): boolean {
	return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}

/** The size of the whole file in `bytes 0-99/1234`. */
function totalSize(contentRange: string | null): number | null {
	const match = /^bytes \d+-\d+\/(\d+)$/.exec(contentRange ?? "");
	const size = match === null ? Number.NaN : Number(match[1]);
	return Number.isSafeInteger(size) ? size : null;
}
