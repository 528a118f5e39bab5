const HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** S3's form of an error. */
export function errorXml(code: string, message: string): string {
	return `${HEADER}<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>`;
}

/** The keys that a DeleteObjects request names. */
export function keysToDelete(document: string): string[] {
	return [...document.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => unescapeXml(key!));
}

/** The answer to DeleteObjects. */
export function deletedXml(keys: readonly string[]): string {
	const deleted = keys.map((key) => `<Deleted><Key>${escapeXml(key)}</Key></Deleted>`).join("");
	return `${HEADER}<DeleteResult ${NAMESPACE}>${deleted}</DeleteResult>`;
}

/**
 * One page of ListObjectsV2: prefix, delimiter, max-keys and continuation tokens (the last entry of the page before).
 *
 * @param keys all keys of the bucket, in order
 */
export function listXml(bucket: string, keys: readonly string[], query: URLSearchParams, pageSize = 1000): string {
	const prefix = query.get("prefix") ?? "";
	const delimiter = query.get("delimiter");
	const after = query.get("continuation-token") ?? query.get("start-after") ?? "";
	const most = Math.min(Number(query.get("max-keys") ?? 1000), pageSize);
	const entries = new Map<string, boolean>();
	for (const key of keys) {
		if (!key.startsWith(prefix)) continue;
		const end = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
		entries.set(end < 0 ? key : key.slice(0, end + delimiter!.length), end >= 0);
	}
	const rest = [...entries].filter(([name]) => name > after);
	const page = rest.slice(0, most);
	const truncated = rest.length > page.length;
	const contents = page
		.filter(([, isPrefix]) => !isPrefix)
		.map(([name]) => `<Contents><Key>${escapeXml(name)}</Key></Contents>`);
	const prefixes = page
		.filter(([, isPrefix]) => isPrefix)
		.map(([name]) => `<CommonPrefixes><Prefix>${escapeXml(name)}</Prefix></CommonPrefixes>`);
	const token = truncated ? `<NextContinuationToken>${escapeXml(page.at(-1)![0])}</NextContinuationToken>` : "";
	return `${HEADER}<ListBucketResult ${NAMESPACE}><Name>${escapeXml(bucket)}</Name><Prefix>${escapeXml(prefix)}</Prefix><KeyCount>${page.length}</KeyCount><MaxKeys>${most}</MaxKeys><IsTruncated>${truncated}</IsTruncated>${token}${contents.join("")}${prefixes.join("")}</ListBucketResult>`;
}

function escapeXml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function unescapeXml(text: string): string {
	const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
	return text.replace(/&(#x?[\da-f]+|\w+);/gi, (whole, entity: string) => {
		if (entity.startsWith("#x")) return String.fromCodePoint(Number.parseInt(entity.slice(2), 16));
		if (entity.startsWith("#")) return String.fromCodePoint(Number(entity.slice(1)));
		return named[entity] ?? whole;
	});
}
