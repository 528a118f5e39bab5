import { Hdf5Error, unsupported } from "../errors.ts";
import type { MetadataReader } from "../format/metadata-reader.ts";
import { type ObjectHeader, readObjectHeader } from "../format/object-header.ts";
import { remember } from "../format/remember.ts";
import { readGroupLinks } from "./group-links.ts";
import type { Links } from "./link.ts";

/** Soft links followed on one path, as many as Linux follows symbolic ones; more is taken for a circle. */
const MAX_SOFT_LINKS = 40;

/** Finds the objects of one file by path. What it has read of headers and groups it keeps. */
export interface Objects {
	/** The header of the object at the path, or undefined when nothing is there. */
	find(path: string): Promise<ObjectHeader | undefined>;
	/** The links of the group at the path. Throws `hdf5/not-found` or `hdf5/wrong-kind`. */
	links(path: string): Promise<Links>;
}

export function createObjects(reader: MetadataReader, rootAddress: number): Objects {
	const headers = new Map<number, Promise<ObjectHeader>>();
	const groups = new Map<number, Promise<Links | undefined>>();

	function headerAt(address: number): Promise<ObjectHeader> {
		return remember(headers, address, () => readObjectHeader(reader, address));
	}

	function linksAt(address: number): Promise<Links | undefined> {
		return remember(groups, address, async () => readGroupLinks(reader, await headerAt(address)));
	}

	/** Follows the path to an object's address. */
	async function resolve(path: string): Promise<number | undefined> {
		let softLinks = 0;
		const left = components(path);
		// A soft link starts at the group that holds it, which is the current one.
		let current = rootAddress;
		for (let name = left.shift(); name !== undefined; name = left.shift()) {
			const link = (await linksAt(current))?.get(name);
			switch (link?.kind) {
				case undefined:
					return undefined;
				case "hard":
					current = link.address;
					break;
				case "external":
					throw unsupported(reader.file, `an external link at ${name} in ${path}`, { path });
				case "soft":
					softLinks += 1;
					if (softLinks > MAX_SOFT_LINKS) return undefined;
					left.unshift(...components(link.target));
					if (link.target.startsWith("/")) current = rootAddress;
			}
		}
		return current;
	}

	return {
		async find(path) {
			const address = await resolve(path);
			return address === undefined ? undefined : headerAt(address);
		},
		async links(path) {
			const address = await resolve(path);
			if (address === undefined) throw notFound(reader.file, path);
			const links = await linksAt(address);
			if (links === undefined) throw wrongKind(reader.file, path, "a dataset or a named type, not a group");
			return links;
		},
	};
}

/** The path with one leading slash and nothing superfluous. */
export function normalizePath(path: string): string {
	return `/${components(path).join("/")}`;
}

function components(path: string): string[] {
	return path.split("/").filter((name) => name !== "" && name !== ".");
}

export function notFound(file: string, path: string): Hdf5Error {
	return new Hdf5Error("hdf5/not-found", `${file} has no ${path}`, {
		remedy: "Check the path against the groups and datasets that list() names",
		context: { file, path },
	});
}

export function wrongKind(file: string, path: string, what: string): Hdf5Error {
	return new Hdf5Error("hdf5/wrong-kind", `${path} in ${file} is ${what}`, {
		remedy: "Check the path",
		context: { file, path },
	});
}
