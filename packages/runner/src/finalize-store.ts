import type { RunLog } from "./log.ts";

const ATTEMPTS = 2;

/**
 * Consolidates a store's metadata, once more if that fails; the results are worth keeping whether or not it works.
 *
 * @returns null, or why it failed in the end
 */
export async function finalizeStore(consolidate: () => Promise<void>, log: RunLog): Promise<string | null> {
	for (let attempt = 1; ; attempt++) {
		try {
			await consolidate();
			return null;
		} catch (error) {
			const message = errorMessage(error);
			log.warn(`Consolidating metadata failed (attempt ${attempt} of ${ATTEMPTS}): ${message}`);
			if (attempt === ATTEMPTS) return message;
		}
	}
}

/** What an error says, whatever was thrown. */
export function errorMessage(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
