/** Lists in brackets. */
import type { Span } from "../ast.js";
import type { Context } from "./context.js";
import { align, fill, line, list, mustBreak, type Document, type ListEntry, type ListLayout } from "./document.js";

interface Brackets extends ListLayout {
  readonly open: string;
  readonly close: string;
}

/**
 * On a line if they fit; else between the brackets, as many items a line as fit, or an item a line where one has no room on it
 * or the author ended the list with a comma. `end` is where the closing bracket ends in the text.
 */
export function bracketed<T extends { readonly span: Span }>(
  context: Context,
  items: readonly T[],
  end: number,
  { open, close, ...layout }: Brackets,
  print: (item: T) => Document,
): Document {
  if (items.length === 0 && !context.trivia.hasBefore(end)) return open + close;
  const first = context.trivia.above(items[0]?.span.start ?? end);
  let above = first.own;
  const entries = items.map((item, index): ListEntry => {
    const document = print(item);
    const following = context.trivia.above(items[index + 1]?.span.start ?? end);
    const entry = { above: above.map(({ text }) => text), item: document, after: following.before };
    above = following.own;
    return entry;
  });
  const below = above.map(({ text }) => text);
  const lineEach = layout.lineEach === true || endsInComma(context, items, end);
  const broken = layout.broken === true || endsInComma(context, items, end) || mustBreak(first.before);
  return [open, first.before, list(entries, below, { ...layout, broken, lineEach }), close];
}

/** Whether a comma follows the last item, which asks for a line for each. */
function endsInComma(context: Context, items: readonly { readonly span: Span }[], end: number): boolean {
  const last = items.at(-1);
  return last !== undefined && uncommented(context.text.slice(last.span.end, end)).includes(",");
}

export function uncommented(text: string): string {
  return text.replace(/#[^\n]*/g, "");
}

/** Where the bracket ends that closes what ends with an item that ends at `offset`. */
export function closingEnd(context: Context, offset: number): number {
  const blanks = /(?:[\s,]|#[^\n]*)*/y;
  blanks.lastIndex = offset;
  return offset + (blanks.exec(context.text)?.[0].length ?? 0) + 1;
}

/** Items that go on below the first of them. */
export function filled<T extends { readonly span: Span }>(
  context: Context,
  items: readonly T[],
  separator: string,
  print: (item: T, index: number) => Document,
): Document {
  const parts: Document[] = [];
  items.forEach((item, index) => {
    const comments = context.trivia.trailing(item.span.start);
    // A comment between two items ends the line of the first.
    if (index > 0) parts.push([parts.pop() ?? "", comments], line);
    const document = [index > 0 ? "" : comments, print(item, index)];
    parts.push([document, index < items.length - 1 ? separator : ""]);
  });
  return align(fill(parts));
}
