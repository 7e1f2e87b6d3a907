/** Masks and scores as SVG. */
import type { Grid } from "./grid.js";
import { gridOrigin, quiet, seen, svgOf, type Panel } from "./svg.js";
import { rangeOf } from "./text.js";

/** Beside each other. Queries go down and keys to the right, as everywhere. */
export const gridSvg = (grids: readonly Grid[]): string => svgOf(...grids.map(panelOf));

function panelOf(grid: Grid): Panel {
  const [rows, columns] = [grid.cells.length, grid.cells[0]?.length ?? 0];
  const pitch = pitchFor(Math.max(rows, columns));
  const every = 4 * Math.ceil(14 / pitch);
  return {
    across: { name: "k", count: columns, every, step: grid.stride },
    down: { name: "q", count: rows, every, step: grid.stride },
    pitch,
    marks: marksOf(grid, pitch),
  };
}

/** A cell with its gap: as large as is read easily, and smaller where there are many. */
const pitchFor = (count: number): number => Math.max(4, Math.min(14, Math.floor(224 / count)));

/** Fills, each with the cells that have it: a picture travels inside of a hover's text, so it has to be short. */
function marksOf(grid: Grid, pitch: number): string {
  const byFill = new Map<string, string[]>();
  const fill = fillOf(grid);
  const side = pitch > 8 ? pitch - 1 : pitch - 0.5;
  grid.cells.forEach((row, q) =>
    row.forEach((each, k) => {
      const own = fill(each);
      const at = `M${gridOrigin.left + k * pitch} ${gridOrigin.top + q * pitch}h${side}v${side}h-${side}z`;
      const others = byFill.get(own);
      if (others) others.push(at);
      else byFill.set(own, [at]);
    }),
  );
  const paths = [...byFill].map(([own, cells]) => `<path ${own} d="${cells.join("")}"/>`);
  return [...(byFill.has(hatched) ? [hatch] : []), ...paths].join("");
}

const hatched = 'fill="url(#depends)"';

const hatch = [
  '<defs><pattern id="depends" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">',
  `<rect width="4" height="4" fill="${quiet}" fill-opacity=".2"/><rect width="1.6" height="4" fill="${seen}" fill-opacity=".8"/>`,
  "</pattern></defs>",
].join("");

function fillOf(grid: Grid): (value: number | undefined) => string {
  const hidden = `fill="${quiet}" fill-opacity=".16"`;
  if (grid.kind === "mask") return (value) => (value === undefined ? hatched : value === 1 ? `fill="${seen}"` : hidden);
  const { low, high } = rangeOf(grid);
  return (value) => {
    if (value === undefined) return hatched;
    if (!Number.isFinite(value)) return hidden;
    const share = high === low ? 1 : (value - low) / (high - low);
    return `fill="${seen}" fill-opacity="${(0.08 + 0.92 * share).toFixed(2)}"`;
  };
}
