/** Lines that say alike things have them below each other. */
import type { Span } from "../ast.js";
import type { Context } from "./context.js";

/** What is in a line's first column. */
export interface Cell {
  readonly kind: string;
  readonly width: number;
}

/** Between lines that differ more than this one table ends, and another begins. */
const jumpLimit = 16;

/**
 * For each item how wide its first column is to be, so that neighbours of one kind make a table, if `isTable` says so of them. A
 * blank line ends one, and so does an item without a cell.
 */
export function columns<T extends { readonly span: Span }>(
  context: Context,
  items: readonly T[],
  cellOf: (item: T) => Cell | undefined,
  isTable: (items: readonly T[]) => boolean = () => true,
): number[] {
  const cells = items.map(cellOf);
  const widths: number[] = [];
  let table: number[] = [];
  items.forEach((item, index) => {
    const cell = cells[index];
    const next = cells[index + 1];
    table.push(cell?.width ?? 0);
    const gap = context.text.slice(item.span.end, items[index + 1]?.span.start);
    if (cell && cell.kind === next?.kind && !isFar(cell, next) && !/\n\s*\n/.test(gap)) return;
    const widest = Math.max(...table);
    const hasColumns = isTable(items.slice(index + 1 - table.length, index + 1));
    widths.push(...table.map((width) => (hasColumns ? widest : width)));
    table = [];
  });
  return widths;
}

const isFar = (a: Cell, b: Cell): boolean => Math.abs(a.width - b.width) > jumpLimit;
