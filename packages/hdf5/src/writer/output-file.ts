import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { Hdf5Error } from "../errors.ts";

/** A file that grows beside its final place (`PATH.partial`) and appears there complete or not at all. */
export interface OutputFile {
	/** Bytes reserved so far. */
	readonly size: number;
	/** Reserves the next bytes of the file at once, writes them, and resolves to their address. */
	append(bytes: Uint8Array): Promise<number>;
	write(address: number, bytes: Uint8Array): Promise<void>;
	/** Makes the file durable and moves it to its final place, over whatever was there. */
	publish(): Promise<void>;
	discard(): Promise<void>;
}

/** Creates the file, with its first `reservedSize` bytes kept free for later. Throws `hdf5/io`. */
export async function createOutputFile(path: string, reservedSize: number): Promise<OutputFile> {
	const partialPath = `${path}.partial`;
	const handle = await attempt(path, () => open(partialPath, "w"));
	let size = reservedSize;
	return {
		get size() {
			return size;
		},
		async append(bytes) {
			const address = size;
			size += bytes.length;
			await attempt(path, () => writeFully(handle, bytes, address));
			return address;
		},
		write: (address, bytes) => attempt(path, () => writeFully(handle, bytes, address)),
		publish: () =>
			attempt(path, async () => {
				await handle.sync();
				await handle.close();
				await rename(partialPath, path);
			}),
		discard: () =>
			attempt(path, async () => {
				await handle.close();
				await rm(partialPath, { force: true });
			}),
	};
}

/** One write call takes less than 2 GiB and may take less than it was given. */
async function writeFully(handle: FileHandle, bytes: Uint8Array, address: number): Promise<void> {
	const maximumWriteSize = 64 * 1024 * 1024;
	let written = 0;
	while (written < bytes.length) {
		const length = Math.min(maximumWriteSize, bytes.length - written);
		written += (await handle.write(bytes, written, length, address + written)).bytesWritten;
	}
}

async function attempt<Result>(path: string, action: () => Promise<Result>): Promise<Result> {
	try {
		return await action();
	} catch (cause) {
		const { message, code = "" } = cause as NodeJS.ErrnoException;
		throw new Hdf5Error("hdf5/io", `${path} cannot be written: ${message}`, {
			failureClass: ["EACCES", "EPERM", "EROFS"].includes(code) ? "access-denied" : "fatal",
			remedy: "Check that its folder exists, may be written to and has space left",
			context: { path },
			cause,
		});
	}
}
