// Packs the built bundle into dist/zagg-lambda.zip.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { zipFunction } from "./zip-function.ts";

const home = join(import.meta.dirname, "..");
const target = join(home, "dist/zagg-lambda.zip");
await zipFunction(join(home, "dist/function/index.mjs"), target);
console.log(`${target}: ${((await stat(target)).size / 1e6).toFixed(2)} MB`);
