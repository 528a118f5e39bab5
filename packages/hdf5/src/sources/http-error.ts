import { Hdf5Error } from "../errors.ts";

/** The error for an answer that is not the range that was asked for. */
export function httpError(response: Response, name: string, offset: number): Hdf5Error {
	const { status } = response;
	const context = { file: name, status, offset };
	// Earthdata answers a request without a valid login with its login page.
	if (response.ok && response.headers.get("content-type")?.startsWith("text/html"))
		return denied(name, "a login page", context);
	const retryAfterSeconds = Number(response.headers.get("retry-after") ?? Number.NaN);
	switch (status) {
		case 401:
		case 403:
			return denied(name, `HTTP ${status}`, context);
		case 404:
		case 410:
			return new Hdf5Error("hdf5/no-file", `${name} does not exist (HTTP ${status})`, {
				remedy: "Check the address, or build the shard map again",
				context,
			});
		case 416:
			return offset === 0
				? new Hdf5Error("hdf5/not-hdf5", `${name} is empty`, { context })
				: new Hdf5Error("hdf5/truncated", `${name} ends before offset ${offset}`, {
						remedy: "Fetch the file again: it looks cut short",
						context,
					});
		case 200:
		case 206:
			return new Hdf5Error("hdf5/unsupported", `the server of ${name} does not answer byte ranges`, {
				remedy: "Download the granule and read it with --driver file",
				context,
			});
		case 429:
		case 503:
			return new Hdf5Error("hdf5/io", `the server of ${name} asks to slow down (HTTP ${status})`, {
				failureClass: "throttled",
				remedy: "Run it again later, or with fewer workers",
				context: { ...context, ...(Number.isFinite(retryAfterSeconds) && { retryAfterSeconds }) },
			});
		default:
			return new Hdf5Error("hdf5/io", `${name} could not be read (HTTP ${status})`, {
				failureClass: status >= 500 || status === 408 ? "transport" : "data",
				remedy: "Check the address, and run it again",
				context,
			});
	}
}

function denied(name: string, answer: string, context: Readonly<Record<string, unknown>>): Hdf5Error {
	return new Hdf5Error("hdf5/access-denied", `${name} may not be read (${answer})`, {
		remedy:
			"Log in to Earthdata (set EARTHDATA_TOKEN, or put urs.earthdata.nasa.gov into ~/.netrc) and accept the data set's terms",
		context,
	});
}

/** The error for a request that got no whole answer. The cause is told by its code alone: others may hold the address. */
export function transportError(error: unknown, name: string, timedOut: boolean): Hdf5Error {
	const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
	const systemCode = [cause?.code, code].find((each) => typeof each === "string") as string | undefined;
	const reason = timedOut ? "no answer in time" : (systemCode ?? "the connection failed");
	return new Hdf5Error("hdf5/io", `${name} could not be read (${reason})`, {
		...(systemCode === "EMFILE" && { failureClass: "fatal" as const }),
		remedy:
			systemCode === "EMFILE"
				? "Raise the limit of open files (ulimit -n) or use fewer workers"
				: "Check the network and run it again",
		context: { file: name, systemCode },
	});
}
