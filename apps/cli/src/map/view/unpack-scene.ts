import type { Scene, SceneHeader, ValueArray, ValueType } from "./scene.ts";

const constructors = { int32: Int32Array, uint32: Uint32Array, float32: Float32Array, float64: Float64Array } as const;

/** The scene from its header and its numbers, as `packScene` leaves them after base64 and gzip. */
export function unpackScene(header: SceneHeader, buffer: ArrayBuffer): Scene {
	const { cellCount, verticesPerCell, variables } = header;
	const isWide = (type: ValueType): boolean => constructors[type].BYTES_PER_ELEMENT === 8;
	const values: ValueArray[] = [];
	const ids = new BigUint64Array(buffer, 0, cellCount);
	let offset = ids.byteLength;
	const takeValues = (wide: boolean): void => {
		for (const [index, { type }] of variables.entries()) {
			if (isWide(type) !== wide) continue;
			const array = new constructors[type](buffer, offset, cellCount);
			values[index] = array;
			offset += array.byteLength;
		}
	};
	takeValues(true);
	const outlines = new Int32Array(buffer, offset, 2 * cellCount * verticesPerCell);
	offset += outlines.byteLength;
	takeValues(false);
	return { ...header, ids, outlines, values };
}
