import { stat } from "node:fs/promises";
import { MapError } from "./map-error.ts";
import { readShardMapScene } from "./read-shard-map-scene.ts";
import { readStoreScene } from "./read-store-scene.ts";
import type { SceneOptions } from "./scene-options.ts";
import type { Scene } from "./view/scene.ts";

/**
 * Reads what a map shows: a folder or an `s3://` address is a store, a file a shard map.
 *
 * @throws MapError `map/not-found`; else as `readStoreScene` and `readShardMapScene`.
 */
export async function readScene(path: string, options: SceneOptions): Promise<Scene> {
	if (path.startsWith("s3://")) return readStoreScene(path, options);
	const status = await stat(path).catch((error: unknown) => {
		throw new MapError("map/not-found", `there is no store or shard map at ${path}`, {
			remedy: "Give the path of a Zarr store that `zagg run` wrote, or of a shard map by `zagg catalog`.",
			context: { path },
			cause: error,
		});
	});
	return status.isDirectory() ? readStoreScene(path, options) : readShardMapScene(path, options);
}
