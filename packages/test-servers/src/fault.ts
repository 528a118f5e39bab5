import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

/** What a server does to a request instead of, or before, answering it. */
export interface Fault {
	/** Waits so long first. */
	readonly delayMilliseconds?: number;
	/** Answers with this status. */
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	/** The S3 error code in the body, where the server speaks S3. */
	readonly code?: string;
	/** Drops the connection without an answer. */
	readonly drop?: boolean;
	/** Sends so many bytes of the body, then drops the connection. */
	readonly truncateAfterBytes?: number;
}

/** Applies what happens before an answer. @returns true when the request needs no answer any more */
export async function applyFault(fault: Fault | undefined, response: ServerResponse): Promise<boolean> {
	if (fault?.delayMilliseconds) await wait(fault.delayMilliseconds);
	if (!fault?.drop) return false;
	response.destroy();
	return true;
}

/** Sends a body, or as much of it as the fault lets through. */
export function sendBody(response: ServerResponse, body: Uint8Array, fault: Fault | undefined): void {
	if (fault?.truncateAfterBytes === undefined) {
		response.end(body);
		return;
	}
	response.write(body.subarray(0, fault.truncateAfterBytes), () => response.destroy());
}
