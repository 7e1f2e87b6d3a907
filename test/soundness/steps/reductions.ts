/** Over axes: sums and the like, softmax. */
import { cover, define, innerAxes, isReal, pickTensor } from "../draft.js";
import type { Step } from "./step.js";

export const reduce: Step = (draft) => {
  const { random } = draft;
  const x = pickTensor(draft, (tensor) => isReal(tensor) && innerAxes(tensor).length > 0);
  if (!x) return false;
  const open = innerAxes(x);
  const axes = random.shuffle(open).slice(0, open.length > 1 && random.chance(0.3) ? 2 : 1);
  const names = axes.map(({ label }) => label);
  cover(draft, "reduction");
  const text = `${random.pick(["sum", "mean", "largest", "smallest"])}[${names.join(", ")}](${x.text})`;
  define(draft, text, { dtype: "f32", axes: x.axes.filter(({ label }) => !names.includes(label)) }, "r");
  return true;
};

export const softmax: Step = (draft) => {
  const { random } = draft;
  const x = pickTensor(draft, (tensor) => isReal(tensor) && innerAxes(tensor).length > 0);
  if (!x) return false;
  const { label } = random.pick(innerAxes(x));
  const name = random.pick(["softmax", "softmax", "log_softmax"]);
  cover(draft, "softmax");
  define(draft, random.chance(0.5) ? `${name}[${label}](${x.text})` : `${x.text} |> ${name}[${label}]`, { dtype: "f32", axes: x.axes }, "y"); // prettier-ignore
  return true;
};
