import type { Span } from "./ast.js";

/** A comment as written. Comments are no part of the tree; the printer puts them back by their place. */
export interface Comment {
  readonly kind: "comment";
  /** From the `#` to the end of the line, without trailing blanks. */
  readonly text: string;
  /** It starts with `##`: it documents the declaration or weight below it. */
  readonly doc: boolean;
  /** Nothing else stands before it on its line. */
  readonly ownLine: boolean;
  readonly span: Span;
}
