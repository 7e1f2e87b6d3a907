/** `repeat` and `if`. */
import { cover, define, fitsWithin, fresh, isReal, isSmall, pickTensor, sameAxes, type Draft, type Tensor } from "../draft.js"; // prettier-ignore
import { quantitiesOf, print } from "../size.js";
import { binary, unary } from "./elementwise.js";
import { attention } from "./attention.js";
import { callBlock } from "./calls.js";
import { sameShape } from "./layers.js";
import type { Step } from "./step.js";

const isName = ({ text }: Tensor): boolean => /^[a-z]\w*$/.test(text);

/** A body inside of this one: what is named in it is not seen behind it. */
function inner(draft: Draft, changes: Partial<Draft>): Draft {
  return { ...draft, lines: [], tensors: [...draft.tensors], layers: [], positions: new Map(draft.positions), depth: draft.depth + 1, ...changes }; // prettier-ignore
}

const indented = (lines: readonly string[]): string => lines.map((line) => line.replaceAll(/^/gm, "  ")).join("\n");

export const repeat: Step = (draft) => {
  const { random } = draft;
  if (draft.kind === "function" || draft.kind === "task" || draft.depth > 0) return false;
  const x = pickTensor(draft, (tensor) => isReal(tensor) && isName(tensor) && isSmall(tensor.axes));
  if (!x) return false;
  const counts = draft.quantities.filter(({ name }) => name.startsWith("depth"));
  const count = counts.length > 0 ? random.pick(counts).name : String(1 + random.below(3));
  const loop = fresh(draft, "i");
  const body = inner(draft, {
    loop,
    tensors: [x, ...draft.tensors.filter((each) => each !== x && random.chance(0.3))],
  });
  const steps = [sameShape, attention, callBlock, unary, binary, branch];
  for (let n = 0; n < 1 + random.below(3); n++) random.pick(steps)(body);
  const next = body.tensors.filter((each) => each !== x && isReal(each) && sameAxes(each.axes, x.axes));
  const narrow = body.tensors.filter((each) => isReal(each) && fitsWithin(each.axes, x.axes));
  const late = next.at(-1) ?? narrow.at(-1) ?? x;
  const last = next.length > 0 && random.chance(0.7) ? `${x.text} = ${late.text}` : `${x.text} += ${late.text}`;
  const line = body.lines.some((each) => each.includes(` ${loop}]`) || each.includes(`[${loop}]`));
  cover(draft, line ? "repeat with layers" : "repeat");
  draft.lines.push(`repeat ${loop} < ${count} {\n${indented([...body.lines, last])}\n}`);
  const reads = new RegExp(`\\b${x.text}\\b`);
  draft.tensors = draft.tensors.filter((each) => each === x || !reads.test(each.text));
  return true;
};

/** A condition that a config decides. */
function condition(draft: Draft): string | undefined {
  const { random, flags, quantities, loop } = draft;
  if (loop !== undefined && random.chance(0.6)) {
    cover(draft, "if on a counter");
    return random.pick([`${loop} % 2 == 0`, `${loop} == 0`, `${loop} < 1`]);
  }
  const sizes = quantities.filter(({ role }) => role === "config");
  if (flags.length > 0 && random.chance(0.7)) return random.pick([random.pick(flags), `!${random.pick(flags)}`]);
  if (sizes.length === 0) return undefined;
  return `${random.pick(sizes).name} ${random.pick([">", "<=", "=="])} ${1 + random.below(5)}`;
}

/** `if` as a statement: both branches give one name a value of one type. */
export const branch: Step = (draft) => {
  const { random } = draft;
  if (draft.depth > 1) return false;
  const test = condition(draft);
  const x = test === undefined ? undefined : pickTensor(draft, (tensor) => isReal(tensor) && isSmall(tensor.axes));
  if (!x) return false;
  const name = fresh(draft, "z");
  const branches = [0, 1].map(() => {
    const body = inner(draft, { tensors: [x] });
    for (let n = 0; n < 1 + random.below(2); n++) random.pick([sameShape, unary, unary])(body);
    const results = body.tensors.filter((each) => sameAxes(each.axes, x.axes) && isReal(each));
    return indented([...body.lines, `${name} = ${random.pick(results).text}`]);
  });
  cover(draft, "if");
  draft.lines.push(`if ${test} {\n${branches[0]}\n} else {\n${branches[1]}\n}`);
  draft.tensors.push({ text: name, dtype: "f32", axes: x.axes });
  return true;
};

export const conditional: Step = (draft) => {
  const test = condition(draft);
  const x = test === undefined ? undefined : pickTensor(draft, isReal);
  const y = x && pickTensor(draft, (other) => isReal(other) && sameAxes(other.axes, x.axes));
  if (!y) return false;
  cover(draft, "if as an expression");
  define(draft, `if ${test} then ${x.text} else ${y.text} * 2.0`, { dtype: "f32", axes: x.axes }, "y");
  return true;
};

/** A size of the config as a number: `real(d)`, `d ^ -0.5`. */
export const sizeAsReal: Step = (draft) => {
  const x = pickTensor(draft, isReal);
  const sizes = x?.axes.map(({ size }) => size).filter((size) => quantitiesOf(size).length === 1 && size.kind === "quantity" && print(size) !== "..") ?? []; // prettier-ignore
  if (!x || sizes.length === 0) return false;
  const size = draft.random.pick(sizes);
  cover(draft, "size as a real");
  define(draft, `${x.text} / real(${print(size)})`, { dtype: "f32", axes: x.axes }, "y");
  return true;
};
