/** `scan` along an axis, `state` from call to call. */
import { add, cover, define, fix, fresh, innerAxes, isNamed, isReal, isSmall, pickTensor, printAxis, sameAxes, type Tensor } from "../draft.js"; // prettier-ignore
import { quantitiesOf } from "../size.js";
import type { Step } from "./step.js";

export const scan: Step = (draft) => {
  const { random } = draft;
  if (draft.depth > 0) return false;
  const x = pickTensor(draft, (tensor) => isReal(tensor) && innerAxes(tensor).length > 0);
  if (!x) return false;
  const { label } = random.pick(innerAxes(x));
  const step = x.axes.filter((axis) => axis.label !== label);
  const [entry, carried] = [fresh(draft, "xt"), fresh(draft, "c")];
  const other = random.chance(0.3) ? pickTensor(draft, (tensor) => isReal(tensor) && tensor !== x && sameAxes(tensor.axes, x.axes)) : undefined; // prettier-ignore
  const start = pickTensor(draft, (tensor) => isReal(tensor) && sameAxes(tensor.axes, step) && /^\w+$/.test(tensor.text)); // prettier-ignore
  const initial = start && random.chance(0.5) ? start.text : `${x.text}[${label}: 0]`;
  const second = other && fresh(draft, "yt");
  const entries = [`${entry} = ${x.text}`, ...(other && second ? [`${second} = ${other.text}`] : []), `${carried} = ${initial}`]; // prettier-ignore
  const last = step.at(-1);
  const hasLayer = draft.kind !== "function" && last !== undefined && last.label !== ".." && last.label !== "batch" && fix(last.size) && random.chance(0.5); // prettier-ignore
  const next = hasLayer
    ? `${carried} |> ${fresh(draft, "cell")}: Gru(${second ?? entry})`
    : random.pick([`tanh(${carried} + ${entry})`, `0.5 * ${carried} + ${second ?? entry}`]);
  const yields = random.pick([carried, `${carried} - ${entry}`, `relu(${carried})`]);
  cover(draft, hasLayer ? "scan with a layer" : "scan");
  define(draft, `scan[${label}](${entries.join(", ")}) {\n  ${carried} = ${next}\n  yield ${yields}\n}`, { dtype: "f32", axes: x.axes }, "y"); // prettier-ignore
  return true;
};

/** A value that stays from call to call, set to what has its type. */
export const state: Step = (draft) => {
  if (draft.kind === "function" || draft.kind === "task" || draft.depth > 0) return false;
  const x = pickTensor(draft, (tensor) => isReal(tensor) && isStorable(tensor));
  if (!x) return false;
  const name = fresh(draft, "memory");
  cover(draft, "state");
  draft.lines.push(`state ${name}: f32[${x.axes.map(printAxis).join(", ")}] = zeros`);
  const kept = define(draft, `${name} + ${x.text}`, { dtype: "f32", axes: x.axes }, "y");
  draft.lines.push(`${name} := ${draft.random.chance(0.5) ? x.text : `tanh(${kept.text})`}`);
  add(draft, { text: name, dtype: "f32", axes: x.axes });
  return true;
};

/** Every axis is named, and as long as a config or the batch says. */
const isStorable = ({ axes }: Tensor): boolean =>
  isSmall(axes) &&
  axes.every((axis) => isNamed(axis) && (axis.label === "batch" || quantitiesOf(axis.size).every(({ role }) => role === "config"))); // prettier-ignore
