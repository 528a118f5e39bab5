import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ByteSource } from "./byte-source.ts";
import { Hdf5Error, type Hdf5ErrorCode } from "./errors.ts";
import { type Hdf5File, openHdf5 } from "./file.ts";
import type { NumericArray } from "./numeric.ts";
import { memorySource } from "./sources/memory-source.ts";

/** What h5py says of one dataset of a fixture. */
export interface ExpectedDataset {
	readonly type: string;
	readonly shape: readonly number[];
	readonly chunks: readonly number[] | null;
	/** CRC-32 of the values' little-endian bytes. */
	readonly crc32: number;
}

export function fixturePath(name: string): string {
	return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

export function fixtureBytes(name: string): Uint8Array {
	return new Uint8Array(readFileSync(fixturePath(name)));
}

export function openFixture(name: string): Promise<Hdf5File> {
	return openHdf5(memorySource(fixtureBytes(name), name));
}

export const expectedDatasets: Readonly<Record<string, Readonly<Record<string, ExpectedDataset>>>> = JSON.parse(
	readFileSync(fixturePath("expected.json"), "utf8"),
);

export function bytesOf(array: NumericArray): Uint8Array {
	return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** The error that the promise rejects with; anything but an `Hdf5Error` with this code fails the test. */
export async function errorOf(promise: Promise<unknown>, code: Hdf5ErrorCode): Promise<Hdf5Error> {
	const outcome = await promise.then(
		() => new Error(`succeeded instead of failing with ${code}`),
		(error: unknown) => error,
	);
	if (outcome instanceof Hdf5Error && outcome.code === code) return outcome;
	throw outcome;
}

/** The source, with every read recorded and, if asked, delayed or failing. */
export function observedSource(
	source: ByteSource,
	before: (read: {
		offset: number;
		length: number;
		signal: AbortSignal | undefined;
	}) => Promise<void> | void = () => {},
): ByteSource & { readonly reads: { offset: number; length: number }[]; readonly mostAtOnce: () => number } {
	const reads: { offset: number; length: number }[] = [];
	let running = 0;
	let most = 0;
	return {
		name: source.name,
		size: source.size,
		statistics: source.statistics,
		reads,
		mostAtOnce: () => most,
		async read(offset, length, options) {
			reads.push({ offset, length });
			running += 1;
			most = Math.max(most, running);
			try {
				await before({ offset, length, signal: options?.signal });
				return await source.read(offset, length, options);
			} finally {
				running -= 1;
			}
		},
		close: () => source.close(),
	};
}
