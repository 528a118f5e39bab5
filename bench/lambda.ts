import { fork } from "node:child_process";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { dispatch, LAMBDA_RETRY } from "@zagg/dispatch";
import { lambdaExecutor } from "@zagg/executor-lambda";

const WIDTH = 1000;
const INVOCATIONS = 20_000;
const PAYLOAD = { granule_urls: Array.from({ length: 20 }, (_, index) => `s3://bucket/ATL06_2018_${index}.h5`) };
const CREDENTIALS = { accessKeyId: "bench", secretAccessKey: "bench" };

/** What the executor adds to an invocation, over loopback against a stub in another process that answers at once. */
export interface LambdaFigures {
	readonly invokesPerSecond: number;
	/** The SDK's client as it comes (50 sockets), asked for as many at once. */
	readonly defaultClientInvokesPerSecond: number;
	/** Heap at the end over the heap after a tenth of the cells. */
	readonly heapGrowthRatio: number;
}

/** Invokes 20,000 times, 1,000 at once. */
export async function lambdaBench(): Promise<LambdaFigures> {
	const child = fork(new URL("./lambda-stub.ts", import.meta.url));
	const port = await new Promise<number>((resolve) => child.once("message", resolve as (message: unknown) => void));
	const endpoint = `http://127.0.0.1:${port}`;
	try {
		const executor = lambdaExecutor<typeof PAYLOAD, unknown>({
			functionName: "stub",
			endpoint,
			region: "us-west-2",
			credentials: CREDENTIALS,
			workers: WIDTH,
		});
		const { workers } = await executor.preflight(INVOCATIONS);
		let heapEarly = 0;
		const started = performance.now();
		await dispatch(executor, repeat(PAYLOAD, INVOCATIONS), {
			workers,
			retry: LAMBDA_RETRY,
			accumulate: (_report, completed) => {
				if (completed === INVOCATIONS / 10) heapEarly = usedHeap();
			},
		});
		const seconds = (performance.now() - started) / 1000;
		const heapGrowthRatio = usedHeap() / heapEarly;
		await executor.shutdown();
		return {
			invokesPerSecond: INVOCATIONS / seconds,
			defaultClientInvokesPerSecond: await withDefaultClient(endpoint),
			heapGrowthRatio,
		};
	} finally {
		child.kill();
	}
}

async function withDefaultClient(endpoint: string): Promise<number> {
	const client = new LambdaClient({ endpoint, region: "us-west-2", credentials: CREDENTIALS });
	const payloads = repeat(PAYLOAD, INVOCATIONS);
	const started = performance.now();
	const lane = async (): Promise<void> => {
		for (const payload of payloads) {
			const command = new InvokeCommand({ FunctionName: "stub", Payload: Buffer.from(JSON.stringify(payload)) });
			JSON.parse((await client.send(command)).Payload!.transformToString());
		}
	};
	await Promise.all(Array.from({ length: WIDTH }, lane));
	client.destroy();
	return INVOCATIONS / ((performance.now() - started) / 1000);
}

function* repeat<Value>(value: Value, times: number): Generator<Value> {
	for (let index = 0; index < times; index++) yield value;
}

function usedHeap(): number {
	globalThis.gc?.();
	return process.memoryUsage().heapUsed;
}
