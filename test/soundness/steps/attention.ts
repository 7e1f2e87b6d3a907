/** Attention, by the library's block and by `attend` itself. */
import { configSizes, cover, define, freshLabel, innerAxes, isNamed, isReal, isSmall, pickTensor, typical, type Axis, type Draft, type Tensor } from "../draft.js"; // prettier-ignore
import { establish } from "../facts.js";
import { number, print, sameSize, type Size } from "../size.js";
import { layerLabel } from "./layer-label.js";
import { layerInput } from "./layers.js";
import { mask, score, type Scores } from "./masks.js";
import type { Step } from "./step.js";

export const attention: Step = (draft) => {
  const { random } = draft;
  const found = layerInput(draft, ({ axes }) => axes.length >= 2 && isSequence(axes.at(-2)));
  if (!found) return false;
  const { x, last } = found;
  const i = x.axes.at(-2);
  if (!i) return false;
  const front = x.axes.slice(0, -2);
  const context = random.chance(0.3) ? pickTensor(draft, (y) => isContext(y, front, last.size)) : undefined;
  const j = context?.axes.at(-2) ?? i;
  const heads = random.pick([number(1), number(2), ...configSizes(draft)]);
  if (!isSmall([...front, { label: "", size: heads }, i, j])) return false;
  const settings = settingsOf(draft, heads, last.size);
  if (!settings) return false;
  const scores: Scores = { front, i: { ...i, label: "i" }, j: { ...j, label: "j" }, keyLabel: j.label, self: !context, heads, hasHead: true }; // prettier-ignore
  const parts = [...(context ? [context.text] : []), ...(random.chance(0.8) ? [`mask: ${mask(draft, scores)}`] : [])];
  if (random.chance(0.4)) parts.push(`score: ${score(draft, scores)}`);
  if (settings.rope) parts.push(`rotate: ${random.pick(["rope", "rope(base: 100.0)", 'rope(pairs: "interleaved")'])}`);
  cover(draft, context ? "cross-attention" : "Attention");
  const label = layerLabel(draft, "attn");
  const call = `Attention{${settings.text}}${parts.length > 0 ? `(${parts.join(", ")})` : ""}`;
  const text = `${x.text} |> ${label}: ${call}`;
  define(draft, random.chance(0.3) ? `${x.text} + (${text})` : text, { dtype: "f32", axes: x.axes });
  return true;
};

const isSequence = (axis: Axis | undefined): boolean => axis !== undefined && axis.label !== ".." && axis.label !== "batch"; // prettier-ignore

const isContext = ({ axes, dtype }: Tensor, front: readonly Axis[], width: Size): boolean =>
  dtype === "f32" &&
  axes.length === front.length + 2 &&
  isSequence(axes.at(-2)) &&
  front.every(({ label, size }, n) => label === axes[n]?.label && sameSize(size, axes[n].size)) &&
  sameSize(axes.at(-1)?.size ?? number(0), width);

/** Heads that divide the width, or channels given outright; fewer heads for keys now and then. */
function settingsOf(draft: Draft, heads: Size, width: Size): { text: string; rope: boolean } | undefined {
  const { random } = draft;
  const parts = [heads.kind === "quantity" && print(heads) === "heads" ? "heads" : `heads: ${print(heads)}`];
  if (random.chance(0.3)) {
    const kv = random.pick([number(1), ...configSizes(draft)]);
    if (!establish(draft, { kind: "divides", divisor: kv, dividend: heads })) return undefined;
    cover(draft, "grouped queries");
    parts.push(`kv_heads: ${print(kv)}`);
  }
  const rope = random.chance(0.25);
  if (rope || random.chance(0.3)) {
    const dims = [number(2), ...(rope ? [] : [number(3)]), ...configSizes(draft).filter((size) => typical(size) <= 6)];
    const dim = random.pick(dims);
    if (rope && !establish(draft, { kind: "divides", divisor: number(2), dividend: dim })) return undefined;
    parts.push(`head_dim: ${print(dim)}`);
    if (rope) cover(draft, "rope");
  } else if (!establish(draft, { kind: "divides", divisor: heads, dividend: width })) return undefined;
  if (random.chance(0.2)) parts.push("bias: false");
  if (random.chance(0.15)) {
    cover(draft, "qk_norm");
    parts.push("qk_norm: true");
  }
  if (random.chance(0.1)) parts.push("scale: 1.0");
  return { text: parts.join(", "), rope };
}

