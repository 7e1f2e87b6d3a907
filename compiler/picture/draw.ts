/** `tfmc graph`: a lowered model as a picture. */
import type { Lowered } from "../lower.js";
import { loadLibrary } from "../1-resolve/resolve.js";
import { layOut, noteOf } from "./layout.js";
import { pictureOf } from "./picture.js";
import { escapeMarkup, svgOf } from "./svg.js";

/** The architecture as an SVG file. */
export async function drawSvg(lowered: Lowered): Promise<string> {
  const picture = pictureFor(lowered);
  return svgOf(await layOut(picture), picture.title);
}

/** The same in a page, with what the model says of itself. */
export async function drawPage(lowered: Lowered): Promise<string> {
  const picture = pictureFor(lowered);
  const svg = svgOf(await layOut(picture), picture.title);
  const title = escapeMarkup(picture.title);
  const size = noteOf(picture);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
  :root { color-scheme: light dark; }
  body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: light-dark(#ffffff, #14171d); color: light-dark(#1d2330, #e8eaf0); }
  header { padding: 1.2rem 1.5rem 0; max-width: 70ch; }
  h1 { font-size: 1.25rem; margin: 0; }
  p { margin: 0.3rem 0 0; color: light-dark(#667085, #98a1b3); }
  main { overflow: auto; padding: 0.5rem; }
</style>
<header>
<h1>${title}</h1>
<p>${[picture.doc && escapeMarkup(picture.doc), size && `${size} parameters`].filter(Boolean).join(" ")}</p>
</header>
<main tabindex="0">
${svg}</main>
</html>
`;
}

function pictureFor({ module, numbers }: Lowered): ReturnType<typeof pictureOf> {
  const known = loadLibrary();
  return pictureOf(module, { numbers, isKnown: (block) => known.has(block) });
}
