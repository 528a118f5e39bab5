import { type Run, stopForPayloads } from "./run.ts";

/**
 * Takes payloads one at a time, only while there is room, and hands each to `start`, which resolves when its cell has ended
 * and must not reject. Resolves when nothing is in flight and nothing more will be taken.
 *
 * A state machine rather than a lane per worker: no promise waits per lane, two `next()` calls are never under way at once,
 * and a changed limit takes effect at once.
 */
export async function pump<Payload, Result>(
	run: Run<Payload, Result>,
	payloads: Iterable<Payload> | AsyncIterable<Payload>,
	start: (payload: Payload, index: number) => Promise<void>,
): Promise<void> {
	const { limit } = run;
	const stopped = run.intake.signal;
	const drained = Promise.withResolvers<void>();
	let source: PayloadSource<Payload> | undefined;
	let index = 0;
	let inFlight = 0;
	let pulling = false;
	let exhausted = false;

	const advance = () => {
		while (!pulling && !exhausted && !stopped.aborted && inFlight < limit.current) {
			// Keeps out a second pull, also one that the source itself causes by changing the limit.
			pulling = true;
			try {
				source ??= openPayloads(payloads);
				const step = source.next();
				if (step instanceof Promise) step.then(take).catch(sourceFailed).then(advance);
				else take(step);
			} catch (error) {
				sourceFailed(error);
			}
		}
		if (inFlight === 0 && (exhausted || stopped.aborted)) drained.resolve();
	};
	const take = (step: IteratorResult<Payload>) => {
		pulling = false;
		if (step.done) {
			exhausted = true;
		} else if (!stopped.aborted) {
			inFlight++;
			start(step.value, index++).then(ended);
		}
	};
	const ended = () => {
		inFlight--;
		advance();
	};
	const sourceFailed = (error: unknown) => {
		pulling = false;
		exhausted = true;
		// After a stop nobody wants payloads, and a source may well reject because of the same signal.
		if (!stopped.aborted) stopForPayloads(run, error);
	};

	stopped.addEventListener("abort", advance);
	const unsubscribe = limit.onChange(advance);
	advance();
	await drained.promise;
	unsubscribe();
	if (exhausted || source === undefined) return;
	const closing = closed(source).catch(() => {});
	// A source that is stuck in next() may never answer.
	if (!pulling) await closing;
}

interface PayloadSource<Payload> {
	next(): IteratorResult<Payload> | Promise<IteratorResult<Payload>>;
	/** Tells a source that is not exhausted that no more will be taken, so that it can give its resources back. */
	return?(): unknown;
}

function openPayloads<Payload>(payloads: Iterable<Payload> | AsyncIterable<Payload>): PayloadSource<Payload> {
	if (!(Symbol.asyncIterator in payloads)) return payloads[Symbol.iterator]();
	const iterator = payloads[Symbol.asyncIterator]();
	// Any thenable is allowed, and so is a synchronous throw.
	return { next: async () => iterator.next(), return: () => iterator.return?.() };
}

async function closed(source: PayloadSource<unknown>): Promise<void> {
	await source.return?.();
}
