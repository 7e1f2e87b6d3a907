import { lineAt } from "./lines.js";
import { printable } from "./cells.js";
import { excerptsOf, type Excerpt, type PlacedUnderline, type Underline } from "./excerpt.js";
import type { Mark, Problem, Severity } from "./problem.js";

/** How to colour a piece of text; picocolors' `createColors(true)` is one. The compiler itself knows no terminal. */
export interface Colors {
  readonly bold: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly dim: (text: string) => string;
}

export interface RenderOptions {
  /** The text of a file by the name its marks use; undefined where it is not at hand. */
  readonly source: (file: string) => string | undefined;
  /** Absent: plain text. The text itself is the same with and without. */
  readonly colors?: Colors | undefined;
}

/** Longest line of source, with its location before it, in columns. */
const lineWidth = 160;
const locationWidth = 60;
/** A message that repeats the user's text can be as long as that text. */
const messageLength = 600;

const plain = (text: string): string => text;
const noColors: Colors = { bold: plain, red: plain, yellow: plain, cyan: plain, blue: plain, dim: plain };

/**
 * A problem as text for a person: the fact, each place with its source line underlined (`^` for the mistake, `-` for
 * where the other side entered), further facts, and the mend. Ends without a line break.
 */
export function render(problem: Problem, { source, colors = noColors }: RenderOptions): string {
  const accent = accentOf(problem.severity, colors);
  const header = `${colors.bold(accent(`${problem.severity}[${problem.code}]`))} ${colors.bold(shorten(problem.message))}`;
  const places = placesOf(problem, source);
  const width = Math.max(0, ...places.map(({ location }) => location.length));
  return [
    header,
    ...places.flatMap((place) => renderPlace(place, width, (primary) => (primary ? accent : colors.blue), colors)),
    ...problem.notes.map((note) => indent(shorten(note), "  ")),
    ...(problem.help === undefined
      ? []
      : [`  ${colors.cyan("help:")} ${indent(shorten(problem.help), "        ").trimStart()}`]),
  ].join("\n");
}

type Paint = (text: string) => string;

function accentOf(severity: Severity, colors: Colors): Paint {
  switch (severity) {
    case "error":
      return colors.red;
    case "warning":
      return colors.yellow;
    case "hint":
      return colors.cyan;
  }
}

/** A line of a file with everything that is to be said about it. */
interface Place {
  readonly location: string;
  /** Absent: the file's text is not at hand, and only the labels can be shown. */
  readonly line?: { readonly text: string; readonly at: ReturnType<typeof lineAt> };
  readonly underlines: Underline[];
}

/** Gathers the marks by line, in the order in which the lines are first mentioned: the mistake comes first. */
function placesOf(problem: Problem, source: RenderOptions["source"]): Place[] {
  const places = new Map<string, Place>();
  const marks = [...(problem.primary ? [problem.primary] : []), ...problem.secondary];
  for (const mark of marks) {
    const text = source(mark.file);
    const primary = mark === problem.primary;
    const file = shortenFile(printable(mark.file));
    if (text === undefined) {
      const place = places.get(mark.file) ?? { location: file, underlines: [] };
      place.underlines.push({ from: 0, to: 0, primary, ...labelOf(mark) });
      places.set(mark.file, place);
      continue;
    }
    for (const { line, ...underline } of underlinesOf(text, mark, primary)) {
      const key = `${mark.file}:${line.number}`;
      const place = places.get(key) ?? { location: `${file}:${line.number}`, line: { text, at: line }, underlines: [] };
      place.underlines.push(underline);
      places.set(key, place);
    }
  }
  return [...places.values()];
}

/** A mark over several lines underlines the end of its first line and the start of its last, which carries the label. */
function underlinesOf(text: string, mark: Mark, primary: boolean): (Underline & { line: ReturnType<typeof lineAt> })[] {
  const { from, to } = trimmed(text, mark);
  const first = lineAt(text, from);
  const start = Math.min(from, first.end);
  if (to <= first.end) return [{ line: first, from: start, to: Math.max(start, to), primary, ...labelOf(mark) }];
  const last = lineAt(text, to - 1);
  const indentation = /^[ \t]*/.exec(text.slice(last.start, to))?.[0].length ?? 0;
  return [
    { line: first, from: start, to: first.end, primary },
    { line: last, from: last.start + indentation, to, primary, ...labelOf(mark) },
  ];
}

/** A mark's span within the text, without the white space around it, so that no caret points at nothing. */
function trimmed(text: string, { span }: Mark): { from: number; to: number } {
  let from = Math.min(Math.max(span.start, 0), text.length);
  let to = Math.min(Math.max(span.end, from), text.length);
  if (text.slice(from, to).trim() === "") return { from, to: from };
  while (/\s/.test(text.charAt(to - 1))) to--;
  while (/\s/.test(text.charAt(from))) from++;
  return { from, to };
}

function labelOf(mark: Mark): { label?: string } {
  return mark.label === undefined ? {} : { label: shorten(mark.label) };
}

function renderPlace(place: Place, width: number, paintOf: (primary: boolean) => Paint, colors: Colors): string[] {
  const location = (text: string): string => `  ${colors.dim(text.padEnd(width))}  `;
  if (!place.line) {
    const labels = place.underlines.map(({ label, primary }) => paintOf(primary)(label ?? "here"));
    return labels.map((label, index) => `${location(index === 0 ? place.location : "")}${label}`);
  }
  const { text, at } = place.line;
  const margin = " ".repeat(width + 4);
  return excerptsOf(text, at, place.underlines, lineWidth - margin.length).flatMap((excerpt) => [
    `${location(place.location)}${excerpt.text}`.trimEnd(),
    ...underlineRows(excerpt, paintOf).map((row) => margin + row),
  ]);
}

/**
 * The rows under a source line: the underlines, with the label of the rightmost behind it and those of the others below,
 * each from its own column. Underlines that touch get rows of their own.
 */
function underlineRows(excerpt: Excerpt, paintOf: (primary: boolean) => Paint): string[] {
  const rows: PlacedUnderline[][] = [];
  for (const underline of excerpt.underlines) {
    const row = rows.find((others) =>
      others.every((other) => underline.start > other.end || underline.end < other.start),
    );
    if (row) row.push(underline);
    else rows.push([underline]);
  }
  return rows.flatMap((row) => {
    const ordered = row.toSorted((a, b) => a.start - b.start);
    const last = ordered.at(-1);
    let drawn = "";
    let column = 0;
    for (const { start, end, primary } of ordered) {
      drawn += " ".repeat(start - column) + paintOf(primary)((primary ? "^" : "-").repeat(end - start));
      column = end;
    }
    if (last?.label !== undefined) drawn += ` ${paintOf(last.primary)(last.label)}`;
    const below = ordered
      .slice(0, -1)
      .reverse()
      .flatMap(({ start, label, primary }) =>
        label === undefined ? [] : [" ".repeat(start) + paintOf(primary)(label)],
      );
    return [drawn, ...below];
  });
}

/** Each line made printable, and the whole cut to a length that can be read. */
function shorten(text: string): string {
  const cut = text.length > messageLength ? `${text.slice(0, messageLength - 1)}…` : text;
  return cut.split("\n").map(printable).join("\n");
}

/** A long path keeps its end, where the file's name is. */
function shortenFile(file: string): string {
  return file.length > locationWidth ? `…${file.slice(1 - locationWidth)}` : file;
}

function indent(text: string, margin: string): string {
  return text.replace(/^/gm, margin);
}
