/** Sums of products. */
import type { ContractNode, LinearNode } from "../graph.js";
import { entryAt, indicesOf, tabulate, type NDArray } from "./array.js";

export function interpretContract({ left, right, axes, out }: ContractNode, a: NDArray, b: NDArray): NDArray {
  const summed = axes.map((pair) => a.shape[pair.left] ?? 0);
  const [keptLeft, keptRight] = [
    left.type.axes.map((_, n) => n).filter((n) => !axes.some((pair) => pair.left === n)),
    right.type.axes.map((_, n) => n).filter((n) => !axes.some((pair) => pair.right === n)),
  ];
  const labelAt = (n: number): string => left.type.axes[n]?.label ?? "";
  // An axis of `right` is where the result has it: with the axis of `left` of its label, or behind all those.
  let behind = keptLeft.length;
  const placeRight = keptRight.map((n) => {
    const label = right.type.axes[n]?.label ?? "";
    const shared = label === "" ? -1 : keptLeft.findIndex((m) => labelAt(m) === label);
    return shared >= 0 ? shared : behind++;
  });
  const shape = new Array<number>(out.type.axes.length).fill(0);
  keptLeft.forEach((n, place) => (shape[place] = a.shape[n] ?? 0));
  keptRight.forEach((n, m) => (shape[placeRight[m] ?? 0] = b.shape[n] ?? 0));
  return tabulate(shape, (index) => {
    const inLeft = new Array<number>(a.shape.length).fill(0);
    const inRight = new Array<number>(b.shape.length).fill(0);
    keptLeft.forEach((n, place) => (inLeft[n] = index[place] ?? 0));
    keptRight.forEach((n, m) => (inRight[n] = index[placeRight[m] ?? 0] ?? 0));
    let sum = 0;
    for (const point of indicesOf(summed)) {
      axes.forEach((pair, n) => {
        inLeft[pair.left] = point[n] ?? 0;
        inRight[pair.right] = point[n] ?? 0;
      });
      sum += entryAt(a, inLeft) * entryAt(b, inRight);
    }
    return sum;
  });
}

/** `operand` [.., d] by `weight` [d, out], or [out, d] where it is transposed, plus `bias` [out]. */
export function interpretLinear(
  { transposed }: LinearNode,
  operand: NDArray,
  weight: NDArray,
  bias: NDArray | undefined,
): NDArray {
  const d = operand.shape.at(-1) ?? 0;
  const width = weight.shape[transposed ? 0 : 1] ?? 0;
  return tabulate([...operand.shape.slice(0, -1), width], (index) => {
    const row = index.slice(0, -1);
    const column = index.at(-1) ?? 0;
    let sum = bias ? entryAt(bias, [column]) : 0;
    for (let n = 0; n < d; n++) {
      sum += entryAt(operand, [...row, n]) * entryAt(weight, transposed ? [column, n] : [n, column]);
    }
    return sum;
  });
}
