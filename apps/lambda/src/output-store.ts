import { openStore, type ZarrStore } from "@zagg/aggregate";
import { LambdaWorkerError } from "./errors.ts";
import { type LambdaEvent, missingKeys, recordAt, textAt } from "./event.ts";

const CREDENTIAL_KEYS = ["accessKeyId", "secretAccessKey"];

/**
 * Opens the store that an event names: with the event's `output_credentials`, or else as the function's own role.
 *
 * @param region where the store is, unless the credentials name another region
 * @throws LambdaWorkerError `lambda-worker/invalid-event` for credentials without one of their keys, and as `openStore`.
 */
export function openOutputStore(event: LambdaEvent, region: string): Promise<ZarrStore> {
	const path = textAt(event, "store_path");
	const credentials = recordAt(event, "output_credentials");
	if (Object.keys(credentials).length === 0) return openStore(path, { region });
	const missing = missingKeys(credentials, CREDENTIAL_KEYS);
	if (missing.length > 0) {
		throw new LambdaWorkerError(
			"lambda-worker/invalid-event",
			`output_credentials missing keys: ${missing.join(", ")}`,
		);
	}
	const { accessKeyId, secretAccessKey, sessionToken, region: ownRegion, endpointUrl } = credentials;
	return openStore(path, {
		region: ownRegion ? String(ownRegion) : region,
		credentials: {
			accessKeyId: String(accessKeyId),
			secretAccessKey: String(secretAccessKey),
			...(sessionToken ? { sessionToken: String(sessionToken) } : {}),
		},
		...(endpointUrl ? { endpointUrl: String(endpointUrl) } : {}),
	});
}
