import { normaliseCredentials } from "@zagg/aggregate";
import { RunError } from "./errors.ts";
import type { OutputCredentialsBlock } from "./lambda-event.ts";

/**
 * The `output_credentials` of a Lambda event, from credentials in any of the accepted spellings.
 *
 * @param region used where the credentials name none
 * @param endpointUrl of the output store; wins over the one in the credentials
 * @returns null without credentials: the function then writes as its own role
 * @throws RunError `run/bad-credentials` naming the fields that are missing.
 */
export function outputCredentialsBlock(
	credentials: Readonly<Record<string, unknown>> | null | undefined,
	region: string,
	endpointUrl: string | null | undefined,
): OutputCredentialsBlock | null {
	const { accessKeyId, secretAccessKey, sessionToken, ...place } = normaliseCredentials(credentials ?? {});
	if (!credentials || Object.keys(credentials).length === 0) return null;
	if (!accessKeyId || !secretAccessKey) {
		const missing = [!accessKeyId && "accessKeyId", !secretAccessKey && "secretAccessKey"].filter(Boolean).join(", ");
		throw new RunError(
			"run/bad-credentials",
			`output_credentials is missing required field(s): ${missing} (accepts camelCase, snake_case, or STS PascalCase spellings)`,
		);
	}
	const endpoint = endpointUrl || place.endpointUrl;
	return {
		accessKeyId,
		secretAccessKey,
		region: place.region || region,
		...(sessionToken && { sessionToken }),
		...(endpoint && { endpointUrl: endpoint }),
	};
}
