import { pythonRepr } from "../python/index.ts";
import { invalidConfig, isRecord, type PlainRecord, refuseUnknownKeys } from "./check.ts";

const BOUNDS_KEYS = ["temporal", "spatial"];
const TEMPORAL_KEYS = ["start_date", "end_date"];

/** Checks the optional `bounds`, which describe a config and steer nothing. */
export function checkBounds(bounds: PlainRecord | null): void {
	if (bounds === null) return;
	const unknown = Object.keys(bounds).filter((key) => !BOUNDS_KEYS.includes(key));
	if (unknown.length > 0) {
		throw invalidConfig(
			`Unknown bounds keys: ${pythonRepr(new Set(unknown))} (allowed: ${pythonRepr(new Set(BOUNDS_KEYS))})`,
		);
	}
	const temporal = bounds.temporal ?? null;
	if (temporal === null) return;
	if (isRecord(temporal)) refuseUnknownKeys(temporal, TEMPORAL_KEYS, "bounds.temporal");
	if (!isRecord(temporal) || !TEMPORAL_KEYS.every((key) => key in temporal)) {
		throw invalidConfig("bounds.temporal requires start_date and end_date");
	}
}
