/** Along an axis: reductions, softmax, normalisation. */
import type { LayerNormNode, ReduceName, ReduceNode, SoftmaxNode } from "../graph.js";
import { entryAt, indicesOf, mapLines, tabulate, type NDArray } from "./array.js";

const total = (line: readonly number[]): number => line.reduce((sum, x) => sum + x, 0);
const mean = (line: readonly number[]): number => total(line) / line.length;

const reductions: Readonly<Record<ReduceName, (entries: readonly number[]) => number>> = {
  sum: total,
  mean,
  max: (entries) => entries.reduce((a, b) => Math.max(a, b), -Infinity),
  min: (entries) => entries.reduce((a, b) => Math.min(a, b), Infinity),
  any: (entries) => Number(entries.includes(1)),
  all: (entries) => Number(entries.every((entry) => entry === 1)),
};

export function interpretReduce({ name, operand, axes }: ReduceNode, array: NDArray): NDArray {
  const goes = operand.type.axes.map(({ label }) => axes.includes(label));
  const reduced = array.shape.filter((_, n) => goes[n]);
  return tabulate(
    array.shape.filter((_, n) => !goes[n]),
    (index) => {
      const entries = [...indicesOf(reduced)].map((point) => {
        const [stay, go] = [[...index], [...point]];
        return entryAt(
          array,
          goes.map((isReduced) => (isReduced ? go : stay).shift() ?? 0),
        );
      });
      return reductions[name](entries);
    },
  );
}

/** exp(x) over its sum; the largest entry is taken off first, which changes nothing but keeps exp within range. */
export function softmaxOf(line: readonly number[]): number[] {
  const largest = reductions.max(line);
  const powers = line.map((x) => Math.exp(x - largest));
  return powers.map((power) => power / total(powers));
}

function logSoftmaxOf(line: readonly number[]): number[] {
  const largest = reductions.max(line);
  const logarithm = Math.log(total(line.map((x) => Math.exp(x - largest))));
  return line.map((x) => x - largest - logarithm);
}

export function interpretSoftmax({ log, operand, axis }: SoftmaxNode, array: NDArray): NDArray {
  const position = operand.type.axes.findIndex(({ label }) => label === axis);
  return mapLines(array, position, log ? logSoftmaxOf : softmaxOf);
}

/** Ba et al. 2016, arXiv:1607.06450; Zhang and Sennrich 2019, arXiv:1910.07467. */
export function interpretLayerNorm(
  { kind, epsilon }: LayerNormNode,
  operand: NDArray,
  gain: NDArray,
  bias: NDArray | undefined,
): NDArray {
  const normalised = mapLines(operand, operand.shape.length - 1, (line) => {
    const centre = kind === "layer" ? mean(line) : 0;
    const variance = mean(line.map((x) => (x - centre) ** 2));
    return line.map((x) => (x - centre) / Math.sqrt(variance + epsilon));
  });
  return tabulate(operand.shape, (index) => {
    const channel = [index.at(-1) ?? 0];
    return entryAt(normalised, index) * entryAt(gain, channel) + (bias ? entryAt(bias, channel) : 0);
  });
}
