/** What a user of an editor sees, as text: ranges drawn under the lines of the source. */
import type { Span } from "../../grammar/ast.js";
import { openProject, type Snapshot } from "../../compiler/ide/index.js";

/** Marks the cursor in a source; `|` is an operator of the language. */
export const cursor = "‸";

/** The source without its cursor, and where that was. */
export function withCursor(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf(cursor);
  if (offset < 0) throw new Error(`no ${cursor} in the source`);
  return { text: marked.replace(cursor, ""), offset };
}

/** The source without its two cursors, and what is between them. */
export function withSelection(marked: string): { readonly text: string; readonly span: Span } {
  const { text: half, offset: start } = withCursor(marked);
  const { text, offset: end } = withCursor(half);
  return { text, span: { start, end } };
}

/** Files of a project by their names; a text alone is the file `main.tfm`. */
export type Files = string | Readonly<Record<string, string>>;

export const filesOf = (files: Files): Readonly<Record<string, string>> =>
  typeof files === "string" ? { "main.tfm": files } : files;

/** The files without the cursor that is in one of them, and where that was. */
export function cursorIn(marked: Files): { files: Record<string, string>; entry: string; offset: number } {
  const files = { ...filesOf(marked) };
  const [entry = ""] = Object.entries(files).find(([, text]) => text.includes(cursor)) ?? [];
  const { text, offset } = withCursor(files[entry] ?? "");
  files[entry] = text;
  return { files, entry, offset };
}

/** The first file, with what it imports. */
export function snapshotOf(files: Files, entry = Object.keys(filesOf(files))[0] ?? "main.tfm"): Snapshot {
  const texts = filesOf(files);
  const snapshot = openProject((path) => texts[path]).look(entry);
  if (!snapshot) throw new Error(`no file ${entry}`);
  return snapshot;
}

export interface Drawn {
  readonly span: Span;
  readonly label?: string | undefined;
}

/** The lines that hold a range, each with its ranges under it; several without labels share a line. */
export function drawn(text: string, ranges: readonly Drawn[]): string {
  let start = 0;
  return text
    .split("\n")
    .flatMap((line) => {
      const from = start;
      start += line.length + 1;
      const here = ranges
        .flatMap(({ span, label }) => {
          const [first, last] = [Math.max(span.start, from) - from, Math.min(span.end, start - 1) - from];
          const isHere = span.start < start && span.end >= from && (first < last || span.start >= from);
          return isHere ? [{ first, last: Math.max(last, first + 1), label }] : [];
        })
        .sort((a, b) => a.first - b.first);
      return here.length === 0 ? [] : [line, ...rows(here)];
    })
    .map((line) => line.trimEnd())
    .join("\n");
}

interface Underlined {
  readonly first: number;
  readonly last: number;
  readonly label: string | undefined;
}

function rows(ranges: readonly Underlined[]): string[] {
  const done: { text: string; isOpen: boolean }[] = [];
  for (const { first, last, label } of ranges) {
    const row = done.find(({ text, isOpen }) => isOpen && label === undefined && text.length <= first);
    const text = `${(row?.text ?? "").padEnd(first)}${"^".repeat(last - first)}${label === undefined ? "" : ` ${label}`}`;
    if (row) row.text = text;
    else done.push({ text, isOpen: label === undefined });
  }
  return done.map(({ text }) => text);
}
