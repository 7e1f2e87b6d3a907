import type { AttendNode, Axis, Region, ValueType } from "../graph.js";
import { scoreAxes } from "../interpret/attention.js";
import { printType } from "../print/type.js";
import { expectAxes, expectDType, type Problems } from "./problems.js";
import { sameLabels, sameShape, type Sizes } from "./sizes.js";

/** query [P.., R.., i, c], key [P.., j, c], value [P.., j, e]: [P.., R.., i, e]. */
export function* attendRule(node: AttendNode, sizes: Sizes): Problems {
  const { query, key, value, mask, score, out } = node;
  for (const operand of [query, key, value]) yield* expectDType(operand, ["f32"]);
  const shared = key.type.axes.slice(0, -2);
  const [i, channel] = query.type.axes.slice(-2);
  const [j, keyChannel] = key.type.axes.slice(-2);
  const [valueJ, result] = value.type.axes.slice(-2);
  const front = query.type.axes.slice(0, shared.length);
  const valueFront = value.type.axes.slice(0, -2);
  if (!i || !channel || !j || !keyChannel || !valueJ || !result || query.type.axes.length < key.type.axes.length) {
    yield `attends ${printType(query.type)} to ${printType(key.type)} and ${printType(value.type)}: axes are missing`;
    return;
  }
  if (i.label !== node.i) yield `calls its queries ${node.i}, they are ${printType(query.type)}`;
  if (j.label !== node.j || valueJ.label !== node.j) yield `calls its keys ${node.j}, they are ${printType(key.type)}`;
  if (!sizes.same(channel.dim, keyChannel.dim)) yield `multiplies ${printType(query.type)} by ${printType(key.type)}`;
  if (!sizes.same(j.dim, valueJ.dim))
    yield `has other keys, ${printType(key.type)}, than values, ${printType(value.type)}`;
  for (const [axes, what] of [
    [front, "queries"],
    [valueFront, "values"],
  ] as const) {
    if (sameShape(sizes, shared, axes) && sameLabels(shared, axes)) continue;
    yield `shares other axes with its ${what}: ${printType(key.type)}, ${printType(query.type)}, ${printType(value.type)}`;
  }
  if (!Number.isFinite(node.scale)) yield `scales by ${node.scale}`;
  if (!(node.dropout >= 0 && node.dropout < 1)) yield `drops with probability ${node.dropout}`;
  yield* expectAxes(out, "f32", [...query.type.axes.slice(0, -1), result], sizes);
  const [q, k]: ValueType[] = [i, j].map((axis) => ({ dtype: "i32", axes: [axis] }));
  const s: ValueType = { dtype: "f32", axes: scoreAxes(node) };
  if (mask && q && k) yield* regionRule("mask", mask, [q, k], s.axes, sizes);
  if (score && q && k) yield* regionRule("score", score, [s, q, k], s.axes, sizes);
}

function* regionRule(
  clause: "mask" | "score",
  { parameters, result }: Region,
  due: readonly ValueType[],
  scores: readonly Axis[],
  sizes: Sizes,
): Problems {
  const text = (types: readonly ValueType[]): string => types.map(printType).join(", ");
  const types = parameters.map(({ type }) => type);
  const fits = types.every((type, n) => {
    const { dtype, axes } = due[n] ?? { dtype: undefined, axes: [] };
    return type.dtype === dtype && sameShape(sizes, type.axes, axes) && sameLabels(type.axes, axes);
  });
  if (!fits || types.length !== due.length) yield `has a ${clause} of (${text(types)}), (${text(due)}) is due`;
  const dtype = clause === "mask" ? "bool" : "f32";
  if (result.type.dtype !== dtype) yield `has a ${clause} that gives ${result.type.dtype}, not ${dtype}`;
  for (const axis of result.type.axes) {
    const own = scores.find(({ label }) => label === axis.label);
    if (!own || !sizes.same(own.dim, axis.dim)) {
      yield `has a ${clause} that gives ${printType(result.type)}, the scores are ${printType({ dtype: "f32", axes: scores })}`;
    }
  }
}
