import type { EndLine, Identity, Meter } from "./lines.ts";

/** A cell on its way: queued, in a task, or adopted from a run that was attached to. */
export interface PendingCell extends Identity {
	/** Its line in a shard file. */
	readonly text: string;
	settle(outcome: { readonly end: EndLine } | { readonly error: Error; readonly meter: Meter | null }): void;
}
