/**
 * Gives every call an abort signal of its own, with one listener on the run's: an `AbortSignal` walks through all of its
 * listeners whenever one is added or removed, which a thousand calls at once turn into most of their cost.
 */
export interface AbortFanOut {
	/** A signal that follows `signal`; `release` when the call has ended. */
	follow(signal: AbortSignal): { readonly signal: AbortSignal; release(): void };
}

/** Makes a fan-out. It holds nothing once every call has been released. */
export function abortFanOut(): AbortFanOut {
	const followers = new Map<AbortSignal, { readonly controllers: Set<AbortController>; readonly stop: () => void }>();
	return {
		follow(signal) {
			let group = followers.get(signal);
			if (group === undefined) {
				const controllers = new Set<AbortController>();
				const onAbort = (): void => {
					for (const controller of controllers) controller.abort(signal.reason);
				};
				signal.addEventListener("abort", onAbort);
				group = { controllers, stop: () => signal.removeEventListener("abort", onAbort) };
				followers.set(signal, group);
			}
			const { controllers, stop } = group;
			const controller = new AbortController();
			if (signal.aborted) controller.abort(signal.reason);
			controllers.add(controller);
			return {
				signal: controller.signal,
				release() {
					controllers.delete(controller);
					if (controllers.size > 0 || followers.get(signal)?.controllers !== controllers) return;
					followers.delete(signal);
					stop();
				},
			};
		},
	};
}
