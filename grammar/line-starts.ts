/** Where the lines begin that start at `from` or behind it, in order. */
export function lineStarts(text: string, from = 0): readonly number[] {
  const starts = [from];
  for (let at = text.indexOf("\n", from); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Number, from 0, of the line that `offset` is on. */
export function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low;
}
