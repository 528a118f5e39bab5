import { type Alias, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar } from "yaml";
import { floatText, isMarkedFloat, markFloat } from "../python/index.ts";
import { invalidConfig } from "./check.ts";
import { booleanScalar, floatScalar, integerScalar, type LoadedValue, plainScalar } from "./yaml-scalars.ts";

// A config has tens of nodes and a handful of levels. The bounds keep a file of nested aliases or brackets harmless.
const MAX_NODES = 100_000;
const MAX_DEPTH = 100;

const TOO_DEEP = "the document is nested too deeply";

const NULL_VALUE: LoadedValue = { value: null, isFloat: false };

/**
 * Reads one YAML document as PyYAML's `safe_load` does: YAML 1.1 scalars, a repeated key's last value, merge keys.
 * Unlike there, timestamps stay text. Whole floats (`5000.0`) are remembered as floats; big integers are bigint.
 *
 * @param fileName names the document in messages
 * @throws AggregationError `config/invalid` with file, line and reason.
 */
export function parseYaml(text: string, fileName: string): unknown {
	const lineCounter = new LineCounter();
	const fail = (reason: string, offset = 0): never => {
		const { line, col } = lineCounter.linePos(offset);
		throw invalidConfig(`${fileName}: line ${line}, column ${col}: ${reason}`, { context: { file: fileName, line } });
	};
	const document = parseNodes(text, lineCounter, fail);
	return nodeConstructor(fail)(document, 0).value;
}

type Fail = (reason: string, offset?: number) => never;

/** The bare node tree: every scalar as text, so that resolving it is left to PyYAML's rules below. */
function parseNodes(text: string, lineCounter: LineCounter, fail: Fail): Node | null {
	const document = parseDocument(text, {
		version: "1.1",
		schema: "failsafe",
		uniqueKeys: false,
		prettyErrors: false,
		lineCounter,
	});
	const error = document.errors[0];
	if (error === undefined) return document.contents;
	return fail(PROBLEMS[error.code] ?? error.message, error.pos[0]);
}

/** Plainer words than the parser's. */
const PROBLEMS: Readonly<Record<string, string>> = {
	MULTIPLE_DOCS: "expected a single document",
	RESOURCE_EXHAUSTION: TOO_DEEP,
};

function nodeConstructor(fail: Fail): (node: Node | null, depth: number) => LoadedValue {
	const anchors = new Map<string, { readonly loaded: LoadedValue; readonly nodeCount: number }>();
	let nodeCount = 0;

	function construct(node: Node | null, depth: number): LoadedValue {
		if (node === null) return NULL_VALUE;
		if (depth > MAX_DEPTH) return fail(TOO_DEEP, node.range?.[0]);
		const countBefore = nodeCount++;
		const loaded = isAlias(node) ? constructAlias(node) : constructValue(node, depth);
		if (nodeCount > MAX_NODES) return fail("the document has too many nodes", node.range?.[0]);
		if ("anchor" in node && node.anchor !== undefined && !isAlias(node)) {
			if (anchors.has(node.anchor)) return fail(`found duplicate anchor '${node.anchor}'`, node.range?.[0]);
			anchors.set(node.anchor, { loaded, nodeCount: nodeCount - countBefore });
		}
		return loaded;
	}

	function constructAlias(node: Alias): LoadedValue {
		const anchored = anchors.get(node.source);
		if (anchored === undefined) return fail(`found undefined alias '${node.source}'`, node.range?.[0]);
		// An alias shares its value here, but not in the JSON that a config becomes.
		nodeCount += anchored.nodeCount;
		return anchored.loaded;
	}

	function constructValue(node: Node, depth: number): LoadedValue {
		if (isScalar(node)) return constructScalar(node, fail);
		const expectedTag = `tag:yaml.org,2002:${isMap(node) ? "map" : "seq"}`;
		if (node.tag !== undefined && node.tag !== expectedTag && node.tag !== "!") return failOnTag(node, fail);
		if (isSeq(node)) {
			const items = node.items.map((item) => construct(item as Node | null, depth + 1));
			return { value: fillList(items), isFloat: false };
		}
		return { value: constructMapping(node, depth), isFloat: false };
	}

	function constructMapping(node: Node, depth: number): object {
		const merged: [string, LoadedValue][] = [];
		const own: [string, LoadedValue][] = [];
		for (const { key, value } of isMap<Node, Node | null>(node) ? node.items : []) {
			if (isScalar(key) && key.type === "PLAIN" && key.value === "<<") {
				merged.push(...mergedEntries(construct(value, depth + 1).value, () => fail(MERGE_PROBLEM, key.range?.[0])));
			} else {
				own.push([keyText(construct(key, depth + 1), key, fail), construct(value, depth + 1)]);
			}
		}
		return fillRecord(new Map([...merged, ...own]));
	}

	return construct;
}

const MERGE_PROBLEM = "expected a mapping or list of mappings for merging";

/** What `<<` brings in: the entries of a mapping, or of several, of which the first that has a key wins. */
function mergedEntries(source: unknown, fail: () => never): [string, LoadedValue][] {
	const mappings = Array.isArray(source) ? source.toReversed() : [source];
	return mappings.flatMap((mapping: unknown) => {
		if (typeof mapping !== "object" || mapping === null || Array.isArray(mapping)) return fail();
		return Object.entries(mapping).map(([key, value]): [string, LoadedValue] => [
			key,
			{ value, isFloat: isMarkedFloat(mapping, key) },
		]);
	});
}

function constructScalar(node: Scalar, fail: Fail): LoadedValue {
	const text = String(node.value ?? "");
	try {
		switch (node.tag) {
			case undefined:
			case "!":
				return node.type === "PLAIN" ? plainScalar(text) : { value: text, isFloat: false };
			case "tag:yaml.org,2002:str":
			case "tag:yaml.org,2002:timestamp":
				return { value: text, isFloat: false };
			case "tag:yaml.org,2002:null":
				return NULL_VALUE;
			case "tag:yaml.org,2002:bool":
				return booleanScalar(text);
			case "tag:yaml.org,2002:int":
				return integerScalar(text);
			case "tag:yaml.org,2002:float":
				return floatScalar(text);
		}
	} catch (cause) {
		if (cause instanceof RangeError) return fail(cause.message, node.range?.[0]);
		throw cause;
	}
	return failOnTag(node, fail);
}

function failOnTag(node: Node, fail: Fail): never {
	return fail(`could not determine a constructor for the tag '${node.tag}'`, node.range?.[0]);
}

/** A mapping key as the JSON text that Python makes of it: `true`, `null`, `1`, `1.5`. */
function keyText({ value, isFloat }: LoadedValue, node: Node | null, fail: Fail): string {
	if (typeof value === "object" && value !== null) return fail("found unhashable key", node?.range?.[0]);
	return isFloat ? floatText(value as number) : String(value);
}

function fillList(items: readonly LoadedValue[]): unknown[] {
	const list = items.map(({ value }) => value);
	for (const [index, { isFloat }] of items.entries()) if (isFloat) markFloat(list, index);
	return list;
}

// Object.fromEntries defines "__proto__" as an ordinary key, which an assignment would not.
function fillRecord(entries: ReadonlyMap<string, LoadedValue>): object {
	const record = Object.fromEntries([...entries].map(([key, { value }]) => [key, value]));
	for (const [key, { isFloat }] of entries) if (isFloat) markFloat(record, key);
	return record;
}
