/** Changes of a text by places in it, for `applyEdits`. */
import type { Edit as EditOfFile, Span } from "../../compiler/index.js";

export type Edit = Omit<EditOfFile, "file">;

export const replace = (span: Span, text: string): Edit => ({ span, text });

/** Takes what is there out of the text: with its line and what is remarked behind it, where it has the line to itself. */
export function remove(text: string, { start, end }: Span): Edit {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const to = /^[ \t]*(?:#[^\n]*)?(?:\n|$)/.exec(text.slice(end));
  return to && text.slice(from, start).trim() === ""
    ? replace({ start: from, end: end + to[0].length }, "")
    : replace({ start, end }, "");
}
