/** A body being written: what it may read, the lines it has, and the facts about sizes that its signature will state. */
import type { Random } from "./random.js";
import {
  combine,
  createQuantity,
  evaluate,
  print,
  quantity,
  quantitiesOf,
  sameSize,
  type Quantity,
  type Size,
} from "./size.js";
import type { Axis, DType, Fact, Signature } from "./signature.js";

export type { Axis, DType, Fact } from "./signature.js";

export interface Tensor {
  /** An expression that needs no brackets around it. */
  readonly text: string;
  readonly dtype: DType;
  readonly axes: readonly Axis[];
  /** What each entry of an i32 tensor is below: a size, or whatever it looks up, for ids that a caller brings. */
  readonly below?: Size | "any";
}

/** A labelled layer that may be applied again: to anything whose last axis is as long, giving `out` instead. */
export interface Layer {
  readonly label: string;
  readonly width: Size;
  readonly out: Axis | undefined;
  /** The weight that may be tied, with its axes. */
  readonly weight: Tensor | undefined;
}

/** What all the bodies of a program share. */
export interface World {
  readonly random: Random;
  /** Declarations, in order. */
  readonly declarations: string[];
  readonly signatures: Signature[];
  readonly names: Set<string>;
  /** How often each construct was written. */
  readonly coverage: Map<string, number>;
}

export interface Draft {
  readonly world: World;
  readonly random: Random;
  readonly kind: "model" | "block" | "function" | "task";
  readonly quantities: Quantity[];
  /** Entries of the config that are no sizes. */
  readonly flags: string[];
  readonly reals: string[];
  readonly functions: string[];
  readonly blocks: string[];
  tensors: Tensor[];
  lines: string[];
  readonly facts: Fact[];
  /** Facts as the signature writes them; what a config alone decides may go unsaid. */
  readonly where: string[];
  readonly layers: Layer[];
  readonly names: Set<string>;
  /** Sizes of the axes that `@` can name. */
  readonly positions: Map<string, Size | "several">;
  /** The counter of the `repeat` around. */
  readonly loop: string | undefined;
  readonly depth: number;
  /** Whether an outer axis may be reduced. */
  readonly inLoss: boolean;
}

export function createDraft(world: World, kind: Draft["kind"]): Draft {
  return {
    world,
    random: world.random,
    kind,
    quantities: [],
    flags: [],
    reals: [],
    functions: [],
    blocks: [],
    tensors: [],
    lines: [],
    facts: [],
    where: [],
    layers: [],
    names: new Set(),
    positions: new Map(),
    loop: undefined,
    depth: 0,
    inLoss: false,
  };
}

export function cover({ world: { coverage } }: Draft, construct: string): void {
  coverage.set(construct, (coverage.get(construct) ?? 0) + 1);
}

/** A name that the body does not have yet. */
export function fresh({ names }: Draft, wish: string): string {
  let name = wish;
  for (let n = 2; names.has(name); n++) name = `${wish}${n}`;
  names.add(name);
  return name;
}

const labels = ["u", "e", "t", "half", "g", "part", "lane", "row", "col", "z"];
export const freshLabel = (draft: Draft): string => fresh(draft, draft.random.pick(labels));

export function addQuantity(draft: Draft, wish: string, role: Quantity["role"], fallback?: Size): Quantity {
  const made = createQuantity(fresh(draft, wish), role, fallback);
  draft.quantities.push(made);
  return made;
}

/** About how large it will be, to keep programs small. */
export function typical(size: Size): number {
  return evaluate(size, ({ multipleOf, atLeast, fallback }) => {
    const least = multipleOf.reduce((all, each) => all * typical(each), 1);
    return Math.max(fallback ? typical(fallback) : 1, least, atLeast, 3);
  });
}

export const entries = (axes: readonly Axis[]): number => axes.reduce((all, { size }) => all * typical(size), 1);

/** Whether a tensor of these axes is small enough to be computed naively a few thousand times. */
export const isSmall = (axes: readonly Axis[]): boolean => axes.length <= 6 && entries(axes) <= 500;

