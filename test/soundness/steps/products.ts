/** `dot`: sums of products over named axes, and outer products. */
import { cover, define, innerAxes, isReal, isSmall, pickTensor, type Axis, type Tensor } from "../draft.js";
import { sameSize } from "../size.js";
import type { Step } from "./step.js";

/** Whether labels that both have mean axes of one size. */
const agree = (a: Tensor, b: Tensor): boolean =>
  a.axes.every(
    ({ label, size }) => label !== "" && b.axes.every((axis) => axis.label !== "" && (axis.label !== label || sameSize(axis.size, size))), // prettier-ignore
  );

function kept(a: Tensor, b: Tensor, over: readonly string[]): Axis[] {
  const left = a.axes.filter(({ label }) => !over.includes(label));
  return [
    ...left,
    ...b.axes.filter(({ label }) => !over.includes(label) && !left.some((axis) => axis.label === label)),
  ];
}

export const dot: Step = (draft) => {
  const { random } = draft;
  const a = pickTensor(draft, (x) => isReal(x) && innerAxes(x).length > 0);
  const shared = (b: Tensor): string[] =>
    a ? innerAxes(a).flatMap(({ label }) => (b.axes.some((axis) => axis.label === label) ? [label] : [])) : [];
  const b = a && pickTensor(draft, (x) => isReal(x) && agree(a, x) && shared(x).length > 0);
  if (!b) return false;
  const over = random.shuffle(shared(b)).slice(0, random.chance(0.2) ? 2 : 1);
  const axes = kept(a, b, over);
  if (!isSmall(axes)) return false;
  cover(draft, "dot");
  define(draft, `dot[${over.join(", ")}](${a.text}, ${b.text})`, { dtype: "f32", axes }, "y");
  return true;
};

export const outerProduct: Step = (draft) => {
  const a = pickTensor(draft, isReal);
  const b = a && pickTensor(draft, (x) => isReal(x) && x !== a && agree(a, x));
  if (!b || b.axes.some(({ label }) => label === "..") !== a.axes.some(({ label }) => label === "..")) return false;
  const axes = kept(a, b, []);
  if (!isSmall(axes)) return false;
  cover(draft, "outer product");
  define(draft, `dot[](${a.text}, ${b.text})`, { dtype: "f32", axes }, "y");
  return true;
};
