/** Lists in brackets: on one line, or an item a line. */
import type { Span } from "../ast.js";
import type { Context } from "./context.js";
import {
  align,
  brokenGroup,
  fill,
  group,
  hardLine,
  ifBroken,
  indent,
  line,
  softLine,
  type Document,
} from "./document.js";
import { asSuffix, ownLines } from "./trivia.js";

interface Brackets {
  readonly open: string;
  readonly close: string;
  /** A blank inside of the brackets when they are on one line. */
  readonly padded?: boolean;
  /** Break it whether it fits or not. */
  readonly broken?: boolean;
}

/** `end` is where the closing bracket ends in the text. */
export function bracketed<T extends { readonly span: Span }>(
  context: Context,
  items: readonly T[],
  end: number,
  brackets: Brackets,
  print: (item: T) => Document,
): Document {
  const { open, close, padded = false, broken = false } = brackets;
  if (items.length === 0 && !context.trivia.hasBefore(end)) return open + close;
  const edge = padded ? line : softLine;
  const content: Document[] = [open];
  const inner: Document[] = [];
  items.forEach((item, index) => {
    const { before, own } = context.trivia.above(item.span.start);
    (index === 0 ? content : inner).push(before);
    inner.push(index === 0 ? edge : line, ownLines(own), print(item));
    inner.push(index < items.length - 1 ? "," : ifBroken(","));
  });
  // Comments after the last item, inside of the bracket.
  const { before, own } = context.trivia.above(end);
  inner.push(
    before,
    own.map(({ text }) => [hardLine, text]),
  );
  content.push(indent(inner), own.length > 0 ? hardLine : edge, close);
  return broken ? brokenGroup(content) : group(content);
}

/** As `bracketed`, with as many items on a line as fit, below each other. */
export function filled<T extends { readonly span: Span }>(
  context: Context,
  items: readonly T[],
  end: number,
  brackets: Brackets,
  print: (item: T) => Document,
): Document {
  if (context.trivia.hasBefore(end)) return bracketed(context, items, end, brackets, print);
  const parts: Document[] = [];
  items.forEach((item, index) => {
    if (index > 0) parts.push(line);
    parts.push([print(item), index < items.length - 1 ? "," : ""]);
  });
  return [brackets.open, align(fill(parts)), brackets.close];
}

/** Comments before `offset` at the end of the line being set. */
export function trailing(context: Context, offset: number): Document {
  const { before, own } = context.trivia.above(offset);
  return [before, own.map(asSuffix)];
}
