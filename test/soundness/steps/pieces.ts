/** Parts of tensors and tensors of parts: entries, slices, other names, concatenation, stacking. */
import { cover, define, freshLabel, innerAxes, isReal, isSmall, pickTensor, sameAxes, type Axis, type Tensor } from "../draft.js"; // prettier-ignore
import { establish } from "../facts.js";
import { combine, number, sameSize, type Size } from "../size.js";
import type { Step } from "./step.js";

const hasInner = (tensor: Tensor): boolean => innerAxes(tensor).length > 0;
const without = (axes: readonly Axis[], gone: Axis): Axis[] => axes.filter((axis) => axis !== gone);

export const take: Step = (draft) => {
  const x = pickTensor(draft, (tensor) => hasInner(tensor) && tensor.dtype !== "i32");
  if (!x) return false;
  const axis = draft.random.pick(innerAxes(x));
  cover(draft, "one entry");
  define(draft, `${x.text}[${axis.label}: ${draft.random.pick(["0", "-1"])}]`, { dtype: x.dtype, axes: without(x.axes, axis) }, "y"); // prettier-ignore
  return true;
};

export const slice: Step = (draft) => {
  const { random } = draft;
  const x = pickTensor(draft, (tensor) => hasInner(tensor) && tensor.dtype !== "i32");
  if (!x) return false;
  const axis = random.pick(innerAxes(x));
  const n = 1 + random.below(2);
  if (!establish(draft, { kind: "at-most", small: number(n + 1), large: axis.size })) return false;
  const less: Size = axis.size.kind === "number" ? number(axis.size.value - n) : combine("-", axis.size, number(n));
  const [text, size]: [string, Size] = random.pick([
    [`${n}..`, less],
    [`..-${n}`, less],
    [`0..${n}`, number(n)],
  ]);
  cover(draft, "slice");
  define(draft, `${x.text}[${axis.label}: ${text}]`, { dtype: x.dtype, axes: x.axes.map((each) => (each === axis ? { ...axis, size } : each)) }, "y"); // prettier-ignore
  return true;
};

export const rename: Step = (draft) => {
  const x = pickTensor(draft, hasInner);
  if (!x) return false;
  const axis = draft.random.pick(innerAxes(x));
  const label = freshLabel(draft);
  cover(draft, "rename");
  define(draft, `${x.text}[${axis.label} -> ${label}]`, { ...x, axes: x.axes.map((each) => (each === axis ? { ...axis, label } : each)) }, "y"); // prettier-ignore
  return true;
};

export const concat: Step = (draft) => {
  const { random } = draft;
  const a = pickTensor(draft, (tensor) => hasInner(tensor) && isReal(tensor));
  if (!a) return false;
  const axis = random.pick(innerAxes(a));
  const fits = ({ axes }: Tensor): boolean =>
    axes.length === a.axes.length &&
    axes.every(({ label, size }, n) => label === a.axes[n]?.label && (a.axes[n] === axis || sameSize(size, a.axes[n].size))); // prettier-ignore
  const b = pickTensor(draft, (tensor) => isReal(tensor) && fits(tensor));
  const other = b?.axes.find(({ label }) => label === axis.label);
  if (!b || !other) return false;
  const axes = a.axes.map((each) => (each === axis ? { ...axis, size: combine("+", axis.size, other.size) } : each));
  if (!isSmall(axes)) return false;
  cover(draft, "concat");
  define(draft, `concat[${axis.label}](${a.text}, ${b.text})`, { dtype: "f32", axes }, "y");
  return true;
};

export const stack: Step = (draft) => {
  const a = pickTensor(draft, isReal);
  const b = a && pickTensor(draft, (tensor) => isReal(tensor) && sameAxes(tensor.axes, a.axes));
  if (!b) return false;
  const label = freshLabel(draft);
  const axes = [...a.axes, { label, size: number(2) }];
  if (!isSmall(axes) || a.axes.some((axis) => axis.label === "")) return false;
  cover(draft, "stack");
  define(draft, `stack[${label}](${a.text}, ${b.text})`, { dtype: "f32", axes }, "y");
  return true;
};
