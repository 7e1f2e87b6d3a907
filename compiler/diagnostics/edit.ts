/** A change of a file's text: what stands in the span becomes `text`. An empty span inserts. */
import type { Span } from "../../grammar/ast.js";

export interface Edit {
  readonly file: string;
  readonly span: Span;
  readonly text: string;
}

/** The text of one file with its edits made; they do not overlap. */
export function applyEdits(text: string, edits: readonly Omit<Edit, "file">[]): string {
  const fromTheEnd = edits
    .map((edit, order) => ({ ...edit, order }))
    .sort((a, b) => b.span.start - a.span.start || b.order - a.order);
  return fromTheEnd.reduce((done, { span, text: put }) => done.slice(0, span.start) + put + done.slice(span.end), text);
}
