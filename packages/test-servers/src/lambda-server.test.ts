import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { startLambdaServer } from "./lambda-server.ts";

test("answers the SDK as told, and keeps what it was asked", async () => {
	await using server = await startLambdaServer({
		answer: ({ index }) =>
			index === 0 ? { body: "[1]" } : { functionError: "Unhandled", body: '{"errorMessage":"no"}' },
	});
	const client = new LambdaClient({
		endpoint: server.url,
		region: "us-west-2",
		maxAttempts: 1,
		credentials: { accessKeyId: "a", secretAccessKey: "b" },
	});
	const invoke = () => client.send(new InvokeCommand({ FunctionName: "f:3", Payload: Buffer.from('{"a":1}') }));
	expect((await invoke()).Payload?.transformToString()).toBe("[1]");
	expect((await invoke()).FunctionError).toBe("Unhandled");
	expect(server.invocations.map(({ functionName, event }) => [functionName, event])).toEqual([
		["f:3", '{"a":1}'],
		["f:3", '{"a":1}'],
	]);
	client.destroy();
});
