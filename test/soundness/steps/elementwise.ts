/** Entry by entry: functions, operators, comparisons, choices. */
import { cover, define, fitsWithin, isReal, isSmall, pickTensor, sameAxes, type Tensor } from "../draft.js";
import type { Step } from "./step.js";

const calls = ["tanh", "sin", "cos", "sigmoid", "abs", "relu", "gelu", "silu", "gelu_tanh", "quick_gelu", "erf"];

export const unary: Step = (draft) => {
  const x = pickTensor(draft, isReal);
  if (!x) return false;
  const { random } = draft;
  const known = [...draft.functions, ...calls];
  const call = random.pick(known);
  const forms = [
    () => `${call}(${x.text})`,
    () => `${x.text} |> ${call}`,
    () => `-${x.text}`,
    () => `${x.text} * 0.5`,
    () => `1.0 - ${x.text}`,
    () => `sqrt(abs(${x.text}) + 1e-3)`,
    () => `log(${x.text} * ${x.text} + 0.5)`,
    () => `exp(-abs(${x.text}))`,
    () => `${x.text} ^ 2`,
    () => `min(max(${x.text}, -1.5), 1.5)`,
    () => `${x.text} |> dropout(0.1)`,
    () => `stop_gradient(${x.text})`,
    () => (draft.reals.length > 0 ? `${random.pick(draft.reals)} * ${x.text}` : `2.0 * ${x.text}`),
  ];
  cover(draft, "elementwise");
  define(draft, random.pick(forms)(), { dtype: "f32", axes: x.axes }, "y");
  return true;
};

/** Two tensors, one within the other by its labels. */
function pair(
  draft: Parameters<Step>[0],
  suits: (tensor: Tensor) => boolean,
): { wide: Tensor; narrow: Tensor; texts: readonly [string, string] } | undefined {
  // prettier-ignore
  const wide = pickTensor(draft, suits);
  const narrow = wide && pickTensor(draft, (x) => x !== wide && suits(x) && x.dtype === wide.dtype && fitsWithin(x.axes, wide.axes)); // prettier-ignore
  if (!wide || !narrow) return undefined;
  const isNarrower = narrow.axes.length < wide.axes.length;
  if (isNarrower) cover(draft, "broadcast by label");
  // Of two that have the same axes in another order, the first says which it is.
  const swaps = draft.random.chance(0.5) && (isNarrower || sameAxes(narrow.axes, wide.axes));
  return { wide, narrow, texts: swaps ? [narrow.text, wide.text] : [wide.text, narrow.text] };
}

export const binary: Step = (draft) => {
  const found = pair(draft, isReal);
  if (!found) return false;
  const [a, b] = found.texts;
  const forms = [`${a} + ${b}`, `${a} - ${b}`, `${a} * ${b}`, `max(${a}, ${b})`, `min(${a}, ${b})`, `${a} / (1.0 + ${b} * ${b})`]; // prettier-ignore
  cover(draft, "binary");
  define(draft, draft.random.pick(forms), { dtype: "f32", axes: found.wide.axes }, "y");
  return true;
};

export const compare: Step = (draft) => {
  const { random } = draft;
  const both = pair(draft, ({ dtype }) => dtype !== "bool");
  // `a > b` is read as `b < a`: which of two orders of axes it has is left to a test of its own.
  const found = both && (both.narrow.axes.length < both.wide.axes.length || sameAxes(both.narrow.axes, both.wide.axes)) ? both : undefined; // prettier-ignore
  const x = found ? undefined : pickTensor(draft, isReal);
  if (!found && !x) return false;
  const operator = random.pick(["<", "<=", ">", ">="]);
  cover(draft, "comparison");
  if (found)
    define(draft, `${found.texts[0]} ${operator} ${found.texts[1]}`, { dtype: "bool", axes: found.wide.axes }, "b"); // prettier-ignore
  else if (x) define(draft, `${x.text} ${operator} 0.1`, { dtype: "bool", axes: x.axes }, "b");
  return true;
};

export const logic: Step = (draft) => {
  const isBool = ({ dtype }: Tensor): boolean => dtype === "bool";
  const found = pair(draft, isBool);
  const x = found ? undefined : pickTensor(draft, isBool);
  cover(draft, found || x ? "logic" : "logic left out");
  if (found)
    define(draft, `${found.texts[0]} ${draft.random.pick(["&", "|"])} ${found.texts[1]}`, { dtype: "bool", axes: found.wide.axes }, "b"); // prettier-ignore
  else if (x) define(draft, `!${x.text}`, { dtype: "bool", axes: x.axes }, "b");
  return found !== undefined || x !== undefined;
};

export const choose: Step = (draft) => {
  const { random } = draft;
  const condition = pickTensor(draft, ({ dtype }) => dtype === "bool");
  const a = condition && pickTensor(draft, (x) => isReal(x) && isBroadcast(x, condition));
  if (!a) return false;
  const b = pickTensor(draft, (x) => isReal(x) && isBroadcast(x, condition));
  const other = b && random.chance(0.6) ? b.text : "0.0";
  const [then, otherwise] = random.chance(0.5) ? [a.text, other] : [other, a.text];
  cover(draft, "choice");
  const text = random.chance(0.6)
    ? `select(${condition.text}, ${then}, ${otherwise})`
    : `if ${condition.text} then ${then} else ${otherwise}`;
  define(draft, text, { dtype: "f32", axes: condition.axes }, "y");
  return true;
};

const isBroadcast = (narrow: Tensor, wide: Tensor): boolean =>
  fitsWithin(narrow.axes, wide.axes) && (narrow.axes.length < wide.axes.length || sameAxes(narrow.axes, wide.axes));

/** `y += x`: the same shape, or a narrower one. */
export const addTo: Step = (draft) => {
  const y = pickTensor(draft, (x) => isReal(x) && /^[a-z]\d*$/.test(x.text) && isSmall(x.axes));
  const x = y && pickTensor(draft, (other) => other !== y && isReal(other) && fitsWithin(other.axes, y.axes));
  if (!x || draft.depth > 0) return false;
  const reads = new RegExp(`\\b${y.text}\\b`);
  cover(draft, "residual");
  draft.lines.push(`${y.text} ${draft.random.pick(["+=", "+=", "*="])} ${x.text}`);
  draft.tensors = draft.tensors.filter((each) => each === y || !reads.test(each.text));
  return true;
};
