/** Where the lines begin, in order. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Number, from 0, of the line that `offset` is on. */
export const lineAt = (starts: readonly number[], offset: number): number =>
  lastUntil(starts, (start) => start, offset);

/** The index of the last that starts at an offset or before, of the first where none does. */
export function lastUntil<T>(inOrder: readonly T[], startOf: (each: T) => number, offset: number): number {
  let low = 0;
  let high = inOrder.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const each = inOrder[middle];
    if (each !== undefined && startOf(each) <= offset) low = middle;
    else high = middle;
  }
  return low;
}
