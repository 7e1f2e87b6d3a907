import type { ContractNode, LayerNormNode, LinearNode } from "../graph.js";
import { printType } from "../print/type.js";
import { expectAxes, expectAxis, expectDType, expectShape, type Problems } from "./problems.js";
import type { Sizes } from "./sizes.js";

export function* contractRule({ left, right, axes, out }: ContractNode, sizes: Sizes): Problems {
  yield* expectDType(left, ["f32"]);
  yield* expectDType(right, ["f32"]);
  for (const side of ["left", "right"] as const) {
    if (new Set(axes.map((pair) => pair[side])).size < axes.length) yield `sums over an axis of its ${side} twice`;
  }
  for (const pair of axes) {
    const [a, b] = [left.type.axes[pair.left], right.type.axes[pair.right]];
    yield* expectAxis(left, pair.left);
    yield* expectAxis(right, pair.right);
    if (a && b && !sizes.same(a.dim, b.dim)) {
      yield `sums over axes of two sizes: ${pair.left} of ${printType(left.type)}, ${pair.right} of ${printType(right.type)}`;
    }
  }
  const keptLeft = left.type.axes.filter((_, n) => !axes.some((pair) => pair.left === n));
  const keptRight = right.type.axes.filter((_, n) => !axes.some((pair) => pair.right === n));
  const batchOf = (label: string): (typeof keptLeft)[number] | undefined =>
    label === "" ? undefined : keptLeft.find((axis) => axis.label === label);
  for (const { label, dim } of keptRight) {
    const batch = batchOf(label);
    if (batch && !sizes.same(batch.dim, dim)) yield `shares the axis ${label}, which has two sizes`;
  }
  yield* expectAxes(out, "f32", [...keptLeft, ...keptRight.filter(({ label }) => !batchOf(label))], sizes);
}

export function* linearRule({ operand, weight, bias, transposed, out }: LinearNode, sizes: Sizes): Problems {
  for (const value of [operand, weight, ...(bias ? [bias] : [])]) yield* expectDType(value, ["f32"]);
  const [rows, columns] = weight.type.axes;
  const d = operand.type.axes.at(-1);
  if (!rows || !columns || weight.type.axes.length > 2 || !d) {
    yield `multiplies ${printType(operand.type)} by ${printType(weight.type)}: a weight of two axes is due`;
    return;
  }
  const [from, to] = transposed ? [columns, rows] : [rows, columns];
  if (!sizes.same(d.dim, from.dim)) {
    yield `multiplies ${printType(operand.type)} by ${printType(weight.type)}${transposed ? ", transposed" : ""}`;
  }
  const [offset, ...more] = bias?.type.axes ?? [to];
  if (!offset || more.length > 0 || !sizes.same(offset.dim, to.dim))
    yield `adds ${bias ? printType(bias.type) : "nothing"} along ${to.label}`;
  yield* expectShape(out, "f32", [...operand.type.axes.slice(0, -1), to], sizes);
  const { axes } = operand.type;
  if (axes.slice(0, -1).some(({ label }, n) => label !== out.type.axes[n]?.label)) {
    yield `gives ${printType(out.type)} from ${printType(operand.type)}: the labels differ`;
  }
}

export function* layerNormRule({ kind, operand, gain, bias, epsilon, out }: LayerNormNode, sizes: Sizes): Problems {
  const d = operand.type.axes.at(-1);
  for (const value of [operand, gain, ...(bias ? [bias] : [])]) yield* expectDType(value, ["f32"]);
  for (const value of [gain, ...(bias ? [bias] : [])]) {
    const [own, ...more] = value.type.axes;
    if (!d || !own || more.length > 0 || !sizes.same(own.dim, d.dim)) {
      yield `scales ${printType(operand.type)} by ${printType(value.type)}`;
    }
  }
  if (kind === "rms" && bias) yield "is an rms norm with a bias";
  if (!(epsilon >= 0)) yield `has epsilon ${epsilon}`;
  yield* expectAxes(out, "f32", operand.type.axes, sizes);
}
