import { Hdf5Error } from "../errors.ts";
import type { StoredDataset } from "./dataset.ts";

/** A group and its members by name, in the order of their making. */
export interface GroupNode {
	readonly kind: "group";
	readonly members: Map<string, GroupNode | DatasetNode>;
}

export interface DatasetNode {
	readonly kind: "dataset";
	readonly dataset: StoredDataset;
}

export function emptyGroup(): GroupNode {
	return { kind: "group", members: new Map() };
}

/** The group at `path`, made with those above it where they are missing. */
export function ensureGroup(root: GroupNode, path: string): GroupNode {
	return descend(root, pathParts(path), path);
}

/** The group, made where missing, and the free name in it under which `path` can be added. */
export function ensureFreeName(root: GroupNode, path: string): { group: GroupNode; name: string } {
	const parts = pathParts(path);
	const name = parts.pop()!;
	const group = descend(root, parts, path);
	if (group.members.has(name)) throw pathError(path, "something with this name was written before");
	return { group, name };
}

function descend(root: GroupNode, parts: readonly string[], path: string): GroupNode {
	let group = root;
	for (const part of parts) {
		const member = group.members.get(part) ?? emptyGroup();
		if (member.kind === "dataset") throw pathError(path, `${part} is a dataset, which cannot hold others`);
		group.members.set(part, member);
		group = member;
	}
	return group;
}

function pathParts(path: string): string[] {
	const parts = path.replace(/^\//, "").split("/");
	if (parts.some((part) => part === "" || part === "." || part.includes("\0"))) {
		throw pathError(path, "every name between slashes must have a character, and be neither . nor contain NUL");
	}
	return parts;
}

function pathError(path: string, reason: string): Hdf5Error {
	return new Hdf5Error("hdf5/usage", `${JSON.stringify(path)} cannot be written: ${reason}`, { context: { path } });
}
