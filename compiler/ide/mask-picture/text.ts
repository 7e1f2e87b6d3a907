/** A grid in characters. */
import type { Grid } from "./grid.js";

export function gridText(grids: readonly Grid[]): string {
  return grids.map(oneText).join("\n\n");
}

/** Marks at each end and no numbers between: columns are as wide as a mark. */
function oneText(grid: Grid): string {
  const [rows, columns] = [grid.cells.length, grid.cells[0]?.length ?? 0];
  const [down, across] = [rows, columns].map((count) => String((count - 1) * grid.stride));
  const margin = Math.max(`q ${down}`.length, 3);
  const left = (n: number): string => (n === 0 ? "q 0" : n === rows - 1 ? (down ?? "") : "").padStart(margin);
  const head = `k 0${(across ?? "").padStart(columns * 2 - 2)}`;
  const lines = grid.cells.map((row, n) => `${left(n)} ${row.map((cell) => markOf(cell, grid)).join(" ")}`);
  return [`${" ".repeat(margin - 1)}${head}`, ...lines].join("\n");
}

const shades = ["·", "░", "▒", "▓", "█"];

function markOf(cell: number | undefined, grid: Grid): string {
  if (cell === undefined) return "?";
  if (grid.kind === "mask") return cell === 1 ? "■" : "□";
  const { low, high } = rangeOf(grid);
  const share = high === low ? 1 : (cell - low) / (high - low);
  return shades[Math.round(share * (shades.length - 1))] ?? "·";
}

/** The least and the largest number that is known; what is not finite is neither. */
export function rangeOf({ cells }: Grid): { readonly low: number; readonly high: number } {
  const known = cells.flat().filter((cell) => cell !== undefined && Number.isFinite(cell)) as number[];
  return { low: Math.min(...known), high: Math.max(...known) };
}
