/** Style of a map's page; its colours follow those of the themes in view/theme.ts. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --text: #1f2933; --panel: #ffffffe0; --solid: #fffffff5; --line: #c3ccd6; --faint: #52606d; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e9ee; --panel: #12161ce0; --solid: #12161cf5; --line: #36424f; --faint: #9aa7b4; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body { margin: 0; height: 100%; overflow: hidden; }
body { font: 14px/1.4 system-ui, sans-serif; color: var(--text); background: Canvas; }
canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
#map { touch-action: none; cursor: grab; outline: none; }
#map:active { cursor: grabbing; }
#map:focus-visible { box-shadow: inset 0 0 0 3px #2a788e; }
#marks { pointer-events: none; }
.panel { position: absolute; margin: 0; padding: 8px 12px; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; }
#about { top: 12px; left: 12px; max-width: min(46ch, calc(100vw - 24px)); }
h1 { margin: 0; font-size: 17px; line-height: 1.3; overflow-wrap: anywhere; }
#about p { margin: 2px 0 0; font-size: 12.5px; color: var(--faint); }
#controls { top: 12px; right: 12px; display: grid; gap: 6px; }
#controls label { display: flex; justify-content: space-between; align-items: center; gap: 10px; }
select, button { font: inherit; color: inherit; background: Field; border: 1px solid var(--line); border-radius: 5px; padding: 3px 6px; }
select { width: 190px; }
button { min-width: 38px; cursor: pointer; }
.buttons { display: flex; gap: 6px; justify-content: flex-end; }
#legend { right: 12px; bottom: 12px; width: 310px; max-width: calc(100vw - 24px); }
#legend-title { font-weight: 600; margin-bottom: 5px; overflow-wrap: anywhere; }
#legend-bar { height: 14px; border-radius: 3px; }
#legend-ticks { position: relative; height: 21px; font-size: 12px; font-variant-numeric: tabular-nums; }
#legend-ticks span { position: absolute; top: 5px; transform: translateX(-50%); white-space: nowrap; }
#legend-ticks span::before { content: ""; position: absolute; left: 50%; top: -5px; height: 5px; border-left: 1px solid var(--text); }
#legend-text { margin: 2px 0 0; font-size: 12px; color: var(--faint); }
#readout { background: var(--solid); pointer-events: none; font-variant-numeric: tabular-nums; max-width: calc(100vw - 24px); }
#readout b { display: block; }
#readout table { border-collapse: collapse; font-size: 12.5px; }
#readout th { text-align: left; font-weight: 400; color: var(--faint); padding-right: 12px; }
#readout tr.selected :is(th, td) { font-weight: 600; color: var(--text); }
#help { margin: 2px 0 0; max-width: 275px; font-size: 11.5px; color: var(--faint); }
@media (max-width: 700px) { #help { display: none; } #controls { top: auto; bottom: 12px; left: 12px; right: auto; } #legend { bottom: 178px; left: 12px; } }
`;
