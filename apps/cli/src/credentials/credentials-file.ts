import { readFile } from "node:fs/promises";
import { AggregationError, parseJson } from "@zagg/aggregate";

/**
 * Reads a JSON file of AWS credentials, in any of the accepted spellings.
 *
 * @param flag the flag that names the file, for messages
 * @throws AggregationError `config/invalid`; the message never shows what the file holds.
 */
export async function readCredentialsFile(path: string, flag: string): Promise<Record<string, unknown>> {
	const refuse = (reason: string, cause?: unknown): AggregationError =>
		new AggregationError("config/invalid", `${flag} ${path}: ${reason}`, {
			remedy: 'Give a JSON file such as {"accessKeyId": "…", "secretAccessKey": "…", "sessionToken": "…"}.',
			context: { path },
			cause,
		});
	let text: string;
	try {
		text = await readFile(path, "utf8");
	} catch (error) {
		throw refuse((error as Error).message, error);
	}
	let value: unknown;
	try {
		value = parseJson(text);
	} catch {
		// The parser's reason quotes the text.
		throw refuse("it is not valid JSON");
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw refuse("it is not a JSON object");
	return value as Record<string, unknown>;
}
