import type { MessageHandler, Site, Work } from "./work.ts";

/**
 * Runs work in this thread, interleaved at its awaits. It can only be told to stop, not made to: an aborted attempt rejects at
 * once, and work that ignores its signal goes on unseen.
 */
export function lanes<Payload, Result>(
	work: Work<Payload, Result>,
	onMessage: MessageHandler | undefined,
): Site<Payload, Result> {
	return {
		async run(payload, ids, { signal }) {
			signal.throwIfAborted();
			const emit = (message: unknown) => {
				if (!signal.aborted) onMessage?.(message, ids);
			};
			const aborted = Promise.withResolvers<never>();
			const abort = () => aborted.reject(signal.reason);
			signal.addEventListener("abort", abort);
			const result = async () => work(payload, { ...ids, signal, emit });
			try {
				return await Promise.race([result(), aborted.promise]);
			} finally {
				signal.removeEventListener("abort", abort);
			}
		},
		close: async () => {},
	};
}
