import type { ReadStatistics } from "../byte-source.ts";
import { Hdf5Error, throwIfCancelled } from "../errors.ts";

/** Statistics that the owning source counts up. */
export function createStatistics(): { -readonly [Key in keyof ReadStatistics]: ReadStatistics[Key] } {
	return { bytesRead: 0, requests: 0 };
}

/** Every source's checks before a read: open, inside the file, not cancelled. */
export function checkRange(
	source: { readonly name: string; readonly size: number; readonly closed: boolean },
	offset: number,
	length: number,
	signal: AbortSignal | undefined,
): void {
	const { name, size, closed } = source;
	if (closed) throw closedSource(name);
	throwIfCancelled(signal, name);
	if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
		throw new Hdf5Error("hdf5/usage", `${name}: ${length} bytes at offset ${offset} is not a byte range`, {
			context: { file: name, offset, length },
		});
	}
	if (offset + length > size) {
		throw new Hdf5Error("hdf5/truncated", `${name} has ${size} bytes, but ${length} are needed at offset ${offset}`, {
			remedy: "Fetch the file again: it looks cut short",
			context: { file: name, size, offset, length },
		});
	}
}

export function closedSource(name: string): Hdf5Error {
	return new Hdf5Error("hdf5/usage", `${name} was read after it was closed`, {
		remedy: "Keep the file open until the last read has finished",
		context: { file: name },
	});
}
