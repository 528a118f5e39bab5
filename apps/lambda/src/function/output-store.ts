import { AggregationError, openStore, type ZarrStore } from "@zagg/aggregate";
import type { FunctionEnvironment, LambdaEvent } from "./event.ts";

/**
 * Opens the output store of an event, with the event's `output_credentials` or, without them, the function's own role.
 *
 * @throws AggregationError `config/invalid` for credentials with keys missing.
 */
export async function openOutputStore(event: LambdaEvent, { region }: FunctionEnvironment): Promise<ZarrStore> {
	const path = required(event, "store_path");
	const block = event.output_credentials as Record<string, string> | null | undefined;
	if (!block || Object.keys(block).length === 0) return openStore(path, { region });
	const missing = ["accessKeyId", "secretAccessKey"].filter((key) => !(key in block));
	if (missing.length > 0) {
		throw new AggregationError("config/invalid", `output_credentials missing keys: ${missing.join(", ")}`);
	}
	return openStore(path, {
		region: block.region || region,
		credentials: {
			accessKeyId: block.accessKeyId!,
			secretAccessKey: block.secretAccessKey!,
			sessionToken: block.sessionToken || undefined,
		},
		endpointUrl: block.endpointUrl || undefined,
	});
}

/** A text that an event must have. @throws AggregationError `config/invalid` */
export function required(event: LambdaEvent, key: string): string {
	const value = event[key];
	if (typeof value === "string" && value !== "") return value;
	throw new AggregationError("config/invalid", `the event's '${key}' is missing`);
}
