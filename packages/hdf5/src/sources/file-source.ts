import { type FileHandle, open } from "node:fs/promises";
import type { ByteSource } from "../byte-source.ts";
import { Hdf5Error } from "../errors.ts";
import { checkRange, createStatistics } from "./source-common.ts";

/**
 * Opens a local file for positional reads. The file stays open until `close()`.
 *
 * @throws Hdf5Error `hdf5/no-file` when the path is missing or not a regular file, `hdf5/access-denied` when it may
 * not be read, `hdf5/io` for everything else that the operating system refuses
 */
export async function openFileSource(path: string): Promise<ByteSource> {
	const handle = await open(path, "r").catch((cause: unknown) => {
		throw openError(path, cause);
	});
	try {
		const stat = await handle.stat();
		if (!stat.isFile()) throw notAFile(path, stat.isDirectory() ? "is a directory" : "is not a regular file");
		return fileSource(path, stat.size, handle);
	} catch (error) {
		await handle.close();
		throw error instanceof Hdf5Error ? error : openError(path, error);
	}
}

function fileSource(path: string, size: number, handle: FileHandle): ByteSource {
	const statistics = createStatistics();
	let closed = false;
	return {
		name: path,
		size,
		statistics,
		async read(offset, length, options) {
			checkRange({ name: path, size, closed }, offset, length, options?.signal);
			// Slow buffers own their memory: a small one must not keep a shared 8 KiB pool alive.
			const bytes = Buffer.allocUnsafeSlow(length);
			let filled = 0;
			while (filled < length) {
				const { bytesRead } = await handle
					.read(bytes, filled, length - filled, offset + filled)
					.catch((cause: unknown) => {
						throw readError(path, offset, length, cause);
					});
				if (bytesRead === 0) {
					throw new Hdf5Error("hdf5/truncated", `${path} became shorter while it was read`, {
						remedy: "Wait until whatever writes the file has finished",
						context: { path, offset: offset + filled },
					});
				}
				filled += bytesRead;
				statistics.requests += 1;
				statistics.bytesRead += bytesRead;
			}
			return bytes;
		},
		async close() {
			if (closed) return;
			closed = true;
			await handle.close();
		},
	};
}

function notAFile(path: string, what: string, cause?: unknown): Hdf5Error {
	return new Hdf5Error("hdf5/no-file", `${path} ${what}`, {
		remedy: "Check the path",
		context: { path },
		cause,
	});
}

function openError(path: string, cause: unknown): Hdf5Error {
	const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
	switch (reason) {
		case "ENOENT":
		case "ENOTDIR":
			return notAFile(path, "does not exist", cause);
		case "EISDIR":
			return notAFile(path, "is a directory", cause);
		case "EACCES":
		case "EPERM":
			return new Hdf5Error("hdf5/access-denied", `${path} may not be read (${reason})`, {
				remedy: "Change the file's permissions or run as somebody who may read it",
				context: { path },
				cause,
			});
		case "EMFILE":
		case "ENFILE":
			return new Hdf5Error("hdf5/io", `${path} could not be opened: too many open files (${reason})`, {
				failureClass: "fatal",
				remedy: "Raise the limit of open files (ulimit -n) or use fewer workers",
				context: { path },
				cause,
			});
		default:
			return new Hdf5Error("hdf5/io", `${path} could not be opened (${reason})`, {
				remedy: "Check the disk and the path",
				context: { path },
				cause,
			});
	}
}

function readError(path: string, offset: number, length: number, cause: unknown): Hdf5Error {
	const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
	return new Hdf5Error("hdf5/io", `${path} could not be read at offset ${offset} (${reason})`, {
		remedy: "Check the disk or the network mount and try again",
		context: { path, offset, length },
		cause,
	});
}
