import { rename, rm, writeFile } from "node:fs/promises";
import { formatCount } from "@zagg/aggregate";
import { CatalogError, describeShardMap, readShardMap, shardFootprints } from "@zagg/catalog";
import { Command } from "commander";
import type { CommandContext } from "../cli.ts";

/** `zagg catalog show MAP`: what is in a shard map. */
export function showCommand({ terminal }: CommandContext): Command {
	return new Command("show")
		.description("tell what is in a shard map, and where")
		.argument("<map>", "shard map")
		.option("--geojson <path>", "write the shards' outlines as GeoJSON")
		.option("--json", "print as JSON", false)
		.action(async (path: string, flags: { geojson?: string; json: boolean }) => {
			const map = await readShardMap(path);
			const description = describeShardMap(map);
			if (flags.geojson !== undefined) await writeWhole(flags.geojson, JSON.stringify(shardFootprints(map)));
			if (flags.json) {
				terminal.out(JSON.stringify(description, null, 2));
				return;
			}
			const { shards, granules, pairs, granulesPerShard: counts, extent } = description;
			const grid = (map.gridSignature ?? {}) as Record<string, unknown>;
			const orders = grid.type === "healpix" ? `, orders ${grid.parent_order} and ${grid.child_order}` : "";
			terminal.out(`${path}: ${formatCount(shards)} shards of a ${grid.type ?? "grid without a name"} grid${orders}`);
			terminal.out(`  ${formatCount(granules)} granules, ${formatCount(pairs)} pairs`);
			terminal.out(`  Granules per shard: min=${counts.min}, median=${counts.median}, max=${counts.max}`);
			if (extent !== null) {
				terminal.out(
					`  Extent: ${degrees(extent.south, "N", "S")} to ${degrees(extent.north, "N", "S")}, ${degrees(extent.west, "E", "W")} to ${degrees(extent.east, "E", "W")}`,
				);
			}
			if (flags.geojson !== undefined) terminal.out(`GeoJSON -> ${flags.geojson}`);
		});
}

function degrees(value: number, positive: string, negative: string): string {
	return `${Math.abs(value).toFixed(2)}° ${value < 0 ? negative : positive}`;
}

async function writeWhole(path: string, text: string): Promise<void> {
	const partial = `${path}.partial`;
	try {
		await writeFile(partial, text);
		await rename(partial, path);
	} catch (error) {
		await rm(partial, { force: true }).catch(() => {});
		throw new CatalogError("catalog/not-writable", `cannot write ${path}: ${(error as Error).message}`, {
			failureClass: "fatal",
			remedy: "Choose a folder that exists and can be written to.",
		});
	}
}
