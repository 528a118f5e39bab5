/**
 * Takes the content out of an `aws-chunked` body: `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n`, ended by a chunk of
 * size 0 and trailers.
 *
 * @throws Error for a body that is cut short or no such encoding
 */
export function decodeAwsChunked(body: Uint8Array): Uint8Array {
	const parts: Uint8Array[] = [];
	let position = 0;
	for (;;) {
		const lineEnd = indexOfCrLf(body, position);
		const size = Number.parseInt(Buffer.from(body.subarray(position, lineEnd)).toString("latin1"), 16);
		if (!Number.isInteger(size)) throw new Error("aws-chunked: no chunk size");
		if (size === 0) return Buffer.concat(parts);
		const start = lineEnd + 2;
		if (start + size > body.length) throw new Error("aws-chunked: the body is cut short");
		parts.push(body.subarray(start, start + size));
		position = start + size + 2;
	}
}

function indexOfCrLf(body: Uint8Array, from: number): number {
	for (let index = from; index + 1 < body.length; index++) {
		if (body[index] === 13 && body[index + 1] === 10) return index;
	}
	throw new Error("aws-chunked: the body is cut short");
}
