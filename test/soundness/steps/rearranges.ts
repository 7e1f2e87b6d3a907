/** `rearrange`: transposes, splits, merges. */
import { cover, define, freshLabel, isNamed, pickTensor, type Axis, type Draft, type Tensor } from "../draft.js";
import { establish } from "../facts.js";
import { combine, number, print, type Size } from "../size.js";
import type { Step } from "./step.js";

interface Part {
  readonly axis: Axis;
  /** How the pattern names it. */
  readonly text: string;
}

/** The axes of a tensor as the left side of a pattern: unnamed ones get a name, `..` and some first ones stay. */
function parts(draft: Draft, tensor: Tensor): Part[] {
  return tensor.axes.map((axis) => {
    if (axis.label === "..") return { axis, text: ".." };
    const label = isNamed(axis) ? axis.label : freshLabel(draft);
    return { axis: { label, size: axis.size }, text: label };
  });
}

const suits = ({ axes, dtype }: Tensor): boolean => axes.length >= 2 && axes.length <= 5 && dtype !== "bool";

/** `..` stays in front: nothing else is known to be legal everywhere. */
function inFront(order: readonly Part[]): Part[] {
  return [...order.filter(({ text }) => text === ".."), ...order.filter(({ text }) => text !== "..")];
}

const patternOf = (all: readonly Part[]): string => all.map(({ text }) => text).join(" ");

function finish(draft: Draft, tensor: Tensor, text: string, axes: readonly Axis[]): boolean {
  define(draft, `${tensor.text} |> rearrange[${text}]`, { dtype: tensor.dtype, axes }, "y");
  return true;
}

export const transpose: Step = (draft) => {
  const tensor = pickTensor(draft, suits);
  if (!tensor) return false;
  const left = parts(draft, tensor);
  const right = inFront(draft.random.shuffle(left));
  cover(draft, "transpose");
  return finish(draft, tensor, `${patternOf(left)} -> ${patternOf(right)}`, right.map(({ axis }) => axis)); // prettier-ignore
};

/** Splits one axis by a size that divides it: a number, or an entry of the config. */
export const split: Step = (draft) => {
  const { random } = draft;
  const tensor = pickTensor(draft, (x) => suits(x) && x.axes.length < 5);
  if (!tensor) return false;
  const open = tensor.axes.filter(({ label }) => label !== ".." && label !== "batch");
  if (open.length === 0) return false;
  const chosen = random.pick(open);
  const by: Size[] = [number(2), number(3)];
  for (const each of draft.quantities) if (each.role === "config") by.push({ kind: "quantity", quantity: each }, { kind: "quantity", quantity: each }); // prettier-ignore
  const divisor = random.pick(by);
  if (!establish(draft, { kind: "divides", divisor, dividend: chosen.size })) return false;
  const [outerLabel, innerLabel] = [freshLabel(draft), freshLabel(draft)];
  const first = random.chance(0.5);
  const rest = quotient(chosen.size, divisor);
  const two: readonly Part[] = [
    { axis: { label: outerLabel, size: first ? divisor : rest }, text: outerLabel },
    { axis: { label: innerLabel, size: first ? rest : divisor }, text: innerLabel },
  ];
  const left = parts({ ...draft }, tensor);
  const right = left.flatMap((part, n) => (tensor.axes[n] === chosen ? two : [part]));
  const pattern = left.map((part, n) => (tensor.axes[n] === chosen ? `(${outerLabel} ${innerLabel})` : part.text));
  const order = random.chance(0.5) ? right : inFront(random.shuffle(right));
  cover(draft, "split");
  const given = `${first ? outerLabel : innerLabel} = ${print(divisor)}`;
  return finish(draft, tensor, `${pattern.join(" ")} -> ${patternOf(order)}; ${given}`, order.map(({ axis }) => axis)); // prettier-ignore
};

const quotient = (dividend: Size, divisor: Size): Size =>
  dividend.kind === "number" && divisor.kind === "number"
    ? number(dividend.value / divisor.value)
    : combine("/", dividend, divisor);

/** Merges two axes, under a new name or none. */
export const merge: Step = (draft) => {
  const { random } = draft;
  const tensor = pickTensor(draft, (x) => suits(x) && x.axes.filter(({ label }) => label !== ".." && label !== "batch").length >= 2); // prettier-ignore
  if (!tensor) return false;
  const left = parts(draft, tensor);
  const open = random.shuffle(left.filter(({ text }) => text !== ".." && text !== "batch"));
  const [a, b] = open;
  if (!a || !b) return false;
  const others = inFront(random.shuffle(left.filter((part) => part !== a && part !== b)));
  const named = random.chance(0.7);
  const label = named ? freshLabel(draft) : "";
  const axis = { label, size: combine("*", a.axis.size, b.axis.size) };
  const at = others.filter(({ text }) => text === ".." || text === "batch").length;
  const text = `(${named ? `${label}: ` : ""}${a.text} ${b.text})`;
  const right = named ? others.toSpliced(at, 0, { axis, text }) : [...others, { axis, text }];
  cover(draft, named ? "named merge" : "merge");
  return finish(draft, tensor, `${patternOf(left)} -> ${patternOf(right)}`, right.map((part) => part.axis)); // prettier-ignore
};
