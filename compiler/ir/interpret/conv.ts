/** Cross-correlation, by its definition. */
import { entryAt, indicesOf, tabulate, type NDArray } from "./array.js";

export interface ConvSettings {
  readonly stride: number;
  readonly padding: number;
  readonly groups: number;
}

/** `operand` [.., c, n..], `weight` [o, c / groups, k..]; what lies outside of the operand is 0. */
export function interpretConv(operand: NDArray, weight: NDArray, { stride, padding, groups }: ConvSettings): NDArray {
  const [made = 0, taken = 0, ...kernel] = weight.shape;
  const front = operand.shape.slice(0, -kernel.length - 1);
  const lengths = operand.shape.slice(-kernel.length);
  const moved = lengths.map((length, n) => Math.floor((length + 2 * padding - (kernel[n] ?? 0)) / stride) + 1);
  return tabulate([...front, made, ...moved], (index) => {
    const channel = index[front.length] ?? 0;
    const first = Math.floor(channel / (made / groups)) * taken;
    let sum = 0;
    for (const [c = 0, ...point] of indicesOf([taken, ...kernel])) {
      const place = point.map((k, n) => (index[front.length + 1 + n] ?? 0) * stride + k - padding);
      if (place.some((at, n) => at < 0 || at >= (lengths[n] ?? 0))) continue;
      sum +=
        entryAt(operand, [...index.slice(0, front.length), first + c, ...place]) *
        entryAt(weight, [channel, c, ...point]);
    }
    return sum;
  });
}