/** Keeps what a tensor's labels say of sizes, for `@label`. */
export function notePositions(draft: Draft, axes: readonly Axis[]): void {
  for (const { label, size } of axes) {
    draft.names.add(label);
    const known = draft.positions.get(label);
    if (known === undefined) draft.positions.set(label, size);
    else if (known !== "several" && !sameSize(known, size)) {
      draft.positions.set(label, "several");
      const reads = new RegExp(`@${label}\\b`);
      draft.tensors = draft.tensors.filter(({ text }) => !reads.test(text));
    }
  }
}

/** Adds `name = text`, or keeps the text to be written inside of what reads it. */
export function define(draft: Draft, text: string, tensor: Omit<Tensor, "text">, wish = "x"): Tensor {
  const { random } = draft;
  const isPlain = !/:|\|>|attend|if /.test(text) && text.length < 40;
  if (isPlain && random.chance(0.15)) {
    cover(draft, "nested expression");
    return add(draft, { ...tensor, text: `(${text})` });
  }
  notePositions(draft, tensor.axes);
  const old = draft.depth === 0 && random.chance(0.15) ? draft.tensors.find((each) => each.dtype === tensor.dtype && /^[a-z]\d*$/.test(each.text)) : undefined; // prettier-ignore
  const name = old?.text ?? fresh(draft, wish);
  if (old) {
    cover(draft, "reassignment");
    const reads = new RegExp(`\\b${old.text}\\b`);
    draft.tensors = draft.tensors.filter(({ text: t }) => !reads.test(t));
  }
  draft.lines.push(`${name} = ${text}`);
  return add(draft, { ...tensor, text: name });
}

export function add(draft: Draft, tensor: Tensor): Tensor {
  draft.tensors.push(tensor);
  return tensor;
}

/** A tensor that suits, late ones more often; undefined where none does. */
export function pickTensor(draft: Draft, suits: (tensor: Tensor) => boolean): Tensor | undefined {
  const all = draft.tensors.filter(suits);
  if (all.length === 0) return undefined;
  const late = all.slice(-3);
  return draft.random.chance(0.6) ? draft.random.pick(late) : draft.random.pick(all);
}

export const isReal = ({ dtype }: Tensor): boolean => dtype === "f32";
export const isNamed = ({ label }: Axis): boolean => label !== "" && label !== "..";
export const isOuter = ({ label }: Axis): boolean => label === "batch";
/** Axes that an operation may name and mix. */
export const innerAxes = ({ axes }: Tensor): Axis[] => axes.filter((axis) => isNamed(axis) && !isOuter(axis));

/** Whether every axis of `narrow` is one of `wide`, by label. */
export const fitsWithin = (narrow: readonly Axis[], wide: readonly Axis[]): boolean =>
  narrow.every(({ label, size }) => label !== "" && wide.some((axis) => axis.label === label && sameSize(axis.size, size))); // prettier-ignore

export const sameAxes = (a: readonly Axis[], b: readonly Axis[]): boolean =>
  a.length === b.length && a.every(({ label, size }, n) => label === b[n]?.label && sameSize(size, b[n].size));

/** An axis as a signature writes it. */
export function printAxis({ label, size }: Axis): string {
  if (label === "..") return "..";
  const text = print(size);
  return label === "" || label === text ? text : `${label}: ${text}`;
}

export const printType = (dtype: DType, axes: readonly Axis[]): string => `${dtype}[${axes.map(printAxis).join(", ")}]`;

/** Whether a config alone can decide the size; where a variable of a block could, it is bound to do so from now on. */
export function fix(size: Size): boolean {
  const all = quantitiesOf(size);
  if (all.some(({ role, name }) => role === "axis" || name === "..")) return false;
  for (const each of all) each.fixed = true;
  return true;
}

export const configSizes = ({ quantities }: Draft): Size[] =>
  quantities.filter(({ role }) => role === "config").map(quantity);

/** A width for a new layer: an entry of the config, an expression of one, or a number. */
export function anyWidth(draft: Draft): Size {
  const { random } = draft;
  const known = configSizes(draft).filter((size) => typical(size) <= 12);
  const base: Size = known.length > 0 && random.chance(0.7) ? random.pick(known) : { kind: "number", value: 2 + random.below(5) }; // prettier-ignore
  if (!random.chance(0.3)) return base;
  return random.chance(0.5)
    ? combine("*", { kind: "number", value: 2 }, base)
    : combine("+", base, { kind: "number", value: 1 });
}
