/** Layers of the library beyond the usual ones: convolutions, experts, recurrent cells, positions. */
import { anyWidth, configSizes, cover, define, fix, isReal, isSmall, pickTensor, sameAxes, typical, type Axis, type Draft } from "../draft.js"; // prettier-ignore
import { establish } from "../facts.js";
import { combine, number, print, type Size } from "../size.js";
import { layerLabel, settingAxis } from "./layer-label.js";
import { layerInput } from "./layers.js";
import type { Step } from "./step.js";

const isInner = (axis: Axis | undefined): boolean => axis !== undefined && axis.label !== ".." && axis.label !== "batch"; // prettier-ignore

/** Of axes with one name the later loses it. */
const apart = (axes: readonly Axis[]): Axis[] =>
  axes.map((axis, n) => (axis.label !== "" && axes.findIndex(({ label }) => label === axis.label) < n ? { ...axis, label: "" } : axis)); // prettier-ignore

/** What a kernel leaves of an axis. */
const convolved = (size: Size, padding: number, kernel: number, stride: number): Size =>
  combine("+", combine("//", combine("-", combine("+", size, number(2 * padding)), number(kernel)), number(stride)), number(1)); // prettier-ignore

export const conv: Step = (draft) => {
  const { random } = draft;
  const along = 1 + random.below(2);
  const x = pickTensor(draft, (tensor) => isReal(tensor) && tensor.axes.length > along && tensor.axes.slice(-along - 1).every(isInner)); // prettier-ignore
  const channels = x?.axes.at(-along - 1);
  if (!x || !channels || draft.kind === "function" || !fix(channels.size)) return false;
  const kernel = 1 + random.below(3);
  const [stride, padding] = [1 + random.below(2), random.below(2)];
  const moved = x.axes.slice(-along);
  if (!moved.every(({ size }) => kernel <= 1 + 2 * padding || establish(draft, { kind: "at-most", small: number(kernel), large: size }))) return false; // prettier-ignore
  const out = anyWidth(draft);
  const after = moved.map(({ label, size }) => ({ label, size: convolved(size, padding, kernel, stride) }));
  const axes = apart([...x.axes.slice(0, -along - 1), settingAxis(out), ...after]);
  if (!isSmall(axes)) return false;
  cover(draft, along === 1 ? "Conv1d" : "Conv2d");
  const settings = [`out: ${print(out)}`, `kernel: ${kernel}`, ...(stride > 1 ? [`stride: ${stride}`] : []), ...(padding > 0 ? [`padding: ${padding}`] : [])]; // prettier-ignore
  define(draft, `${x.text} |> ${layerLabel(draft, "conv")}: Conv${along}d{${settings.join(", ")}}`, { dtype: "f32", axes }); // prettier-ignore
  return true;
};

export const patchEmbed: Step = (draft) => {
  const { random } = draft;
  const x = pickTensor(draft, (tensor) => isReal(tensor) && tensor.axes.length > 2 && tensor.axes.slice(-3).every(isInner)); // prettier-ignore
  const [channels, h, w] = x?.axes.slice(-3) ?? [];
  if (!x || !channels || !h || !w || draft.kind === "function" || !fix(channels.size)) return false;
  const patch = random.pick([number(2), ...configSizes(draft).filter((size) => typical(size) <= 4)]);
  const divides = (dividend: Size): boolean => establish(draft, { kind: "divides", divisor: patch, dividend });
  if (!fix(patch) || !divides(h.size) || !divides(w.size)) return false;
  const d = anyWidth(draft);
  const n: Axis = { label: "n", size: combine("*", combine("/", h.size, patch), combine("/", w.size, patch)) };
  const axes = apart([...x.axes.slice(0, -3), n, settingAxis(d)]);
  if (!isSmall(axes)) return false;
  cover(draft, "PatchEmbed");
  define(draft, `${x.text} |> ${layerLabel(draft, "patches")}: PatchEmbed{patch: ${print(patch)}, d: ${print(d)}}`, { dtype: "f32", axes }); // prettier-ignore
  return true;
};

export const experts: Step = (draft) => {
  const found = layerInput(draft);
  if (!found) return false;
  cover(draft, "MoE");
  const count = 2 + draft.random.below(2);
  define(draft, `${found.x.text} |> ${layerLabel(draft, "moe")}: MoE{experts: ${count}, k: ${1 + draft.random.below(2)}, ff: 3}`, { dtype: "f32", axes: found.x.axes }); // prettier-ignore
  return true;
};

/** One step of a recurrent unit. */
export const cell: Step = (draft) => {
  const found = layerInput(draft);
  if (!found) return false;
  const front = found.x.axes.slice(0, -1);
  const x = pickTensor(draft, (tensor) => isReal(tensor) && tensor !== found.x && sameAxes(tensor.axes.slice(0, -1), front) && isInner(tensor.axes.at(-1))); // prettier-ignore
  if (!x || !fix(x.axes.at(-1)?.size ?? number(1))) return false;
  cover(draft, "Gru");
  define(draft, `${found.x.text} |> ${layerLabel(draft, "cell")}: Gru(${x.text})`, {
    dtype: "f32",
    axes: found.x.axes,
  });
  return true;
};

/** Positions added to a sequence, by one of the library's blocks. */
export const addedPositions: Step = (draft) => {
  const found = layerInput(draft, ({ axes }) => axes.length > 1 && isInner(axes.at(-2)));
  const n = found?.x.axes.at(-2);
  if (!found || !n) return false;
  const block = positionBlock(draft, n.size, found.last.size);
  if (block === undefined) return false;
  cover(draft, block.replace(/\{.*/, ""));
  define(draft, `${found.x.text} |> ${layerLabel(draft, "places")}: ${block}`, { dtype: "f32", axes: found.x.axes });
  return true;
};

function positionBlock(draft: Draft, n: Size, d: Size): string | undefined {
  const { random } = draft;
  const kind = random.below(3);
  if (kind === 0) return establish(draft, { kind: "divides", divisor: number(2), dividend: d }) ? random.pick(["Sinusoidal", 'Sinusoidal{pairs: "half"}']) : undefined; // prettier-ignore
  const rows = random.pick([number(6), ...configSizes(draft)]);
  if (!fix(rows)) return undefined;
  const columns = kind === 1 ? number(1) : number(2);
  const large = combine("*", rows, columns);
  if (!establish(draft, { kind: "at-most", small: n, large })) return undefined;
  return kind === 1 ? `Learned{ctx: ${print(rows)}}` : `AxialPositions{lines: ${print(rows)}, columns: 2}`;
}

export const shaw: Step = (draft) => {
  const { random } = draft;
  const found = layerInput(draft, ({ axes }) => axes.length > 1 && isInner(axes.at(-2)));
  const i = found?.x.axes.at(-2);
  const heads = random.pick([number(1), number(2), ...configSizes(draft)]);
  if (!found || !i || !isSmall([...found.x.axes.slice(0, -2), { label: "", size: heads }, i, i, found.last]))
    return false;
  if (!establish(draft, { kind: "divides", divisor: heads, dividend: found.last.size })) return false;
  cover(draft, "ShawRelative");
  define(draft, `${found.x.text} |> ${layerLabel(draft, "attn")}: ShawRelative{heads: ${print(heads)}, clip: ${1 + random.below(3)}}`, { dtype: "f32", axes: found.x.axes }); // prettier-ignore
  return true;
};
