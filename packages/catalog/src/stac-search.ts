import pRetry, { AbortError } from "p-retry";
import { CatalogError } from "./errors.ts";
import type { BoundingBox } from "./region.ts";
import { normaliseItem, type StacItem } from "./stac-item.ts";

/** Which granules are looked for. */
export interface GranuleQuery {
	readonly shortName: string;
	readonly version: string;
	/** Days, `YYYY-MM-DD`, both included. */
	readonly startDate: string;
	readonly endDate: string;
	readonly bbox: BoundingBox;
	/** Default: NSIDC_CPRD. */
	readonly provider?: string | undefined;
	readonly preserveThumbnails?: boolean | undefined;
}

/** Options of `searchGranules`. */
export interface SearchOptions {
	/** Default: NASA's CMR. */
	readonly baseUrl?: string | undefined;
	/** Default: the global `fetch`. */
	readonly fetch?: typeof fetch | undefined;
	/** Told after every page. */
	readonly onProgress?: ((granules: number) => void) | undefined;
	/** Told before a request that failed is sent again. */
	readonly onRetry?: ((reason: string) => void) | undefined;
	readonly signal?: AbortSignal | undefined;
	/** Shortest wait before a request is sent again; it doubles. Default: 1 s. */
	readonly retryWaitSeconds?: number | undefined;
}

/** The granules that a search found; keys of the metadata as published. */
export interface GranuleCatalog {
	readonly items: readonly StacItem[];
	readonly metadata: Readonly<Record<string, unknown>>;
}

const CMR_STAC = "https://cmr.earthdata.nasa.gov/stac";
export const DEFAULT_PROVIDER = "NSIDC_CPRD";
const PAGE_SIZE = 2000;
const TIMEOUT_MILLISECONDS = 60_000;
const RETRIES = 4;
/** A service that gives one page after another without end must not fill the memory: 20 M granules. */
const MOST_PAGES = 10_000;

/**
 * Searches a STAC service for granules, page by page, in both ways that services link pages. Answers of overloaded
 * gateways (429, 500, 502, 503, 504) and lost connections are tried again, five times in all.
 *
 * @throws CatalogError `catalog/no-granules` when there are none, `catalog/search-failed` when the service fails or answers
 *   something else, `catalog/bad-query`
 */
export async function searchGranules(query: GranuleQuery, options: SearchOptions = {}): Promise<GranuleCatalog> {
	const {
		shortName,
		version,
		startDate,
		endDate,
		bbox,
		provider = DEFAULT_PROVIDER,
		preserveThumbnails = false,
	} = query;
	checkDates(startDate, endDate);
	const collection = `${shortName}_${version}`;
	const url = new URL(`${options.baseUrl ?? CMR_STAC}/${provider}/search`);
	url.searchParams.set("collections", collection);
	url.searchParams.set("bbox", bbox.map(floatText).join(","));
	url.searchParams.set("datetime", `${startDate}T00:00:00Z/${endDate}T23:59:59Z`);
	url.searchParams.set("limit", String(PAGE_SIZE));
	const items: StacItem[] = [];
	const seen = new Set<string>();
	let request: PageRequest | null = { url: url.href, method: "GET", body: undefined };
	for (let page = 0; request !== null; page++) {
		if (page === MOST_PAGES) throw endless(`after ${MOST_PAGES} pages there is still another`);
		const identity = JSON.stringify(request);
		if (seen.has(identity)) throw endless("a page links to one that came before");
		seen.add(identity);
		const answer = await askPatiently(request, options);
		const features = answer.features ?? [];
		for (const feature of features) {
			const item = normaliseItem(feature, preserveThumbnails);
			if (item !== null) items.push(item);
		}
		options.onProgress?.(items.length);
		request = features.length === 0 ? null : nextPage(answer, request.url);
	}
	if (items.length === 0) {
		const box = bbox.map(floatText).join(", ");
		throw new CatalogError(
			"catalog/no-granules",
			`No granules for ${collection} over (${box}) in ${startDate}..${endDate}`,
			{
				remedy: "Check the short name, version and dates at https://search.earthdata.nasa.gov.",
			},
		);
	}
	const metadata = {
		source: "CMR-STAC",
		provider,
		collection,
		short_name: shortName,
		version,
		start_date: startDate,
		end_date: endDate,
		bbox: [...bbox],
		preserve_thumbnails: preserveThumbnails,
		total_granules: items.length,
	};
	return { items, metadata };
}

