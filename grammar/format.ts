/** Layout for editors: of a text that may have mistakes, or of a part of one. */
import type { Span } from "./ast.js";
import { lineEdits, type TextEdit } from "./line-edits.js";
import { parse } from "./parse.js";
import { print } from "./print.js";
import { read } from "./reading.js";

/** The text laid out, so far as it can be read: lines of a declaration with a mistake stay as they are, byte for byte. */
export function format(text: string): string {
  return pieces(text)
    .map(({ after }) => after)
    .join("");
}

/**
 * What `format` changes, in whole lines and sorted: of the declarations that `within` touches, or of all of the text. A
 * declaration is its lines, with the comments above it.
 */
export function formatEdits(text: string, within: Span = { start: 0, end: text.length }): TextEdit[] {
  let at = 0;
  return pieces(text).flatMap(({ before, after }) => {
    const start = at;
    at += before.length;
    return start <= within.end && within.start < Math.max(at, start + 1) ? lineEdits(before, after, start) : [];
  });
}

/** Lines of the text, and what they are to be. */
interface Piece {
  readonly before: string;
  readonly after: string;
}

/** The text in pieces of a declaration each, in which neighbours that can be read are laid out together: they may make a table. */
function pieces(text: string): Piece[] {
  const result: Piece[] = [];
  let readable: Chunk[] = [];
  const close = (): void => {
    if (readable.length > 0) result.push(...laidOut(readable, result.length === 0));
    readable = [];
  };
  for (const chunk of chunks(text)) {
    if (parse(chunk.text).problems.length === 0) readable.push(chunk);
    else {
      close();
      result.push({ before: chunk.text, after: chunk.text });
    }
  }
  close();
  return result;
}

function laidOut(run: readonly Chunk[], isFirst: boolean): Piece[] {
  const before = run.map(({ text }) => text).join("");
  const parsed = parse(before);
  if (parsed.problems.length > 0) return [{ before, after: before }];
  // Behind lines that stay, one blank line does.
  const gap = isFirst ? undefined : /^[^\S\n]*(\r?\n)/.exec(before)?.[1];
  const printed = print(parsed, before);
  const after = chunks(printed === "" ? "" : (gap ?? "") + printed);
  // What shared a line has lines of its own now.
  return run.map(({ text, declarations }, index): Piece => {
    const isLast = index === run.length - 1;
    let taken = "";
    let count = 0;
    while (after.length > 0 && (isLast || count < declarations)) {
      const next = after.shift();
      taken += next?.text ?? "";
      count += next?.declarations ?? 0;
    }
    return { before: text, after: taken };
  });
}

/** Whole lines, with the declarations that are on them. */
interface Chunk {
  readonly text: string;
  readonly declarations: number;
}

/** All of the text, a declaration each; those that share a line are together. */
function chunks(text: string): Chunk[] {
  const result: Chunk[] = [];
  for (const { from, to, start, declaration } of read(text).sections) {
    const last = start < from || from === to ? result.pop() : undefined;
    const own = { text: text.slice(from, to), declarations: declaration ? 1 : 0 };
    result.push(last ? { text: last.text + own.text, declarations: last.declarations + own.declarations } : own);
  }
  return result;
}
