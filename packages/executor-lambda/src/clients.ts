import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { LambdaClientOptions } from "./options.ts";

const CONNECT_TIMEOUT_MILLISECONDS = 10_000;
const PROBE_TIMEOUT_MILLISECONDS = 15_000;

/** Clients for reading limits; few requests, which may be repeated by the SDK. */
export function probeClients(options: LambdaClientOptions): { lambda: LambdaClient; cloudWatch: CloudWatchClient } {
	const handler = () =>
		new NodeHttpHandler({
			connectionTimeout: CONNECT_TIMEOUT_MILLISECONDS,
			requestTimeout: PROBE_TIMEOUT_MILLISECONDS,
			throwOnRequestTimeout: true,
		});
	const cloudWatchEndpoint = options.cloudWatchEndpoint ?? options.endpoint;
	return {
		lambda: new LambdaClient({ ...configuration(options, options.endpoint), requestHandler: handler() }),
		cloudWatch: new CloudWatchClient({ ...configuration(options, cloudWatchEndpoint), requestHandler: handler() }),
	};
}

/**
 * The client that invokes: as many sockets as cells at once (the SDK's default of 50 makes the others queue unseen), no
 * retries of its own (each would be an invocation that is paid for and not counted).
 */
export function invokeClient(options: LambdaClientOptions, workers: number, readTimeoutSeconds: number): LambdaClient {
	const agent = { keepAlive: true, maxSockets: workers };
	return new LambdaClient({
		...configuration(options, options.endpoint),
		maxAttempts: 1,
		requestHandler: new NodeHttpHandler({
			httpAgent: agent,
			httpsAgent: agent,
			connectionTimeout: CONNECT_TIMEOUT_MILLISECONDS,
			requestTimeout: readTimeoutSeconds * 1000,
			throwOnRequestTimeout: true,
			socketAcquisitionWarningTimeout: readTimeoutSeconds * 1000,
		}),
	});
}

function configuration({ region, credentials }: LambdaClientOptions, endpoint: string | undefined) {
	return {
		...(region && { region }),
		...(endpoint && { endpoint }),
		...(credentials && { credentials: { ...credentials } as { accessKeyId: string; secretAccessKey: string } }),
	};
}
