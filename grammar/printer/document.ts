/**
 * Text that knows where it may break: the algebra of Wadler ("A prettier printer", 2003), with Oppen's fill.
 *
 * A `group` is set on one line if it fits, and breaks all of its own lines if it does not; a `fill` breaks only the
 * lines that have to. What may not share a line with what follows (a comment) is a `suffix`: it waits for the line's
 * end, and stands below the suffix of the line before.
 */
export type Document = string | readonly Document[] | Line | Indent | Align | Group | Fill | List | Stack | Suffix;

/** A blank, or nothing, on one line; a line break in a broken group. A `hard` one always breaks. */
interface Line {
  readonly kind: "line";
  readonly flat: "" | " ";
  readonly hard: boolean;
}

interface Indent {
  readonly kind: "indent";
  readonly content: Document;
  readonly by: number;
}

/** Indents to the column where it starts, unless that is past `limit`; then by two. */
interface Align {
  readonly kind: "align";
  readonly content: Document;
}

interface Group {
  readonly kind: "group";
  readonly content: Document;
  /** It holds something that cannot be on one line with what follows. */
  readonly broken: boolean;
}

/** Contents and the lines between them, in turn. */
interface Fill {
  readonly kind: "fill";
  readonly parts: readonly Document[];
  /** Index of the first part that is not set yet. */
  readonly from: number;
}

/**
 * What stands in brackets: beside them if it fits; else between them, two deeper, as many items a line as fit. Where an item has no
 * room on a line, each begins one, with a comma behind the last.
 */
interface List {
  readonly kind: "list";
  readonly entries: readonly ListEntry[];
  /** Comments below the last item. */
  readonly below: readonly string[];
  readonly edge: Line;
  /** Between the brackets whether it fits beside them or not. */
  readonly broken: boolean;
  /** Each item begins a line where they are between the brackets. */
  readonly lineEach: boolean;
  /** Line breaks part the items as well as commas do. */
  readonly bare: boolean;
}

export interface ListEntry {
  /** Comments on lines of their own. */
  readonly above: readonly string[];
  readonly item: Document;
  /** Comments at the end of the item's line. */
  readonly after: Document;
}

/** Parts beside each other, or, if each has room on a line of its own, below each other. */
interface Stack {
  readonly kind: "stack";
  readonly parts: readonly Document[];
  /** Below each other even if they fit beside each other. */
  readonly below: boolean;
}

interface Suffix {
  readonly kind: "suffix";
  readonly text: string;
}

/** Past this column nothing is aligned. */
const alignLimit = 40;

export const line: Line = { kind: "line", flat: " ", hard: false };
export const softLine: Line = { kind: "line", flat: "", hard: false };
export const hardLine: Line = { kind: "line", flat: "", hard: true };

export function indent(content: Document, by = 2): Document {
  return { kind: "indent", content, by };
}

export function align(content: Document): Document {
  return { kind: "align", content };
}

export function group(content: Document): Document {
  return { kind: "group", content, broken: mustBreak(content) };
}

export function fill(parts: readonly Document[]): Document {
  return { kind: "fill", parts, from: 0 };
}

export function list(entries: readonly ListEntry[], below: readonly string[], layout: ListLayout = {}): Document {
  const { padded = false, broken = false, lineEach = false, bare = false } = layout;
  return { kind: "list", entries, below, edge: padded ? line : softLine, broken, lineEach, bare };
}

export interface ListLayout {
  /** A blank inside of the brackets where they are on one line. */
  readonly padded?: boolean;
  readonly broken?: boolean;
  readonly lineEach?: boolean;
  readonly bare?: boolean;
}

/** Its lists between their brackets, whether they fit beside them or not. */
export function hung(document: Document): Document {
  if (typeof document === "string") return document;
  if (isSequence(document)) return document.map(hung);
  return document.kind === "list" ? { ...document, broken: true } : document;
}

/** None of the parts may hold a line break that cannot be left out. */
export function stack(parts: readonly Document[], below = false): Document {
  return { kind: "stack", parts, below };
}

/** Text at the end of the line that is being set, whatever else comes on it; breaks the groups around it. */
export function suffix(text: string): Document {
  return { kind: "suffix", text };
}

export function join(separator: Document, documents: readonly Document[]): readonly Document[] {
  return documents.flatMap((document, index) => (index === 0 ? [document] : [separator, document]));
}

