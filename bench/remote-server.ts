// Serves one file over HTTP, every answer late; started by remote.ts.
import { readFile } from "node:fs/promises";
import { startHttpServer } from "../packages/test-servers/src/index.ts";

const [path = "", latencyMilliseconds = "0"] = process.argv.slice(2);
const server = await startHttpServer({ files: { "/granule.h5": new Uint8Array(await readFile(path)) } });
server.fault = () => ({ delayMilliseconds: Number(latencyMilliseconds) });
process.send!(`${server.url}/granule.h5`);