interface PageRequest {
	readonly url: string;
	readonly method: "GET" | "POST";
	readonly body: unknown;
}

interface Page {
	readonly features?: readonly unknown[];
	readonly links?: readonly {
		readonly rel?: string;
		readonly href?: string;
		readonly method?: string;
		readonly body?: unknown;
	}[];
}

function nextPage({ links }: Page, from: string): PageRequest | null {
	const next = Array.isArray(links) ? links.find(({ rel }) => rel === "next") : undefined;
	if (next?.href === undefined) return null;
	const method = next.method?.toUpperCase() === "POST" ? "POST" : "GET";
	return { url: new URL(next.href, from).href, method, body: method === "POST" ? (next.body ?? {}) : undefined };
}

async function askPatiently(request: PageRequest, options: SearchOptions): Promise<Page> {
	const { signal, retryWaitSeconds = 1 } = options;
	return pRetry(() => ask(request, options), {
		retries: RETRIES,
		minTimeout: retryWaitSeconds * 1000,
		...(signal && { signal }),
		onFailedAttempt: async ({ error, retriesLeft }) => {
			if (retriesLeft > 0) options.onRetry?.(error.message);
			const seconds = (error as { context?: { retryAfterSeconds?: number } }).context?.retryAfterSeconds;
			if (seconds !== undefined && retriesLeft > 0) await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
		},
	});
}

const LONGEST_RETRY_AFTER_SECONDS = 60;

async function ask({ url, method, body }: PageRequest, options: SearchOptions): Promise<Page> {
	const { host } = new URL(url);
	const deadline = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
	let response: Response;
	let text: string;
	try {
		response = await (options.fetch ?? fetch)(url, {
			method,
			signal: options.signal ? AbortSignal.any([options.signal, deadline]) : deadline,
			headers: {
				accept: "application/geo+json, application/json",
				...(method === "POST" && { "content-type": "application/json" }),
			},
			...(method === "POST" && { body: JSON.stringify(body) }),
		});
		text = await response.text();
	} catch (error) {
		options.signal?.throwIfAborted();
		const { cause } = error as { cause?: { code?: string } };
		throw searchFailed(
			`${host} does not answer (${deadline.aborted ? "timeout" : (cause?.code ?? "connection lost")})`,
		);
	}
	const { status } = response;
	if (!response.ok) {
		const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
		const error = searchFailed(`${host} answers with HTTP ${status}`, {
			status,
			...(seconds >= 0 && { retryAfterSeconds: Math.min(seconds, LONGEST_RETRY_AFTER_SECONDS) }),
		});
		if (status === 429 || status >= 500) throw error;
		throw new AbortError(error);
	}
	let page: unknown;
	try {
		page = JSON.parse(text);
	} catch {
		const kind = response.headers.get("content-type") ?? "no content type";
		throw new AbortError(searchFailed(`${host} answers with something that is not JSON (${kind})`));
	}
	if (typeof page !== "object" || page === null || !Array.isArray((page as Page).features)) {
		throw new AbortError(searchFailed(`${host} answers with something that is no page of STAC items`));
	}
	return page as Page;
}

function searchFailed(reason: string, context: Readonly<Record<string, unknown>> = {}): CatalogError {
	return new CatalogError("catalog/search-failed", `the granule search failed: ${reason}`, {
		failureClass: "transport",
		remedy: "Try again later; https://status.earthdata.nasa.gov tells of outages.",
		context,
	});
}

function endless(reason: string): CatalogError {
	return new CatalogError("catalog/search-failed", `the granule search does not end: ${reason}`, {
		failureClass: "data",
		remedy: "Ask for a shorter period, or tell whoever runs the service.",
	});
}

function checkDates(startDate: string, endDate: string): void {
	for (const date of [startDate, endDate]) {
		if (/^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(Date.parse(`${date}T00:00:00Z`))) continue;
		throw new CatalogError("catalog/bad-query", `'${date}' is not a day`, { remedy: "Give days as YYYY-MM-DD." });
	}
	if (startDate <= endDate) return;
	throw new CatalogError("catalog/bad-query", `the period ends (${endDate}) before it starts (${startDate})`);
}

/** A number as Python writes a float. */
function floatText(value: number): string {
	return Number.isInteger(value) ? `${value}.0` : String(value);
}