/** Whether it holds a line break that cannot be left out. */
export function mustBreak(document: Document): boolean {
  if (typeof document === "string") return false;
  if (isSequence(document)) return document.some(mustBreak);
  switch (document.kind) {
    case "line":
      return document.hard;
    case "indent":
    case "align":
      return mustBreak(document.content);
    case "group":
      return document.broken;
    case "fill":
      return document.parts.some(mustBreak);
    case "stack":
      return document.below || document.parts.some(mustBreak);
    case "list":
      return document.broken || hasComments(document) || document.entries.some(({ item }) => mustBreak(item));
    case "suffix":
      return true;
  }
}

/** On one line, whatever its length. */
export function flatten(document: Document): string {
  if (typeof document === "string") return document;
  if (isSequence(document)) return document.map(flatten).join("");
  switch (document.kind) {
    case "line":
      return document.flat;
    case "indent":
    case "align":
    case "group":
      return flatten(document.content);
    case "fill":
      return document.parts.map(flatten).join("");
    case "stack":
      return document.parts.map(flatten).join(" ");
    case "list":
      return flatten(besides(document));
    case "suffix":
      return "";
  }
}

/** Whether comments stand between the items, which keep it from one line. */
function hasComments({ entries, below }: List): boolean {
  return below.length > 0 || entries.some(({ above, after }) => above.length > 0 || mustBreak(after));
}

/** The items on the line of their brackets. */
function besides({ entries, edge }: List): Document {
  const items = entries.map(({ item }) => item);
  return [edge, join([",", line], items), edge];
}

/** The items between their brackets: a line each, or as many as fit. */
function between({ entries, below, bare }: List, isLineEach: boolean): Document {
  const parts: Document[] = [];
  const comment = (text: string): number => parts.push(text, hardLine);
  entries.forEach(({ above, item, after }, index) => {
    above.forEach(comment);
    const isLast = index === entries.length - 1;
    const hasComma = isLineEach ? !bare : !isLast;
    parts.push([item, hasComma ? "," : ""]);
    const breaks = isLast || isLineEach || mustBreak(after) || (entries[index + 1]?.above.length ?? 0) > 0;
    parts.push([after, breaks ? hardLine : line]);
  });
  below.forEach(comment);
  const beforeClosing = parts.pop() ?? hardLine;
  return [indent([hardLine, fill(parts)]), beforeClosing];
}

/** What is still to be set: how deep, whether on one line, and what. */
interface Pending {
  readonly indentation: number;
  readonly flat: boolean;
  readonly document: Document;
}

/** Sets the document in lines of at most `width` where that can be. No line ends in blanks. */
export function render(document: Document, width: number): string {
  const pending: Pending[] = [{ indentation: 0, flat: false, document }];
  const lines: SetLine[] = [];
  let text = "";
  let column = 0;
  let suffixes = "";

  const endLine = (): void => {
    lines.push({ text: text.trimEnd(), suffix: suffixes });
    suffixes = "";
  };

  for (let top = pending.pop(); top; top = pending.pop()) {
    const { indentation, flat, document: current } = top;
    if (typeof current === "string") {
      text += current;
      column += current.length;
    } else if (isSequence(current)) {
      pushAll(pending, current, indentation, flat);
    } else {
      switch (current.kind) {
        case "line":
          if (flat && !current.hard) {
            text += current.flat;
            column += current.flat.length;
          } else {
            endLine();
            text = " ".repeat(indentation);
            column = indentation;
          }
          break;
        case "indent":
          pending.push({ indentation: indentation + current.by, flat, document: current.content });
          break;
        case "align": {
          const depth = column > alignLimit ? indentation + 2 : column;
          pending.push({ indentation: depth, flat, document: current.content });
          break;
        }
        case "group": {
          const asFlat = { indentation, flat: true, document: current.content };
          const isFlat = !current.broken && (flat || fits(asFlat, pending, width - column));
          pending.push(isFlat ? asFlat : { indentation, flat: false, document: current.content });
          break;
        }
        case "fill":
          pushFill(pending, current, { indentation, flat }, width - column);
          break;
        case "stack": {
          const asFlat = { indentation, flat: true, document: join(" ", current.parts) };
          const areFlat = current.parts.every((part, index) => {
            const isLast = index === current.parts.length - 1;
            const room = index === 0 ? width - column : width - indentation;
            return fits({ indentation, flat: true, document: part }, isLast ? pending : [], room);
          });
          if (flat || (!current.below && fits(asFlat, pending, width - column))) pending.push(asFlat);
          else if (areFlat) pushAll(pending, join(hardLine, current.parts.map(group)), indentation, false);
          else pushAll(pending, join(" ", current.parts), indentation, false);
          break;
        }
        case "suffix":
          suffixes += current.text;
          break;
        case "list": {
          const asFlat = { indentation, flat: true, document: besides(current) };
          const isFlat = flat || (!mustBreak(current) && fits(asFlat, pending, width - column));
          const room = width - indentation - 2 - ",".length;
          const isLineEach = (): boolean =>
            current.lineEach || current.entries.some(({ item }) => !fitsAlone(item, room));
          pending.push(isFlat ? asFlat : { indentation, flat: false, document: between(current, isLineEach()) });
          break;
        }
      }
    }
  }
  endLine();
  return aligned(lines, width).join("\n");
}

