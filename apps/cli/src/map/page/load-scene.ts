import type { Scene, SceneHeader } from "../view/scene.ts";
import { unpackScene } from "../view/unpack-scene.ts";
import { element } from "./element.ts";

/** Reads the scene that the page carries. */
export async function loadScene(): Promise<Scene> {
	const header = JSON.parse(element("header").textContent ?? "") as SceneHeader;
	const text = atob(element("cells").textContent ?? "");
	const packed = new Uint8Array(text.length);
	for (let index = 0; index < text.length; index++) packed[index] = text.charCodeAt(index);
	const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
	return unpackScene(header, await new Response(stream).arrayBuffer());
}
