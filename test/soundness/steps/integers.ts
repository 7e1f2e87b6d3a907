/** Whole numbers: positions along axes, arithmetic on them, conversions. */
import { add, cover, define, isNamed, pickTensor, type Draft, type Tensor } from "../draft.js";
import { number, type Size } from "../size.js";
import type { Step } from "./step.js";

/** The axes that `@` can name now, with their sizes. */
export function namedPositions(draft: Draft): { label: string; size: Size }[] {
  return [...draft.positions].flatMap(([label, size]) =>
    size === "several" || !isNamed({ label, size }) ? [] : [{ label, size }],
  );
}

export const positions: Step = (draft) => {
  const all = namedPositions(draft).filter(({ label }) => label !== "batch");
  if (all.length === 0) return false;
  const { label, size } = draft.random.pick(all);
  cover(draft, "@axis");
  add(draft, { text: `@${label}`, dtype: "i32", axes: [{ label, size }], below: size });
  return true;
};

const isInt = ({ dtype }: Tensor): boolean => dtype === "i32";

export const integers: Step = (draft) => {
  const { random } = draft;
  const x = pickTensor(draft, isInt);
  if (!x) return false;
  const n = 2 + random.below(3);
  const forms: readonly (readonly [string, Size | undefined])[] = [
    [`${x.text} % ${n}`, number(n)],
    [`${x.text} // ${n}`, x.below === "any" ? undefined : x.below],
    [`${x.text} + ${n}`, undefined],
    [`${x.text} * ${n}`, undefined],
    [`max(${x.text} - ${n}, 0)`, undefined],
    [`abs(${x.text} - ${n})`, undefined],
  ];
  const [text, below] = random.pick(forms);
  cover(draft, "integer arithmetic");
  define(draft, text, { dtype: "i32", axes: x.axes, ...(below && { below }) }, "n");
  return true;
};

export const convert: Step = (draft) => {
  const { random } = draft;
  const x = pickTensor(draft, ({ dtype }) => dtype !== "f32");
  if (!x) return false;
  cover(draft, "conversion");
  if (x.dtype === "bool" && random.chance(0.5)) define(draft, `int(${x.text})`, { dtype: "i32", axes: x.axes }, "n");
  else define(draft, `real(${x.text})`, { dtype: "f32", axes: x.axes }, "y");
  return true;
};

export const integerTest: Step = (draft) => {
  const x = pickTensor(draft, isInt);
  if (!x) return false;
  cover(draft, "integer comparison");
  const operator = draft.random.pick(["==", "!=", "<", ">="]);
  define(draft, `${x.text} ${operator} ${draft.random.below(3)}`, { dtype: "bool", axes: x.axes }, "b");
  return true;
};