/** A line without the comments that end it, and these. */
interface SetLine {
  readonly text: string;
  readonly suffix: string;
}

/** One line this much longer than another is not worth the blanks to align them. */
const jumpLimit = 32;

/** Comments at the ends of neighbouring lines stand below each other, where that does not take them far. */
function aligned(lines: readonly SetLine[], width: number): string[] {
  const depth = ({ text }: SetLine): number => text.search(/\S|$/);
  const result: string[] = [];
  for (let start = 0; start < lines.length;) {
    const first = lines[start];
    if (!first) break;
    let end = start + 1;
    while (first.suffix !== "" && lines[end]?.suffix && depth(lines[end] ?? first) === depth(first)) end += 1;
    const run = lines.slice(start, end);
    const lengths = run.map(({ text }) => text.length);
    const column = Math.max(...lengths);
    const isNear = column - Math.min(...lengths) <= jumpLimit;
    const areAligned = isNear && run.every(({ suffix }) => column + suffix.length <= width);
    for (const { text, suffix } of run) result.push((areAligned ? text.padEnd(column) : text) + suffix);
    start = end;
  }
  return result.map((text) => text.trimEnd());
}

function fitsAlone(document: Document, room: number): boolean {
  return !mustBreak(document) && fits({ indentation: 0, flat: true, document }, [], room);
}

function pushAll(pending: Pending[], documents: readonly Document[], indentation: number, flat: boolean): void {
  for (let index = documents.length - 1; index >= 0; index -= 1) {
    pending.push({ indentation, flat, document: documents[index] ?? "" });
  }
}

/** The first content of a fill, the line after it, and the rest as a fill of its own. */
function pushFill(
  pending: Pending[],
  { parts, from }: Fill,
  mode: { readonly indentation: number; readonly flat: boolean },
  room: number,
): void {
  const [content, separator, next] = parts.slice(from, from + 3);
  if (content === undefined) return;
  const { indentation } = mode;
  const set = (document: Document, flat: boolean): Pending => ({ indentation, flat, document });
  const contentFits = mode.flat || (!mustBreak(content) && fits(set(content, true), [], room));
  if (separator === undefined || next === undefined) {
    // The last content has what follows the fill on its line.
    const lastFits = mode.flat || (!mustBreak(content) && fits(set(content, true), pending, room));
    pending.push(set(content, lastFits));
    return;
  }
  const both = [content, separator, next];
  const isLast = from + 3 === parts.length;
  const bothFit = mode.flat || (!both.some(mustBreak) && fits(set(both, true), isLast ? pending : [], room));
  pending.push({ indentation, flat: mode.flat, document: { kind: "fill", parts, from: from + 2 } });
  pending.push(set(separator, bothFit));
  pending.push(set(content, contentFits));
}

/** Whether `first`, and what follows it up to the next line break, has room. */
function fits(first: Pending, following: readonly Pending[], room: number): boolean {
  let left = room;
  let index = following.length;
  const pending: Pending[] = [first];
  while (left >= 0) {
    let top = pending.pop();
    if (!top) {
      index -= 1;
      top = following[index];
      if (!top) return true;
    }
    const { indentation, flat, document } = top;
    if (typeof document === "string") left -= document.length;
    else if (isSequence(document)) pushAll(pending, document, indentation, flat);
    else {
      switch (document.kind) {
        case "line":
          if (!flat || document.hard) return true;
          left -= document.flat.length;
          break;
        case "indent":
        case "align":
          pending.push({ indentation, flat, document: document.content });
          break;
        case "group":
          pending.push({ indentation, flat: flat && !document.broken, document: document.content });
          break;
        case "fill":
          pushAll(pending, document.parts.slice(document.from), indentation, flat);
          break;
        case "stack":
          // Where they may be below each other, the line may end after the first.
          if (!flat) return left >= flatten(document.parts[0] ?? "").length;
          pushAll(pending, join(" ", document.parts), indentation, flat);
          break;
        case "list":
          // Its first line may end behind the bracket.
          if (!flat) return true;
          pending.push({ indentation, flat, document: besides(document) });
          break;
        case "suffix":
          break;
      }
    }
  }
  return false;
}

function isSequence(document: Exclude<Document, string>): document is readonly Document[] {
  return Array.isArray(document);
}
