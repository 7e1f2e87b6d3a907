/** Attention, by its definition: every score is written down. */
import type { AttendNode, Axis, Region } from "../graph.js";
import { entryAt, mapLines, tabulate, type NDArray } from "./array.js";
import { broadcast } from "./elementwise.js";
import { softmaxOf } from "./reductions.js";

/** Evaluates a region for all scores at once: its parameters as arrays, in their own axes. */
export type EvaluateRegion = (region: Region, parameters: readonly NDArray[]) => NDArray;

/** Vaswani et al. 2017, section 3.2.1. A query that sees no key gives zeros. Dropout acts in training only. */
export function interpretAttend(
  node: AttendNode,
  query: NDArray,
  key: NDArray,
  value: NDArray,
  evaluateRegion: EvaluateRegion,
): NDArray {
  const shared = key.shape.length - 2;
  const [channels, keys] = [query.shape.at(-1) ?? 0, key.shape.at(-2) ?? 0];
  const queries = query.shape.at(-2) ?? 0;
  const scores = tabulate([...query.shape.slice(0, -1), keys], (index) => {
    const [at, j] = [index.slice(0, -1), index.at(-1) ?? 0];
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += entryAt(query, [...at, c]) * entryAt(key, [...at.slice(0, shared), j, c]);
    return node.scale * sum;
  });
  const q = tabulate([queries], ([position = 0]) => position);
  const k = tabulate([keys], ([position = 0]) => position);
  const axes = scoreAxes(node);
  const onScores = (region: Region, result: NDArray): ((index: readonly number[]) => number) =>
    broadcast(result, region.result.type.axes, axes);
  const scored = node.score ? onScores(node.score, evaluateRegion(node.score, [scores, q, k])) : undefined;
  const seen = node.mask ? onScores(node.mask, evaluateRegion(node.mask, [q, k])) : undefined;
  const visible = tabulate(scores.shape, (index) => {
    if (seen && seen(index) === 0) return -Infinity;
    return scored ? scored(index) : entryAt(scores, index);
  });
  const weights = mapLines(visible, visible.shape.length - 1, (line) =>
    line.every((score) => score === -Infinity) ? line.map(() => 0) : softmaxOf(line),
  );
  return tabulate([...query.shape.slice(0, -1), value.shape.at(-1) ?? 0], (index) => {
    const [at, e] = [index.slice(0, -1), index.at(-1) ?? 0];
    let sum = 0;
    for (let j = 0; j < keys; j++) sum += entryAt(weights, [...at, j]) * entryAt(value, [...at.slice(0, shared), j, e]);
    return sum;
  });
}

/** [P.., R.., i, j] */
export function scoreAxes({ query, key }: AttendNode): readonly Axis[] {
  return [...query.type.axes.slice(0, -1), ...key.type.axes.slice(-2, -1)];
}
