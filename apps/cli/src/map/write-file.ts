import { rename, rm, writeFile } from "node:fs/promises";
import { MapError } from "./map-error.ts";

/**
 * Writes a file beside its place and renames it there, so that a reader sees all of it or nothing.
 *
 * @throws MapError `map/not-writable`.
 */
export async function writeWholeFile(path: string, content: string | Uint8Array): Promise<void> {
	const partial = `${path}.partial`;
	try {
		await writeFile(partial, content);
		await rename(partial, path);
	} catch (error) {
		await rm(partial, { force: true }).catch(() => {});
		throw new MapError("map/not-writable", `cannot write the map ${path}: ${(error as Error).message}`, {
			failureClass: "fatal",
			remedy: "Choose another file, in a folder that exists and can be written to.",
			context: { path },
			cause: error,
		});
	}
}
