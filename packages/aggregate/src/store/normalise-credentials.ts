/** Accepted spellings of every key, the canonical one first: camelCase, snake_case (boto3) and PascalCase (STS). */
const SPELLINGS = {
	accessKeyId: ["accessKeyId", "aws_access_key_id", "AccessKeyId"],
	secretAccessKey: ["secretAccessKey", "aws_secret_access_key", "SecretAccessKey"],
	sessionToken: ["sessionToken", "aws_session_token", "SessionToken"],
	region: ["region", "region_name", "Region"],
	endpointUrl: ["endpointUrl", "endpoint_url"],
} as const;

/** AWS credentials in the canonical spelling, as far as they were given. */
export type NormalisedCredentials = { readonly [Key in keyof typeof SPELLINGS]?: string };

/**
 * AWS credentials from any of the accepted spellings; of several spellings of a key the first that is not empty counts,
 * and keys that are not known are dropped. Keys of the result are in canonical order.
 */
export function normaliseCredentials(given: Readonly<Record<string, unknown>>): NormalisedCredentials {
	return Object.fromEntries(
		Object.entries(SPELLINGS).flatMap(([key, spellings]) => {
			const value = spellings.map((spelling) => given[spelling]).find(Boolean);
			return value === undefined ? [] : [[key, String(value)]];
		}),
	);
}
