/** Along one axis: shifts, running sums, orders, places; and axes that are new. */
import { cover, define, freshLabel, innerAxes, isNamed, isReal, isSmall, pickTensor, type Tensor } from "../draft.js";
import { number } from "../size.js";
import type { Step } from "./step.js";

const hasInner = (tensor: Tensor): boolean => innerAxes(tensor).length > 0;

export const roll: Step = (draft) => {
  const x = pickTensor(draft, (tensor) => isReal(tensor) && hasInner(tensor));
  if (!x) return false;
  const { label } = draft.random.pick(innerAxes(x));
  cover(draft, "roll");
  define(draft, `${x.text} |> roll[${label}: ${draft.random.pick(["1", "-1", "3"])}]`, { dtype: "f32", axes: x.axes }, "y"); // prettier-ignore
  return true;
};

export const cumsum: Step = (draft) => {
  const x = pickTensor(draft, (tensor) => tensor.dtype !== "bool" && hasInner(tensor));
  if (!x) return false;
  cover(draft, "cumsum");
  define(draft, `cumsum[${draft.random.pick(innerAxes(x)).label}](${x.text})`, { dtype: x.dtype, axes: x.axes }, x.dtype === "f32" ? "y" : "n"); // prettier-ignore
  return true;
};

/** The order of entries, or the place of the largest: each can look up what has that axis. */
export const places: Step = (draft) => {
  const x = pickTensor(draft, (tensor) => isReal(tensor) && hasInner(tensor));
  if (!x) return false;
  const { label, size } = draft.random.pick(innerAxes(x));
  const isOrder = draft.random.chance(0.6);
  const axes = isOrder ? x.axes : x.axes.filter((axis) => axis.label !== label);
  cover(draft, isOrder ? "argsort" : "argmax");
  define(draft, `${isOrder ? "argsort" : "argmax"}[${label}](${x.text})`, { dtype: "i32", axes, below: size }, "n");
  return true;
};

export const keepTop: Step = (draft) => {
  const x = pickTensor(draft, (tensor) => isReal(tensor) && tensor.axes.length > 0 && endsInner(tensor));
  if (!x) return false;
  cover(draft, "keep_top");
  define(draft, `${x.text} |> keep_top(${1 + draft.random.below(2)})`, { dtype: "f32", axes: x.axes }, "y");
  return true;
};

function endsInner({ axes }: Tensor): boolean {
  const last = axes.at(-1);
  return last !== undefined && last.label !== ".." && last.label !== "batch";
}

export const oneHot: Step = (draft) => {
  const { random } = draft;
  const ids = pickTensor(draft, ({ dtype }) => dtype === "i32");
  if (!ids) return false;
  const axis = { label: freshLabel(draft), size: number(2 + random.below(3)) };
  const axes = [...ids.axes, axis];
  if (!isSmall(axes)) return false;
  cover(draft, "one_hot");
  define(draft, `one_hot[${axis.label}: ${axis.size.kind === "number" ? axis.size.value : 0}](${ids.text})`, { dtype: "f32", axes }, "y"); // prettier-ignore
  return true;
};

export const expand: Step = (draft) => {
  const { random } = draft;
  const x = pickTensor(draft, (tensor) => isReal(tensor) && tensor.axes.every(({ label }) => label !== ".."));
  if (!x) return false;
  const size = 2 + random.below(2);
  const axis = { label: freshLabel(draft), size: number(size) };
  if (!isSmall([axis, ...x.axes])) return false;
  cover(draft, "expand");
  define(draft, `expand[${axis.label}: ${size}](${x.text})`, { dtype: "f32", axes: [axis, ...x.axes] }, "y");
  return true;
};

export const anyOrAll: Step = (draft) => {
  const x = pickTensor(draft, (tensor) => tensor.dtype === "bool" && hasInner(tensor));
  if (!x) return false;
  const { label } = draft.random.pick(innerAxes(x));
  cover(draft, "any and all");
  define(draft, `${draft.random.pick(["any", "all"])}[${label}](${x.text})`, { dtype: "bool", axes: x.axes.filter((axis) => axis.label !== label) }, "b"); // prettier-ignore
  return true;
};

/** Functions of the library on the last axis. */
export const alongLast: Step = (draft) => {
  const x = pickTensor(draft, (tensor) => isReal(tensor) && tensor.axes.length > 0 && endsInner(tensor) && isNamed(tensor.axes.at(-1) ?? { label: "", size: number(1) })); // prettier-ignore
  if (!x) return false;
  const keeps = draft.random.chance(0.5);
  cover(draft, keeps ? "unit" : "logsumexp");
  define(draft, keeps ? `unit(${x.text})` : `logsumexp(${x.text})`, { dtype: "f32", axes: keeps ? x.axes : x.axes.slice(0, -1) }, "y"); // prettier-ignore
  return true;
};
