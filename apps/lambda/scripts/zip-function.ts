import { once } from "node:events";
import { createWriteStream } from "node:fs";
import yazl from "yazl";

/** Packs a bundle as Lambda takes it: the same bytes for the same bundle, wherever and whenever it is done. */
export async function zipFunction(bundle: string, target: string): Promise<void> {
	const archive = new yazl.ZipFile();
	archive.addFile(bundle, "index.mjs", {
		// Any fixed time that a ZIP file can hold, without the field that depends on the time zone.
		mtime: new Date(1980, 0, 2),
		forceDosTimestamp: true,
		mode: 0o100644,
	});
	archive.end();
	await once(archive.outputStream.pipe(createWriteStream(target)), "close");
}
