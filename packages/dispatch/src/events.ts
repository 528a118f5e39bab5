import type { CellCost } from "./cost.ts";
import type { FailureClass } from "./failure-class.ts";
import type { CompletionReason } from "./report.ts";

interface EventBase {
	/** Milliseconds since the Unix epoch, from the run's clock. */
	readonly time: number;
	readonly runId: string;
}

interface CellEventBase extends EventBase {
	/** The payload's position in its source, from 0. */
	readonly index: number;
}

interface AttemptEventBase extends CellEventBase {
	/** Counted from 1. */
	readonly attempt: number;
}

/** The first event of a run. */
export interface RunStartEvent extends EventBase {
	readonly type: "run-start";
	readonly executor: string;
	readonly workers: number;
	readonly maxAttempts: number;
}

/** A payload was taken from its source; its first attempt follows at once. */
export interface CellStartEvent extends CellEventBase {
	readonly type: "cell-start";
}

/** The payload is being handed to the executor. */
export interface AttemptStartEvent extends AttemptEventBase {
	readonly type: "attempt-start";
}

/** The executor's answer is there. */
export interface AttemptEndEvent extends AttemptEventBase {
	readonly type: "attempt-end";
	readonly status: "succeeded" | "failed";
	readonly durationSeconds: number;
	readonly cost: CellCost;
	readonly error: unknown;
	readonly failureClass: FailureClass | undefined;
	/** The wait before the next attempt; `undefined` if this was the cell's last. */
	readonly retryDelaySeconds: number | undefined;
}

/** A cell is done with, after its last attempt and before `accumulate` or `onFailure` sees it. */
export interface CellEndEvent extends CellEventBase {
	readonly type: "cell-end";
	readonly status: "succeeded" | "failed" | "cancelled";
	readonly attempts: number;
	/** How many cells have ended, this one included; a cancelled cell does not count. */
	readonly completed: number;
	/** From the first attempt's start to the last one's end, waits included. */
	readonly durationSeconds: number;
	readonly error: unknown;
	readonly failureClass: FailureClass | undefined;
}

/** The number of cells that may be in flight was changed. */
export interface LimitChangeEvent extends EventBase {
	readonly type: "limit-change";
	readonly previous: number;
	readonly current: number;
}

/** The last event of a run; nothing is in flight any more. */
export interface RunEndEvent extends EventBase {
	readonly type: "run-end";
	readonly completionReason: CompletionReason;
	readonly cellsCompleted: number;
	readonly cellsError: number;
	readonly cellsCancelled: number;
	readonly attempts: number;
	readonly cost: CellCost;
	readonly durationSeconds: number;
}

/** Everything that happens in a run, in order. */
export type DispatchEvent =
	| RunStartEvent
	| CellStartEvent
	| AttemptStartEvent
	| AttemptEndEvent
	| CellEndEvent
	| LimitChangeEvent
	| RunEndEvent;

/**
 * Called synchronously for every event; should return soon. One that throws, or returns a promise that rejects, is not called
 * again in this run, and what it threw is kept in `report.subscriberErrors`; the run goes on.
 */
export type EventSubscriber = (event: DispatchEvent) => unknown;

/** Hands events to subscribers and drops the ones that throw. */
export interface EventBus {
	/** False when nobody listens, so that hot paths need not build events. */
	active: boolean;
	emit(event: DispatchEvent): void;
}

/** Makes the bus of one run; `onSubscriberError` is called once per subscriber that is dropped. */
export function eventBus(
	subscribers: EventSubscriber | readonly EventSubscriber[] | undefined,
	onSubscriberError: (error: unknown) => void,
): EventBus {
	let attached: readonly EventSubscriber[] =
		subscribers === undefined ? [] : typeof subscribers === "function" ? [subscribers] : [...subscribers];
	const detach = (subscriber: EventSubscriber, error: unknown) => {
		if (!attached.includes(subscriber)) return;
		attached = attached.filter((other) => other !== subscriber);
		bus.active = attached.length > 0;
		onSubscriberError(error);
	};
	const bus: EventBus = {
		active: attached.length > 0,
		emit(event) {
			for (const subscriber of attached) {
				try {
					const returned = subscriber(event);
					if (returned instanceof Promise) returned.catch((error: unknown) => detach(subscriber, error));
				} catch (error) {
					detach(subscriber, error);
				}
			}
		},
	};
	return bus;
}
