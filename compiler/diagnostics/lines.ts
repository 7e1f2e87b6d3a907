/** One line of a text: its number from 1, and its half-open offsets without the line break. */
export interface Line {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** The line that holds an offset. An offset beyond the text belongs to the last line, one inside a break to the line before. */
export function lineAt(text: string, offset: number): Line {
  const at = Math.min(Math.max(offset, 0), text.length);
  // lastIndexOf reads a negative start as 0, and would find a break at the very first character.
  const start = at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
  const newline = text.indexOf("\n", at);
  const last = newline === -1 ? text.length : newline;
  const end = last > start && text[last - 1] === "\r" ? last - 1 : last;
  let number = 1;
  for (let i = text.indexOf("\n"); i !== -1 && i < start; i = text.indexOf("\n", i + 1)) number++;
  return { number, start, end };
}
