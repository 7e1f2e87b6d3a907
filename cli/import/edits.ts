/** Changes of a text by places in it. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

export const replace = ({ start, end }: Span, text: string): Edit => ({ from: start, to: end, text });

/** Takes what is there out of the text: with its line and what is remarked behind it, where it has the line to itself. */
export function remove(text: string, { start, end }: Span): Edit {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const to = /^[ \t]*(?:#[^\n]*)?(?:\n|$)/.exec(text.slice(end));
  return to && text.slice(from, start).trim() === ""
    ? { from, to: end + to[0].length, text: "" }
    : replace({ start, end }, "");
}

export function apply(text: string, edits: readonly Edit[]): string {
  let written = text;
  for (const { from, to, text: replacement } of edits.toSorted((a, b) => b.from - a.from)) {
    written = written.slice(0, from) + replacement + written.slice(to);
  }
  return written;
}
