import { packScene } from "./pack-scene.ts";
import { pageScript } from "./page-script.ts";
import { PAGE_STYLE } from "./page-style.ts";
import type { Scene } from "./view/scene.ts";

/** One HTML file that needs nothing else: style, script and cells are in it, and its policy forbids every request. */
export function pageHtml(scene: Scene): string {
	const { outlines: _outlines, ids: _ids, values: _values, ...header } = scene;
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escapeHtml(scene.title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<canvas id="map" tabindex="0" role="application" aria-roledescription="map" aria-describedby="help"></canvas>
<canvas id="marks" aria-hidden="true"></canvas>
<header class="panel" id="about">
<h1>${escapeHtml(scene.title)}</h1>
<p>${escapeHtml(scene.subtitle)}</p>
${scene.note === "" ? "" : `<p id="note">${escapeHtml(scene.note)}</p>`}
</header>
<form class="panel" id="controls">
<label>Variable <select id="variable"></select></label>
<label title="the middle 96 % of the values, or all of them">Colours <select id="span"><option value="shown"></option><option value="full"></option></select></label>
<label>Projection <select id="projection"><option value="globe">globe</option><option value="north">north polar</option><option value="south">south polar</option></select></label>
<span class="buttons"><button type="button" id="zoom-in" aria-label="Zoom in">+</button><button type="button" id="zoom-out" aria-label="Zoom out">−</button><button type="button" id="reset">Fit</button></span>
<p id="help">Drag to move, wheel or pinch to zoom. Keys: arrows move, + and − zoom, 0 fits; they read out the cell in the middle.</p>
</form>
<figure class="panel" id="legend">
<figcaption id="legend-title"></figcaption>
<div id="legend-bar" aria-hidden="true"></div>
<div id="legend-ticks" aria-hidden="true"></div>
<p id="legend-text"></p>
</figure>
<div class="panel" id="readout" role="status" hidden></div>
<script type="application/json" id="header">${JSON.stringify(header).replaceAll("<", "\\u003c")}</script>
<script type="application/octet-stream;base64" id="cells">${packScene(scene)}</script>
<script>${pageScript().replaceAll("</script", "<\\/script")}</script>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
	const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
	return text.replace(/[&<>"]/g, (character) => entities[character]!);
}
