/** A laid-out picture as SVG: one file that stands alone, light or dark as its reader has it. */
import { fonts, noteOf, type Layout, type Placed, type Route } from "./layout.js";

/** Text of a source file never becomes markup. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`).replace(/[^\P{Cc}\t\n]/gu, "\u{fffd}");
}

const style = `
  .tfm { --ink: #1d2330; --soft: #667085; --line: #98a2b3; --paper: #ffffff; --group: #f6f7f9; --edge: #d5d9e0;
         --layer: #e8effc; --layer-edge: #9db8ee; --op: #ffffff; --io: #e9f5ee; --io-edge: #95c9a9; background: var(--paper); }
  @media (prefers-color-scheme: dark) {
    .tfm { --ink: #e8eaf0; --soft: #98a1b3; --line: #667085; --paper: #14171d; --group: #1b1f27; --edge: #333a47;
           --layer: #1f2c47; --layer-edge: #41609f; --op: #20252e; --io: #1c3226; --io-edge: #3c7553; } }
  .tfm text { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: var(--ink); }
  .tfm .title { font-size: ${fonts.title.size}px; font-weight: 600; }
  .tfm .small { font-size: ${fonts.small.size}px; fill: var(--soft); }
  .tfm .on-line { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; }
  .tfm .middle { text-anchor: middle; dominant-baseline: central; }
  .tfm rect, .tfm circle { fill: var(--op); stroke: var(--edge); }
  .tfm .group > rect { fill: var(--group); }
  .tfm .group .group > rect { fill: var(--paper); }
  .tfm .layer > rect { fill: var(--layer); stroke: var(--layer-edge); }
  .tfm .input > rect, .tfm .output > rect { fill: var(--io); stroke: var(--io-edge); }
  .tfm path.arrow { fill: none; stroke: var(--line); stroke-width: 1.3px; }
  .tfm marker path { fill: var(--line); }
`;

/** `name`: what the picture is of, for those who do not see it. */
export function svgOf({ width, height, boxes, routes }: Layout, name: string): string {
  const size = `width="${Math.ceil(width)}" height="${Math.ceil(height)}" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="tfm" ${size} role="img" aria-label="${escapeMarkup(name)}">`,
    `<style>${style}</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0.5 L8 4 L0 7.5 z"/></marker></defs>',
    ...boxes.map(boxText),
    ...routes.map(lineText),
    ...boxes.map(headText).filter(Boolean),
    ...routes.map(labelText),
    "</svg>",
    "",
  ].join("\n");
}

function boxText(box: Placed): string {
  const { kind, x, y, width, height, title, detail, doc, children } = box;
  const tip = doc === undefined ? "" : `<title>${escapeMarkup(doc)}</title>`;
  const middle = { x: x + width / 2, y: y + height / 2 };
  if (kind === "join") {
    const text = textAt(middle.x, middle.y, "title middle", title);
    return `<g class="join"><circle cx="${middle.x}" cy="${middle.y}" r="${width / 2}"/>${text}</g>`;
  }
  const second = [detail, noteOf(box)].filter(Boolean).join(" · ");
  const frame = `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${kind === "group" ? 10 : 7}"/>`;
  if (kind === "group") return `<g class="group">${tip}${frame}\n${children.map(boxText).join("\n")}</g>`;
  const lines =
    second === ""
      ? textAt(middle.x, middle.y, "title middle", title)
      : textAt(middle.x, middle.y - 8, "title middle", title) + textAt(middle.x, middle.y + 10, "small middle", second);
  return `<g class="${kind}">${tip}${frame}${lines}</g>`;
}

/** The head of a group stands above the lines that go into it. */
function headText({ kind, x, y, title, detail, parameters, children }: Placed): string {
  if (kind !== "group") return "";
  const second = [detail, noteOf({ parameters })].filter(Boolean).join(" · ");
  const after = x + 14 + (title.length + 1) * fonts.title.advance;
  const heads = [
    textAt(x + 14, y + 23, "title on-line", title),
    second && textAt(after, y + 23, "small on-line", second),
  ];
  return [...heads, ...children.map(headText)].filter(Boolean).join("\n");
}

const textAt = (x: number, y: number, classes: string, text: string): string =>
  `<text x="${round(x)}" y="${round(y)}" class="${classes}">${escapeMarkup(text)}</text>`;

const round = (value: number): number => Math.round(value * 10) / 10;

/** Corners are rounded, as far as the line's pieces have room. */
function lineText({ points }: Route): string {
  const [first, ...rest] = points;
  if (!first) return "";
  const path = [`M${round(first.x)} ${round(first.y)}`];
  let before = first;
  for (const [n, point] of rest.entries()) {
    const after = rest[n + 1];
    if (!after) {
      path.push(`L${round(point.x)} ${round(point.y)}`);
      break;
    }
    const radius = Math.min(6, distance(before, point) / 2, distance(point, after) / 2);
    const into = towards(point, before, radius);
    const out = towards(point, after, radius);
    path.push(
      `L${round(into.x)} ${round(into.y)} Q${round(point.x)} ${round(point.y)} ${round(out.x)} ${round(out.y)}`,
    );
    before = point;
  }
  return `<path class="arrow" d="${path.join(" ")}" marker-end="url(#tip)"/>`;
}

type Point = Route["points"][number];

const distance = (a: Point, b: Point): number => Math.hypot(b.x - a.x, b.y - a.y);

function towards(from: Point, to: Point, by: number): Point {
  const share = by / (distance(from, to) || 1);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function labelText({ label, text }: Route): string {
  return label ? textAt(label.x, label.y, "small middle on-line", text) : "";
}
