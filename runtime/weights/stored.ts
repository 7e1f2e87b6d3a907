/** Where and how a weight lies in a checkpoint: a rule that is read both ways, by loading and by saving. */
import type { Leaf } from "./parameters.js";

export type Stored = string | StoredRule;

/**
 * The file's tensor, its axes split into `split` where that is given, cut to `from .. to - 1` along `axis`, its axes then
 * put in the order `order`, and merged or split into the weight's own sizes, is the weight.
 */
export interface StoredRule {
  /** The tensor's name, or the names it may go by; saved by the first. `{i}` stands for an index. */
  readonly name: string | readonly string[];
  /** The axis to cut, counted in the file's tensor (after `split`). */
  readonly axis?: number;
  readonly from?: number;
  readonly to?: number;
  /** The size of that axis, uncut. */
  readonly of?: number;
  /** Axis n of the weight is axis `order[n]` of the file's tensor, as in a transpose. */
  readonly order?: readonly number[];
  /** The sizes of the file's axes with merged ones split; `shape` is then due too. */
  readonly split?: readonly number[];
  /** The shape of the tensor in the file. Known from the weight's unless axes are split. */
  readonly shape?: readonly number[];
}

/** Entries `from .. to - 1` of one axis, which has `of` in the file: a part of several weights that are stored as one. */
export function cut(name: string, axis: number, from: number, to: number, of: number): StoredRule {
  return { name, axis, from, to, of };
}

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
