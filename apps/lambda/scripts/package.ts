// Packs the built bundle into dist/zagg-lambda.zip, the same bytes for the same bundle.
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import yazl from "yazl";

const home = join(import.meta.dirname, "..");
const target = join(home, "dist/zagg-lambda.zip");
const archive = new yazl.ZipFile();
// The earliest time that a ZIP file can hold.
archive.addFile(join(home, "dist/function/index.mjs"), "index.mjs", { mtime: new Date(1980, 0, 1), mode: 0o100644 });
archive.end();
await once(archive.outputStream.pipe(createWriteStream(target)), "close");
console.log(`${target}: ${((await stat(target)).size / 1e6).toFixed(2)} MB`);
