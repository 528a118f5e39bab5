import { gzipSync } from "node:zlib";
import type { Scene } from "./view/scene.ts";

/**
 * The scene's numbers as text for a page: ids, outlines and values one after another, little endian, gzip, base64. The
 * ids come first because they need the 8-byte alignment; doubles before the rest for the same reason.
 *
 * A cell takes 8 + 8 · vertices bytes and 4 or 8 per variable before compression. See docs/map.md for what is left.
 */
export function packScene({ ids, outlines, values }: Scene): string {
	const parts: ArrayBufferView[] = [ids, ...values.filter((array) => array.BYTES_PER_ELEMENT === 8), outlines];
	parts.push(...values.filter((array) => array.BYTES_PER_ELEMENT === 4));
	const bytes = Buffer.concat(parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)));
	return gzipSync(bytes).toString("base64");
}
