/** Lets a fixed number in at once; the others wait in order. */
export interface Gate {
	/** Resolves when there is room; rejects with the signal's reason if it is aborted before that. */
	enter(signal: AbortSignal): Promise<void>;
	/** Makes room; to be called once per `enter` that resolved. */
	leave(): void;
}

/** Makes a gate for `width` at once. */
export function openGate(width: number): Gate {
	let room = width;
	const waiting = new Set<() => void>();
	return {
		async enter(signal) {
			signal.throwIfAborted();
			if (room > 0) {
				room--;
				return;
			}
			const turn = Promise.withResolvers<void>();
			const giveUp = () => turn.reject(signal.reason);
			waiting.add(turn.resolve);
			signal.addEventListener("abort", giveUp);
			try {
				await turn.promise;
			} finally {
				waiting.delete(turn.resolve);
				signal.removeEventListener("abort", giveUp);
			}
		},
		leave() {
			const [next] = waiting;
			if (next === undefined) room++;
			else {
				// The room passes on directly, so that nobody can slip in between.
				waiting.delete(next);
				next();
			}
		},
	};
}
