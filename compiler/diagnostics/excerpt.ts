import { cellsOf, columnsOf, type Cell } from "./cells.js";
import type { Line } from "./lines.js";

/** A part of one source line to be underlined; `from` and `to` are offsets into the file. */
export interface Underline {
  readonly from: number;
  readonly to: number;
  readonly primary: boolean;
  readonly label?: string;
}

/** One source line as shown, with the underlines that stand under it, in columns from 0. */
export interface Excerpt {
  readonly text: string;
  readonly underlines: readonly PlacedUnderline[];
}

export interface PlacedUnderline {
  readonly start: number;
  readonly end: number;
  readonly primary: boolean;
  readonly label?: string;
}

/**
 * Shows a line without its indentation, at most `columns` wide. A longer line is cut to what surrounds the underlines,
 * with `…` where something is left out; underlines too far apart to be seen together get an excerpt each.
 */
export function excerptsOf(text: string, line: Line, underlines: readonly Underline[], columns: number): Excerpt[] {
  const start = Math.min(indentationEnd(text, line), ...underlines.map(({ from }) => from));
  if (line.end - start <= 4 * columns) {
    const cells = cellsOf(text.slice(start, line.end));
    if (widthOf(cells) <= columns) {
      return [{ text: join(cells), underlines: underlines.map((underline) => place(underline, cells, start)) }];
    }
  }
  const from = Math.min(...underlines.map((underline) => underline.from));
  const to = Math.max(...underlines.map((underline) => underline.to));
  if (underlines.length === 1 || (to - from < columns && widthOf(cellsOf(text.slice(from, to))) <= columns / 2)) {
    return [windowOn(text, { start, end: line.end }, underlines, { from, to }, columns)];
  }
  return underlines.flatMap((underline) => excerptsOf(text, line, [underline], columns));
}

/** Cuts a line to at most `columns`, with what is looked at in the middle, or from its start where it is wider. */
function windowOn(
  text: string,
  line: { start: number; end: number },
  underlines: readonly Underline[],
  focus: { from: number; to: number },
  columns: number,
): Excerpt {
  // Only the surroundings are laid out: a line may have millions of characters.
  const first = wholeCharacter(text, Math.max(line.start, focus.from - columns));
  const last = wholeCharacter(
    text,
    Math.min(line.end, Math.max(focus.from, Math.min(focus.to, focus.from + columns)) + columns),
  );
  const cells = cellsOf(text.slice(first, last));
  const { start, end } = columnsOf(cells, focus.from - first, Math.min(focus.to, last) - first);
  const room = columns - 2;
  const before = Math.floor(Math.max(0, room - (end - start)) / 2);
  const left = Math.max(0, Math.min(start - before, widthOf(cells) - room));
  const shown = cells.filter((cell) => cell.column >= left && cell.column + cell.width <= left + room);
  const head = shown[0];
  const tail = shown.at(-1);
  const cutLeft = first > line.start || (head !== undefined && head !== cells[0]);
  const cutRight = last < line.end || (tail !== undefined && tail !== cells.at(-1));
  const shift = (cutLeft ? 1 : 0) - (head?.column ?? left);
  const limit = widthOf(shown) - (head?.column ?? 0) + (cutLeft ? 1 : 0) + (cutRight ? 1 : 0);
  return {
    text: `${cutLeft ? "…" : ""}${join(shown)}${cutRight ? "…" : ""}`,
    underlines: underlines.map((underline) => {
      const placed = place(underline, cells, first);
      const from = Math.max(0, placed.start + shift);
      return { ...placed, start: from, end: Math.max(from + 1, Math.min(placed.end + shift, limit)) };
    }),
  };
}

function place(underline: Underline, cells: readonly Cell[], origin: number): PlacedUnderline {
  const { from, to, ...rest } = underline;
  return { ...rest, ...columnsOf(cells, from - origin, to - origin) };
}

function indentationEnd(text: string, line: Line): number {
  let at = line.start;
  while (at < line.end && (text[at] === " " || text[at] === "\t")) at++;
  return at;
}

/** Moves an offset that would part a surrogate pair to behind it. */
function wholeCharacter(text: string, offset: number): number {
  const isLow = /^[\udc00-\udfff]$/.test(text.charAt(offset));
  return isLow ? offset + 1 : offset;
}

function widthOf(cells: readonly Cell[]): number {
  const last = cells.at(-1);
  return last === undefined ? 0 : last.column + last.width;
}

function join(cells: readonly Cell[]): string {
  return cells.map((cell) => cell.text).join("");
}
