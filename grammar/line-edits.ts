/** What turns one text into another, in whole lines. */
import type { Span } from "./ast.js";

/** A change of a text: what stands in the span becomes `text`. An empty span inserts. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/** Texts of more lines than this, of which none are alike at their start and end, are replaced in one. */
const comparedLines = 1000;

/** Lines that both texts have are not in the edits, which are sorted. `offset` is where `before` starts in the text to be edited. */
export function lineEdits(before: string, after: string, offset = 0): TextEdit[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;

  const edits: TextEdit[] = [];
  let at = offset + lengthOf(old.slice(0, start));
  let removed = "";
  let added = "";
  const close = (): void => {
    if (removed !== added) edits.push({ span: { start: at, end: at + removed.length }, text: added });
    at += removed.length;
    removed = added = "";
  };
  for (const { kind, line } of compared(old.slice(start, old.length - end), now.slice(start, now.length - end))) {
    if (kind === "removed") removed += line;
    else if (kind === "added") added += line;
    else {
      close();
      at += line.length;
    }
  }
  close();
  return edits;
}

interface Compared {
  readonly kind: "kept" | "removed" | "added";
  readonly line: string;
}

/** The lines of both in order, as many of them kept as can be. */
function compared(old: readonly string[], now: readonly string[]): Compared[] {
  const isLong = old.length > comparedLines || now.length > comparedLines;
  const common = isLong ? [] : commonLengths(old, now);
  const result: Compared[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [line, other] = [old[i], now[j]];
    const skipped = common[i + 1]?.[j] ?? 0;
    if (line !== undefined && line === other) {
      result.push({ kind: "kept", line });
      i += 1;
      j += 1;
    } else if (line !== undefined && (other === undefined || skipped >= (common[i]?.[j + 1] ?? 0))) {
      result.push({ kind: "removed", line });
      i += 1;
    } else {
      result.push({ kind: "added", line: other ?? "" });
      j += 1;
    }
  }
  return result;
}

/** How many lines the texts have in common, in order, from line i of one and line j of the other on. */
function commonLengths(old: readonly string[], now: readonly string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const [row, below] = [lengths[i] ?? [], lengths[i + 1] ?? []];
    for (let j = now.length - 1; j >= 0; j -= 1) {
      row[j] = old[i] === now[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

/** Each with its line break. */
const linesOf = (text: string): string[] => text.split(/(?<=\n)/).filter((line) => line !== "");

const lengthOf = (lines: readonly string[]): number => lines.reduce((length, line) => length + line.length, 0);
