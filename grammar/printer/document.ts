/**
 * Text that knows where it may break: the algebra of Wadler ("A prettier printer", 2003), with Oppen's fill.
 *
 * A `group` is set on one line if it fits, and breaks all of its own lines if it does not; a `fill` breaks only the
 * lines that have to. What may not share a line with what follows (a comment) is a `suffix`: it waits for the line's end.
 */
export type Document = string | readonly Document[] | Line | Indent | Align | Group | Fill | Stack | Suffix | IfBroken;

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

/** Parts beside each other, or, if each has room on a line of its own, below each other. */
interface Stack {
  readonly kind: "stack";
  readonly parts: readonly Document[];
}

interface Suffix {
  readonly kind: "suffix";
  readonly text: string;
}

interface IfBroken {
  readonly kind: "if-broken";
  readonly broken: Document;
}

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

/** A group that breaks whether it fits or not. */
export function brokenGroup(content: Document): Document {
  return { kind: "group", content, broken: true };
}

export function fill(parts: readonly Document[]): Document {
  return { kind: "fill", parts, from: 0 };
}

/** None of the parts may hold a line break that cannot be left out. */
export function stack(parts: readonly Document[]): Document {
  return { kind: "stack", parts };
}

/** Text at the end of the line that is being set, whatever else comes on it; breaks the groups around it. */
export function suffix(text: string): Document {
  return { kind: "suffix", text };
}

/** Present only where the group around it is broken. */
export function ifBroken(broken: Document): Document {
  return { kind: "if-broken", broken };
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
    case "stack":
      return document.parts.some(mustBreak);
    case "suffix":
      return true;
    case "if-broken":
      return false;
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
    case "suffix":
    case "if-broken":
      return "";
  }
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
  const lines: string[] = [];
  let text = "";
  let column = 0;
  let suffixes = "";

  const endLine = (): void => {
    lines.push((text + suffixes).trimEnd());
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
          if (flat || fits(asFlat, pending, width - column)) pending.push(asFlat);
          else if (areFlat) pushAll(pending, join(hardLine, current.parts.map(group)), indentation, false);
          else pushAll(pending, join(" ", current.parts), indentation, false);
          break;
        }
        case "suffix":
          suffixes += current.text;
          break;
        case "if-broken":
          if (!flat) pending.push({ indentation, flat, document: current.broken });
          break;
      }
    }
  }
  endLine();
  return lines.join("\n");
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
        case "suffix":
          break;
        case "if-broken":
          if (!flat) pending.push({ indentation, flat, document: document.broken });
          break;
      }
    }
  }
  return false;
}

function isSequence(document: Exclude<Document, string>): document is readonly Document[] {
  return Array.isArray(document);
}
