/** The open-file limits of this process; `Infinity` where unlimited. */
export interface OpenFileLimits {
	readonly soft: number;
	readonly hard: number;
}

/** Descriptors that are kept free of sockets: standard streams, the runtime's own, logs, name lookups. */
const DESCRIPTOR_HEADROOM = 32;

/** The error and its causes, outermost first; a cycle of causes ends the walk. */
export function errorChain(error: unknown): readonly unknown[] {
	const visited = new Set<unknown>();
	let link = error;
	while (link !== undefined && link !== null && !visited.has(link)) {
		visited.add(link);
		link = typeof link === "object" ? (link as { cause?: unknown }).cause : undefined;
	}
	return [...visited];
}

/**
 * True if the process ran out of file descriptors: some link in the chain of causes has the code `EMFILE`, or its message
 * says "too many open files" in any case. Cells that fail this way fail together, so a run must stop and say so.
 */
export function isFileDescriptorExhaustion(error: unknown): boolean {
	return errorChain(error).some((link) => {
		if (typeof link === "string") return mentionsOpenFiles(link);
		if (typeof link !== "object" || link === null) return false;
		const { code, message } = link as { code?: unknown; message?: unknown };
		return code === "EMFILE" || (typeof message === "string" && mentionsOpenFiles(message));
	});
}

function mentionsOpenFiles(text: string): boolean {
	return text.toLowerCase().includes("too many open files");
}

/**
 * The process's open-file limits, or `undefined` where the platform has none (Windows). Opens no file and no socket, so it
 * works in a process that has just run out of them.
 */
export function openFileLimits(): OpenFileLimits | undefined {
	// Missing in @types/node 24; in Node since 22.
	const report = process.report as typeof process.report & { excludeNetwork: boolean };
	const { excludeNetwork } = report;
	// Listing the interfaces would need a socket, and naming the peers a look-up.
	report.excludeNetwork = true;
	try {
		const { userLimits } = report.getReport() as { userLimits?: { open_files?: { soft: unknown; hard: unknown } } };
		if (userLimits?.open_files === undefined) return undefined;
		const { soft, hard } = userLimits.open_files;
		return { soft: limitOf(soft), hard: limitOf(hard) };
	} finally {
		report.excludeNetwork = excludeNetwork;
	}
}

function limitOf(value: unknown): number {
	return value === "unlimited" ? Number.POSITIVE_INFINITY : Number(value);
}

/** The most connections that fit under a soft open-file limit: `max(1, softLimit - headroom)`. */
export function fileDescriptorSafeWorkers(softLimit: number, headroom: number = DESCRIPTOR_HEADROOM): number {
	return Math.max(1, softLimit - headroom);
}

/**
 * What to tell the user when descriptors ran out: how many workers of which executor exceeded which limit, and what to do.
 * `limits` are those of `openFileLimits()`, read when the message is made.
 */
export function tooManyOpenFilesMessage(workers: number, executorName: string, limits?: OpenFileLimits): string {
	const kind = executorName.charAt(0).toUpperCase() + executorName.slice(1);
	const known = limits === undefined ? "" : ` (ulimit -n = ${limits.soft}, hard = ${limits.hard})`;
	const bound = limits === undefined ? "" : ` to <= ${fileDescriptorSafeWorkers(limits.soft)}`;
	return (
		`Too many open files: ${workers} ${kind} workers exceeded the open-file soft limit${known}. ` +
		`Cells would be silently dropped. Raise the limit (e.g. \`ulimit -n 8192\`) or lower --max-workers${bound}.`
	);
}
