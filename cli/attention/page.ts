/** A page that draws attention and needs nothing else: to be opened from a disk, or sent to somebody. */
import type { AttentionMaps } from "./maps.js";
import { script } from "./script.js";

export interface Page {
  readonly title: string;
  readonly maps: readonly AttentionMaps[];
  /** For each example, texts that have as many pieces as some axis has positions: the tokens of the inputs. */
  readonly tokens: readonly (readonly (readonly string[])[])[];
}

export function attentionPage({ title, maps, tokens }: Page): string {
  const data = {
    tokens,
    maps: maps.map(({ address, examples, queries, keys }) => ({
      address,
      queries,
      keys,
      examples: examples.map((heads) => heads.map((bytes) => Buffer.from(bytes).toString("base64"))),
    })),
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escape(title)}</h1>
<label id="choice" hidden>example <select id="example"></select></label>
</header>
<main>
<section id="large" aria-live="polite"><h2 id="name"></h2><div id="frame"><canvas id="map"></canvas></div><p id="told">Queries are rows, keys are columns.</p></section>
<section id="layers"></section>
</main>
<noscript>This page draws with JavaScript.</noscript>
<script type="application/json" id="data">${JSON.stringify(data).replaceAll("<", "\\u003c")}</script>
<script>${script}</script>
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character] ?? character);

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1d2330, #e6e9f0); --paper: light-dark(#fbfbfd, #14171f);
  --line: light-dark(#d9dde6, #333a49); --quiet: light-dark(#5b6475, #9aa3b5); --share: light-dark(#0b57b8, #74b3ff); }
* { box-sizing: border-box; }
body { margin: 0; font: 14px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header { display: flex; gap: 24px; align-items: baseline; padding: 16px 24px; border-bottom: 1px solid var(--line); }
h1 { margin: 0; font-size: 18px; } h2 { margin: 0 0 8px; font-size: 14px; font-weight: 600; }
main { display: flex; flex-wrap: wrap; gap: 32px; padding: 24px; align-items: flex-start; }
#large { flex: 1 1 420px; max-width: 760px; position: sticky; top: 16px; }
#frame { overflow: auto; max-height: 80vh; } #told { color: var(--quiet); min-height: 1.5em; margin: 8px 0 0; }
#layers { flex: 2 1 480px; display: grid; gap: 20px; }
.heads { display: flex; flex-wrap: wrap; gap: 8px; }
.heads button { padding: 0; border: 1px solid var(--line); background: none; cursor: pointer; line-height: 0; border-radius: 3px; }
.heads button:hover, .heads button:focus-visible, .heads button[aria-pressed=true] { border-color: var(--share); outline: 2px solid var(--share); }
.heads canvas { width: 92px; height: 92px; image-rendering: pixelated; }
`;
