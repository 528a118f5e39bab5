import { unsupported } from "../errors.ts";
import type { Cursor } from "../format/cursor.ts";

/** What a name in a group leads to. */
export type Link =
	| { readonly kind: "hard"; readonly address: number }
	| { readonly kind: "soft"; readonly target: string }
	| { readonly kind: "external" };

/** The links of one group by name. */
export type Links = Map<string, Link>;

const HARD = 0;
const SOFT = 1;
const EXTERNAL = 64;

export function decodeName(bytes: Uint8Array): string {
	return new TextDecoder().decode(bytes);
}

/** Parses a link message (IV.A.2.g), from an object header or a fractal heap. */
export function parseLink(cursor: Cursor): { name: string; link: Link } {
	cursor.expectVersion(1);
	const flags = cursor.u8();
	const linkType = flags & 0x08 ? cursor.u8() : HARD;
	cursor.skip((flags & 0x04 ? 8 : 0) + (flags & 0x10 ? 1 : 0)); // creation order, character set
	const name = decodeName(cursor.take(cursor.uint(1 << (flags & 0x03))));
	if (name === "") throw cursor.damage("has a link without a name");
	switch (linkType) {
		case HARD:
			return { name, link: { kind: "hard", address: cursor.definedAddress() } };
		case SOFT:
			return { name, link: { kind: "soft", target: decodeName(cursor.take(cursor.u16())) } };
		case EXTERNAL:
			return { name, link: { kind: "external" } };
		default:
			throw unsupported(cursor.location.file, `the user-defined link ${name} (type ${linkType})`);
	}
}
