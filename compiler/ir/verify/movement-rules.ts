import { add, and, compare, constant, multiply, one, subtract, zero } from "../../shapes/index.js";
import { printDim } from "../../shapes/index.js";
import { alignAxes } from "../align.js";
import type { Axis, ConcatNode, GatherNode, RenameNode, SliceNode, StackNode, TakeNode, ViewNode } from "../graph.js";
import { printType } from "../print/type.js";
import { expectAxes, expectAxis, expectDType, expectShape, type Problems } from "./problems.js";
import { sameLabels, sameShape, type Sizes } from "./sizes.js";

const product = (axes: readonly Axis[]): Axis["dim"] => axes.reduce((dim, axis) => multiply(dim, axis.dim), one);

export function* viewRule({ operand, split, merge, out }: ViewNode, sizes: Sizes): Problems {
  const parts = new Map(split.flat().map((axis) => [axis.label, axis]));
  if (parts.size < split.flat().length) yield "names two parts alike";
  if (split.length !== operand.type.axes.length) yield `splits ${split.length} axes of ${printType(operand.type)}`;
  for (const [n, axes] of split.entries()) {
    const axis = operand.type.axes[n];
    if (axis && !sizes.same(product(axes), axis.dim)) {
      yield `splits ${printDim(axis.dim)} into ${axes.map(({ dim }) => printDim(dim)).join(" * ")}`;
    }
  }
  const used = merge.flat();
  if ([...used].sort().join() !== [...parts.keys()].sort().join()) {
    yield `merges ${used.join(", ")}, the parts are ${[...parts.keys()].join(", ")}`;
    return;
  }
  const axes = merge.map((names) => ({ label: "", dim: product(names.flatMap((name) => parts.get(name) ?? [])) }));
  yield* expectShape(out, operand.type.dtype, axes, sizes);
}

export function* renameRule({ operand, out }: RenameNode, sizes: Sizes): Problems {
  yield* expectShape(out, operand.type.dtype, operand.type.axes, sizes);
}

export function* sliceRule({ operand, axis, from, to, out }: SliceNode, sizes: Sizes): Problems {
  yield* expectAxis(operand, axis);
  const whole = operand.type.axes[axis];
  if (!whole) return;
  if (!sizes.holds(and(and(compare("<=", zero, from), compare("<=", from, to)), compare("<=", to, whole.dim)))) {
    yield `takes ${printDim(from)} .. ${printDim(to)} of ${printDim(whole.dim)}`;
  }
  yield* expectAxes(
    out,
    operand.type.dtype,
    operand.type.axes.with(axis, { ...whole, dim: subtract(to, from) }),
    sizes,
  );
}

export function* takeRule({ operand, axis, index, out }: TakeNode, sizes: Sizes): Problems {
  yield* expectAxis(operand, axis);
  const whole = operand.type.axes[axis];
  if (whole && !sizes.within(index, whole.dim)) yield `takes ${printDim(index)} of ${printDim(whole.dim)}`;
  yield* expectAxes(out, operand.type.dtype, operand.type.axes.toSpliced(axis, 1), sizes);
}

/** Whether indices are in range is proved where they are made, or checked on entry. */
export function* gatherRule({ table, axes, indices, out }: GatherNode, sizes: Sizes): Problems {
  if (axes.length !== indices.length || axes.length === 0)
    yield `has ${indices.length} indices for ${axes.length} axes`;
  if (new Set(axes).size < axes.length) yield "looks up one axis twice";
  for (const axis of axes) yield* expectAxis(table, axis);
  const reached = new Set<number>();
  for (const index of indices) {
    yield* expectDType(index, ["i32"]);
    const positions = alignAxes(index.type.axes, out.type.axes);
    if (!positions?.every((m, n) => sizes.same(out.type.axes[m]?.dim ?? zero, index.type.axes[n]?.dim ?? one))) {
      yield `cannot broadcast ${index.name}, ${printType(index.type)}, to ${printType(out.type)}`;
    }
    positions?.forEach((m) => reached.add(m));
  }
  // The indices' axes come first, whatever order among them the broadcast chose; those of the table that they share are
  // looked up at the same position.
  const found = out.type.axes.slice(0, reached.size);
  if ([...reached].some((m) => m >= reached.size))
    yield `gives ${printType(out.type)}, with axes of the indices behind the table's`;
  const kept = table.type.axes.filter((_, n) => !axes.includes(n));
  const batchOf = (label: string): Axis | undefined =>
    label === "" ? undefined : found.find((axis) => axis.label === label);
  for (const { label, dim } of kept) {
    const batch = batchOf(label);
    if (batch && !sizes.same(batch.dim, dim)) yield `shares the axis ${label}, which has two sizes`;
  }
  yield* expectAxes(out, table.type.dtype, [...found, ...kept.filter(({ label }) => !batchOf(label))], sizes);
}

export function* concatRule({ operands, axis, out }: ConcatNode, sizes: Sizes): Problems {
  const [first] = operands;
  const joined = first?.type.axes[axis];
  if (!first || !joined) {
    yield `has no axis ${axis} to join along`;
    return;
  }
  const without = (axes: readonly Axis[]): readonly Axis[] => axes.toSpliced(axis, 1);
  for (const { name, type } of operands) {
    const fits =
      sameShape(sizes, without(type.axes), without(first.type.axes)) && sameLabels(type.axes, first.type.axes);
    if (!fits || type.dtype !== first.type.dtype)
      yield `joins ${printType(first.type)} and ${name}, ${printType(type)}`;
  }
  const dim = operands.reduce((sum, { type }) => add(sum, type.axes[axis]?.dim ?? zero), zero);
  yield* expectAxes(out, first.type.dtype, first.type.axes.with(axis, { ...joined, dim }), sizes);
}

export function* stackRule({ operands, out }: StackNode, sizes: Sizes): Problems {
  const [first] = operands;
  if (!first) {
    yield "joins nothing";
    return;
  }
  for (const { name, type } of operands) {
    const fits = sameShape(sizes, type.axes, first.type.axes) && sameLabels(type.axes, first.type.axes);
    if (!fits || type.dtype !== first.type.dtype)
      yield `joins ${printType(first.type)} and ${name}, ${printType(type)}`;
  }
  const last: Axis = { label: out.type.axes.at(-1)?.label ?? "", dim: constant(operands.length) };
  yield* expectAxes(out, first.type.dtype, [...first.type.axes, last], sizes);
}
