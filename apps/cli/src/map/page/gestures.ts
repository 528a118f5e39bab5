/** What a user does to the map; places and distances in pixels of the page. */
export interface Gestures {
	pan(right: number, down: number): void;
	zoom(factor: number, x: number, y: number): void;
	point(x: number, y: number): void;
	leave(): void;
	fit(): void;
	/** A key: moves the contents and scales them around the middle. */
	step(right: number, down: number, factor: number): void;
}

const WHEEL_ZOOM_PER_PIXEL = 0.0016;
/** Firefox counts wheel turns in lines of about this many pixels. */
const PIXELS_PER_LINE = 16;
const KEY_STEP = 60;
const KEY_ZOOM = 1.4;

/** Turns pointers, wheel and keys into gestures. */
export function listenToGestures(canvas: HTMLCanvasElement, gestures: Gestures): void {
	const pointers = new Map<number, PointerEvent>();

	canvas.addEventListener("pointerdown", (event) => {
		canvas.setPointerCapture(event.pointerId);
		pointers.set(event.pointerId, event);
	});
	for (const type of ["pointerup", "pointercancel"] as const) {
		canvas.addEventListener(type, (event) => pointers.delete(event.pointerId));
	}
	canvas.addEventListener("pointermove", (event) => {
		const before = pointers.get(event.pointerId);
		if (before === undefined) {
			gestures.point(event.clientX, event.clientY);
			return;
		}
		const [right, down] = [event.clientX - before.clientX, event.clientY - before.clientY];
		const other = [...pointers.values()].find(({ pointerId }) => pointerId !== event.pointerId);
		pointers.set(event.pointerId, event);
		if (other === undefined) {
			gestures.pan(right, down);
			return;
		}
		// Two fingers: each moves the contents by half of its own way, and their distance scales them.
		const [x, y] = [(event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2];
		gestures.pan(right / 2, down / 2);
		const distance = (pointer: PointerEvent): number =>
			Math.max(10, Math.hypot(pointer.clientX - other.clientX, pointer.clientY - other.clientY));
		gestures.zoom(distance(event) / distance(before), x, y);
	});
	canvas.addEventListener("pointerleave", () => gestures.leave());
	canvas.addEventListener(
		"wheel",
		(event) => {
			event.preventDefault();
			const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * PIXELS_PER_LINE;
			gestures.zoom(Math.exp(-pixels * WHEEL_ZOOM_PER_PIXEL), event.clientX, event.clientY);
		},
		{ passive: false },
	);
	canvas.addEventListener("dblclick", (event) => gestures.zoom(2, event.clientX, event.clientY));

	const keys: Readonly<Record<string, () => void>> = {
		ArrowLeft: () => gestures.step(KEY_STEP, 0, 1),
		ArrowRight: () => gestures.step(-KEY_STEP, 0, 1),
		ArrowUp: () => gestures.step(0, KEY_STEP, 1),
		ArrowDown: () => gestures.step(0, -KEY_STEP, 1),
		"+": () => gestures.step(0, 0, KEY_ZOOM),
		"=": () => gestures.step(0, 0, KEY_ZOOM),
		"-": () => gestures.step(0, 0, 1 / KEY_ZOOM),
		"0": () => gestures.fit(),
		Home: () => gestures.fit(),
		Escape: () => gestures.leave(),
	};
	canvas.addEventListener("keydown", (event) => {
		const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
		if (act === undefined) return;
		event.preventDefault();
		act();
	});
}