/** `attend[i, j](q, k, v)`: keys and values are renamed from tensors that the queries go with. */
export const attend: Step = (draft) => {
  const { random } = draft;
  const q = pickTensor(draft, (x) => isReal(x) && x.axes.length >= 2 && x.axes.slice(0, -1).every(({ label }) => label !== "") && isSequence(x.axes.at(-1))); // prettier-ignore
  if (!q) return false;
  const front = q.axes.slice(0, -1);
  const rows = front.filter((axis) => isNamed(axis) && axis.label !== "batch");
  const i = rows.length > 0 ? random.pick(rows) : undefined;
  const channel = q.axes.at(-1);
  if (!i || !channel) return false;
  const k = pickTensor(draft, (x) => isReal(x) && isKey(x, i, front, channel.size));
  const keyAxis = k?.axes.find(({ label }) => label === i.label);
  if (!k || !keyAxis) return false;
  const j: Axis = { label: freshLabel(draft), size: keyAxis.size };
  const labels = k.axes.slice(0, -1).map(({ label }) => label);
  const v = pickTensor(draft, (x) => isReal(x) && isValue(x, k, i.label));
  const output = v?.axes.at(-1);
  if (!v || !output) return false;
  const shared = front.filter(({ label }) => labels.includes(label) && label !== i.label);
  const own = front.filter(({ label }) => !labels.includes(label) && label !== i.label);
  const axes = [...shared, ...own, i, output];
  const scoreAxes = [...shared, ...own, i, j];
  if (!isSmall(scoreAxes) || !isSmall(axes) || axes.slice(0, -1).some(({ label }) => label === output.label)) return false; // prettier-ignore
  const scores: Scores = { front: [...shared, ...own], i, j, keyLabel: keyAxis.label, self: false, heads: undefined, hasHead: false }; // prettier-ignore
  const clauses = [
    ...(random.chance(0.5) ? ["scale: 0.5"] : []),
    ...(random.chance(0.7) ? [`mask: ${mask(draft, scores)}`] : []),
    ...(random.chance(0.4) ? [`score: ${score(draft, scores)}`] : []),
    ...(random.chance(0.1) ? ["dropout: 0.1"] : []),
  ];
  cover(draft, own.length > 0 ? "attend with shared keys" : "attend");
  const settings = clauses.length > 0 ? ` { ${clauses.join(", ")} }` : "";
  const to = `[${i.label} -> ${j.label}]`;
  define(draft, `attend[${i.label}, ${j.label}](${q.text}, ${k.text}${to}, ${v.text}${to})${settings}`, { dtype: "f32", axes }); // prettier-ignore
  return true;
};

/** The keys' axes but the last two are among the queries'; the last is as long as theirs. */
const isKey = (x: Tensor, i: Axis, front: readonly Axis[], channels: Size): boolean =>
  x.axes.length >= 2 &&
  innerAxes(x).some(({ label }) => label === i.label) &&
  x.axes.at(-1)?.label !== i.label &&
  isSequence(x.axes.at(-1)) &&
  sameSize(x.axes.at(-1)?.size ?? number(0), channels) &&
  x.axes.slice(0, -1).every(({ label, size }) => label === i.label || front.some((axis) => axis.label === label && sameSize(axis.size, size))); // prettier-ignore

const isValue = (x: Tensor, key: Tensor, i: string): boolean =>
  x.axes.length === key.axes.length &&
  isSequence(x.axes.at(-1)) &&
  x.axes.at(-1)?.label !== i &&
  x.axes.slice(0, -1).every(({ label, size }) => key.axes.slice(0, -1).some((axis) => axis.label === label && sameSize(axis.size, size))); // prettier-ignore
