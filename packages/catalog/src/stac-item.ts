/** A file that belongs to a granule. */
export interface StacAsset {
	readonly href: string;
	readonly roles?: readonly string[] | null;
	readonly [key: string]: unknown;
}

/** A granule as a STAC item, with its assets under the names that shard maps are built from. */
export interface StacItem {
	readonly id: string;
	readonly collection?: string | null;
	readonly geometry: unknown;
	readonly bbox?: readonly number[] | null;
	readonly properties: Readonly<Record<string, unknown>>;
	readonly assets: Readonly<Record<string, StacAsset>>;
}

/**
 * Names an item's assets by what they are: `data` for the HDF5 file over HTTPS, `data_s3` for the one in S3, `metadata`;
 * thumbnails keep their names when they are wanted, everything else is left out.
 *
 * @returns null for what is no item with an id
 */
export function normaliseItem(raw: unknown, preserveThumbnails: boolean): StacItem | null {
	const item = raw as Partial<StacItem> | null;
	if (typeof item?.id !== "string" || item.id === "") return null;
	const assets: Record<string, StacAsset> = {};
	for (const [name, asset] of Object.entries(item.assets ?? {})) {
		if (typeof asset?.href !== "string") continue;
		const roles = asset.roles ?? [];
		if (roles.includes("data") && asset.href.endsWith(".h5")) {
			assets[asset.href.startsWith("https") ? "data" : "data_s3"] = asset;
		} else if (roles.includes("metadata")) assets.metadata = asset;
		else if (preserveThumbnails && (roles.includes("thumbnail") || roles.includes("browse"))) assets[name] = asset;
	}
	const { id, collection = null, geometry = null, bbox = null, properties = {} } = item;
	return { id, collection, geometry, bbox, properties, assets };
}
