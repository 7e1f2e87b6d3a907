/** What a stored rule comes to for one weight: shapes in the file, the part that is its own, the order of axes. */
import type { Leaf } from "./parameters.js";
import type { StoredRule } from "./stored.js";

/** A rule for one weight, worked out. */
export interface Layout {
  readonly names: readonly string[];
  /** The tensor's shape in the file. */
  readonly shape: readonly number[];
  /** That shape with merged axes split. */
  readonly split: readonly number[];
  /** The part that is this weight: along `axis` of `split`, all of it where that is undefined. */
  readonly cut?: { readonly axis: number; readonly from: number; readonly to: number };
  readonly order: readonly number[];
}

/** @throws Error if the rule contradicts the weight's sizes; the compiler writes rules, so that is its mistake. */
export function layoutOf({ param, address, indices }: Leaf): Layout {
  const stored = param.stored ?? address;
  const rule: StoredRule = typeof stored === "string" ? { name: stored } : stored;
  const names = (typeof rule.name === "string" ? [rule.name] : rule.name).map((name) =>
    name.replace(/\{(\w+)\}/g, (whole, index: string) => String(indices.get(index) ?? whole)),
  );
  const order = rule.order ?? (rule.split ?? param.sizes).map((_, axis) => axis);
  const split = rule.split ?? uncut(rule, order, param.sizes);
  const shape = rule.shape ?? split;
  const layout: Layout = { names, shape, split, order, ...cutOf(rule, split) };
  if (product(partShape(layout)) !== product(param.sizes) || product(shape) !== product(split)) {
    throw new Error(`${address}: [${shape.join(", ")}] in a file does not give [${param.sizes.join(", ")}]`);
  }
  return layout;
}

/** The sizes of the weight's part of the file's tensor, in the file's order of axes. */
export function partShape({ split, cut }: Layout): number[] {
  return split.map((size, axis) => (axis === cut?.axis ? cut.to - cut.from : size));
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((whole, size) => whole * size, 1);
}

/** The weight's sizes in the file's order of axes, with the cut axis whole. */
function uncut(rule: StoredRule, order: readonly number[], sizes: readonly number[]): number[] {
  const inFile = sizes.map((_, axis) => sizes[order.indexOf(axis)] ?? 1);
  return inFile.map((size, axis) => (axis === rule.axis ? (rule.of ?? size) : size));
}

function cutOf({ axis, from = 0, to }: StoredRule, split: readonly number[]): Pick<Layout, "cut"> {
  if (axis === undefined) return {};
  return { cut: { axis, from, to: to ?? split[axis] ?? 1 } };
}
