import type { Span } from "../../grammar/ast.js";
import type { SourceFile } from "./program.js";

/** What is written in a span, without what only its layout is: remarks, blank lines, spaces at the ends of lines. */
export const sourceOf = ({ text }: SourceFile, { start, end }: Span): string =>
  text.slice(start, end).replace(/\s*\n/g, "\n");

/** On one line. */
export const sourceLine = ({ text }: SourceFile, { start, end }: Span): string =>
  text.slice(start, end).replace(/\s+/g, " ");
