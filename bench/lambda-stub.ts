// A Lambda that answers at once; started by lambda.ts.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const server = createServer((request, response) => {
	request.resume();
	request.on("end", () => {
		const isInvocation = request.url!.includes("/invocations");
		response.writeHead(200, { "content-type": "application/json" });
		response.end(isInvocation ? '{"statusCode": 200, "body": "{\\"duration_s\\": 1}"}' : ACCOUNT);
	});
});
const ACCOUNT = JSON.stringify({ AccountLimit: { ConcurrentExecutions: 100_000 }, Datapoints: [], Timeout: 900 });
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", 2048, () => process.send!((server.address() as AddressInfo).port));
