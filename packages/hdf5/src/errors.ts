const zaggErrorMarker = Symbol.for("zagg.error");

/** What kind of failure an error is, for whoever decides whether to try again. */
type FailureClass =
	| "throttled"
	| "transport"
	| "preempted"
	| "timeout"
	| "out-of-memory"
	| "data"
	| "bug"
	| "fatal"
	| "access-denied"
	| "usage"
	| "cancelled";

/**
 * Stable codes of everything that can go wrong here:
 *
 * - `hdf5/no-file`: there is no regular file at the path
 * - `hdf5/access-denied`: the file may not be read
 * - `hdf5/io`: the storage failed
 * - `hdf5/not-hdf5`: the file holds something else
 * - `hdf5/truncated`: the file ends before its own metadata says it does
 * - `hdf5/corrupt`: the file contradicts itself or a checksum
 * - `hdf5/unsupported`: the file is valid, but uses a feature that this package does not read
 * - `hdf5/not-found`: the path leads to nothing
 * - `hdf5/wrong-kind`: the path leads to a group where a dataset was asked for, or the reverse
 * - `hdf5/too-large`: one read would need more memory than a single array may have
 * - `hdf5/usage`: an argument makes no sense, or the file is closed
 * - `hdf5/cancelled`: the signal was aborted
 */
export type Hdf5ErrorCode =
	| "hdf5/no-file"
	| "hdf5/access-denied"
	| "hdf5/io"
	| "hdf5/not-hdf5"
	| "hdf5/truncated"
	| "hdf5/corrupt"
	| "hdf5/unsupported"
	| "hdf5/not-found"
	| "hdf5/wrong-kind"
	| "hdf5/too-large"
	| "hdf5/usage"
	| "hdf5/cancelled";

const failureClasses: Readonly<Record<Hdf5ErrorCode, FailureClass>> = {
	"hdf5/no-file": "data",
	"hdf5/access-denied": "access-denied",
	"hdf5/io": "transport",
	"hdf5/not-hdf5": "data",
	"hdf5/truncated": "data",
	"hdf5/corrupt": "data",
	"hdf5/unsupported": "data",
	"hdf5/not-found": "data",
	"hdf5/wrong-kind": "data",
	"hdf5/too-large": "usage",
	"hdf5/usage": "usage",
	"hdf5/cancelled": "cancelled",
};

export interface Hdf5ErrorOptions {
	/** Overrides the class that belongs to the code. */
	readonly failureClass?: FailureClass;
	/** What to do next, one sentence; it also ends the message. */
	readonly remedy?: string;
	/** Paths, offsets, sizes; never secrets. */
	readonly context?: Readonly<Record<string, unknown>>;
	readonly cause?: unknown;
}

/** The one error type of this package. */
export class Hdf5Error extends Error {
	override readonly name = "Hdf5Error";
	readonly [zaggErrorMarker] = true;
	readonly code: Hdf5ErrorCode;
	readonly failureClass: FailureClass;
	readonly remedy: string | undefined;
	readonly context: Readonly<Record<string, unknown>>;

	constructor(code: Hdf5ErrorCode, message: string, options: Hdf5ErrorOptions = {}) {
		const { failureClass = failureClasses[code], remedy, context = {}, cause } = options;
		super(remedy === undefined ? message : `${message}. ${remedy}`, cause === undefined ? undefined : { cause });
		this.code = code;
		this.failureClass = failureClass;
		this.remedy = remedy;
		this.context = context;
	}
}

/** The file contradicts itself: `what` says where and how. */
export function corrupt(file: string, what: string, context: Readonly<Record<string, unknown>> = {}): Hdf5Error {
	return new Hdf5Error("hdf5/corrupt", `${file} is a damaged HDF5 file: ${what}`, {
		remedy: "Fetch the file again or leave it out",
		context: { file, ...context },
	});
}

/** The file is valid as far as we can tell, but needs `what`, which this package does not read. */
export function unsupported(file: string, what: string, context: Readonly<Record<string, unknown>> = {}): Hdf5Error {
	return new Hdf5Error("hdf5/unsupported", `${file} uses ${what}, which this reader does not support`, {
		remedy: "Rewrite the file without it, for example with h5repack, or read another dataset",
		context: { file, ...context },
	});
}

/** Throws `hdf5/cancelled` when the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined, file: string): void {
	if (signal?.aborted) throw cancelled(signal, file);
}

/** The error for a read of `file` that `signal` has stopped. */
export function cancelled(signal: AbortSignal, file: string): Hdf5Error {
	return new Hdf5Error("hdf5/cancelled", `Reading ${file} was cancelled`, { context: { file }, cause: signal.reason });
}
