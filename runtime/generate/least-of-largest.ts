/**
 * The least of the largest numbers whose weights together reach `target`; the least of all where they never do. As if they
 * were sorted, but only those are that lie near the answer: a vocabulary has a hundred thousand.
 */
export function leastOfLargest(values: Float32Array, weight: (value: number) => number, target: number): number {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const sums = new Float64Array(2 ** 16);
  let lowest = sums.length - 1;
  for (let n = 0; n < values.length; n++) {
    const group = groupOf(bits[n] ?? 0);
    sums[group] = (sums[group] ?? 0) + weight(values[n] ?? 0);
    lowest = Math.min(lowest, group);
  }
  let sum = 0;
  let group = sums.length - 1;
  while (group > lowest && sum + (sums[group] ?? 0) < target) sum += sums[group--] ?? 0;

  const near = values.filter((_, n) => groupOf(bits[n] ?? 0) === group).sort();
  for (let n = near.length - 1; n > 0; n--) {
    sum += weight(near[n] ?? 0);
    if (sum >= target) return near[n] ?? 0;
  }
  return near[0] ?? -Infinity;
}

/** The upper half of a float's bits, so changed that a larger float has no smaller group. */
function groupOf(bits: number): number {
  return bits < 0 ? (~bits >>> 16) & 0x7fff : (bits >>> 16) | 0x8000;
}
