/** Layers of the standard library, labels used again, tied weights, weights of one's own. */
import { anyWidth, cover, define, fix, fresh, freshLabel, isNamed, isReal, isSmall, pickTensor, sameAxes, type Axis, type Draft, type Tensor } from "../draft.js"; // prettier-ignore
import { print, sameSize } from "../size.js";
import { layerLabel, settingAxis, withLast } from "./layer-label.js";
import type { Step } from "./step.js";

/** A tensor whose last axis a layer can work along. */
export function layerInput(
  draft: Draft,
  suits: (tensor: Tensor) => boolean = () => true,
): { x: Tensor; last: Axis } | undefined {
  // prettier-ignore
  if (draft.kind === "function") return undefined;
  const x = pickTensor(draft, (tensor) => isReal(tensor) && ends(tensor) && suits(tensor));
  const last = x?.axes.at(-1);
  return x && last && fix(last.size) ? { x, last } : undefined;
}

function ends({ axes }: Tensor): boolean {
  const last = axes.at(-1);
  return last !== undefined && last.label !== ".." && last.label !== "batch";
}

export const linear: Step = (draft) => {
  const { random } = draft;
  const found = layerInput(draft);
  const width = anyWidth(draft);
  if (!found || !isSmall([...found.x.axes.slice(0, -1), { label: "", size: width }])) return false;
  const { x, last } = found;
  const label = layerLabel(draft, random.pick(["proj", "up", "head", "mix"]));
  const out = settingAxis(width);
  cover(draft, "Linear");
  const settings = `{out: ${print(width)}${random.chance(0.3) ? ", bias: false" : ""}}`;
  define(draft, `${x.text} |> ${label}: Linear${settings}`, { dtype: "f32", axes: withLast(x.axes.slice(0, -1), out) });
  const weight: Tensor = { text: `${label}.weight`, dtype: "f32", axes: [out, last] };
  draft.layers.push({ label, width: last.size, out, weight });
  return true;
};

/** Layers that keep the shape, often several in a row. */
export const sameShape: Step = (draft) => {
  const { random } = draft;
  const found = layerInput(draft);
  if (!found) return false;
  const { x } = found;
  const stages = [0, 1].slice(0, random.chance(0.4) ? 2 : 1).map(() => {
    const own = draft.blocks.map((name) => ["inner", name] as const);
    const [wish, block] = own.length > 0 && random.chance(0.5) ? random.pick(own) : random.pick(kinds);
    if (wish === "inner") cover(draft, "block of the config");
    if (wish !== "inner") cover(draft, block.replace(/\{.*/, ""));
    const settings = block.replace("?", print(anyWidth(draft)));
    const label = layerLabel(draft, wish);
    if (block === "LayerNorm") draft.layers.push({ label, width: found.last.size, out: undefined, weight: undefined });
    return `|> ${label}: ${settings}`;
  });
  const text = `${x.text} ${stages.join(" ")}`;
  if (random.chance(0.3) && draft.depth === 0 && /^[a-z]\d*$/.test(x.text)) {
    cover(draft, "residual");
    draft.lines.push(`${x.text} += ${text}`);
    const reads = new RegExp(`\\b${x.text}\\b`);
    draft.tensors = draft.tensors.filter((each) => each === x || !reads.test(each.text));
    return true;
  }
  define(draft, random.chance(0.3) ? `${x.text} + (${text})` : text, { dtype: "f32", axes: x.axes });
  return true;
};

const kinds: readonly (readonly [string, string])[] = [
  ["norm", "LayerNorm"],
  ["norm", "LayerNorm"],
  ["norm", "LayerNorm{eps: 1e-3}"],
  ["rms", "RMSNorm"],
  ["mlp", "FFN{ff: ?}"],
  ["mlp", "FFN{ff: ?, act: relu}"],
  ["glu", "GLU{ff: ?}"],
];

/** `x |> label`: the same weights once more. */
export const again: Step = (draft) => {
  const { random } = draft;
  const known = draft.layers.filter(({ width }) => width.kind !== "number" || width.value > 0);
  if (known.length === 0 || draft.loop !== undefined) return false;
  const layer = random.pick(known);
  const found = layerInput(draft, ({ axes }) => sameSize(axes.at(-1)?.size ?? { kind: "number", value: 0 }, layer.width)); // prettier-ignore
  if (!found) return false;
  const { x } = found;
  const axes = layer.out ? withLast(x.axes.slice(0, -1), layer.out) : x.axes;
  if (!isSmall(axes)) return false;
  cover(draft, "label used again");
  define(draft, `${x.text} |> ${layer.label}`, { dtype: "f32", axes });
  return true;
};

/** `dot[d](x, label.weight)`. */
export const tied: Step = (draft) => {
  const layers = draft.layers.filter(({ weight }) => weight !== undefined);
  if (layers.length === 0 || draft.loop !== undefined) return false;
  const { weight } = draft.random.pick(layers);
  const [rows, columns] = weight?.axes ?? [];
  if (!weight || !rows || !columns) return false;
  if (!isNamed(columns) || columns.label === rows.label) return false;
  const found = layerInput(draft, ({ axes }) => axes.length > 1 && suitsDot(axes, rows, columns));
  if (!found || !isNamed(found.last)) return false;
  const { x, last } = found;
  const text = last.label === columns.label ? weight.text : `${weight.text}[${columns.label} -> ${last.label}]`;
  const axes = [...x.axes.slice(0, -1), rows];
  if (!isSmall(axes)) return false;
  cover(draft, "tied weight");
  define(draft, `dot[${last.label}](${x.text}, ${text})`, { dtype: "f32", axes }, "logits");
  return true;
};

const suitsDot = (axes: readonly Axis[], rows: Axis, columns: Axis): boolean =>
  axes.every(({ label }) => label !== "" && label !== rows.label) &&
  axes.slice(0, -1).every(({ label }) => label !== columns.label) &&
  sameSize(axes.at(-1)?.size ?? rows.size, columns.size);

/** A weight of the body's own, as long as some axes that config entries decide. */
export const weight: Step = (draft) => {
  const { random } = draft;
  if (draft.kind === "function" || draft.depth > 0 || draft.kind === "task") return false;
  const x = pickTensor(draft, ({ axes, dtype }) => dtype === "f32" && axes.some(isNamed));
  const axes = x?.axes.filter((axis) => isNamed(axis) && axis.label !== "batch" && random.chance(0.7) && fix(axis.size)) ?? []; // prettier-ignore
  if (axes.length === 0 || !isSmall(axes)) return false;
  const name = fresh(draft, "w");
  const initial = random.pick(["normal(0.02)", "zeros", "ones", "0.5"]);
  const printed = axes.map(({ label, size }) => (print(size) === label ? label : `${label}: ${print(size)}`));
  cover(draft, "param");
  draft.lines.push(`param ${name}: f32[${printed.join(", ")}] = ${initial}`);
  draft.tensors.push({ text: name, dtype: "f32", axes });
  return true;
};

/** Projections split into heads, by the library's block. */
export const heads: Step = (draft) => {
  const { random } = draft;
  const found = layerInput(draft, ({ axes }) => axes.length > 1 && axes.at(-2)?.label !== ".." && axes.at(-2)?.label !== "batch"); // prettier-ignore
  if (!found) return false;
  const { x } = found;
  const sequence = x.axes.at(-2);
  const count = anyWidth(draft);
  const size = 1 + random.below(3);
  const label = layerLabel(draft, "split");
  const c: Axis = { label: "", size: { kind: "number", value: size } };
  const front = x.axes.slice(0, -2);
  const after = [settingAxis(count), sequence, c].filter((axis) => axis !== undefined);
  const axes = after.reduce<Axis[]>((all, axis) => withLast(all, axis), front);
  if (!isSmall(axes) || sameAxes(front, axes)) return false;
  cover(draft, "Heads");
  define(draft, `${x.text} |> ${label}: Heads{heads: ${print(count)}, c: ${size}}`, { dtype: "f32", axes });
  return true;
};

/** An unnamed axis gets a name by a pattern. */
export const nameAxis: Step = (draft) => {
  const x = pickTensor(draft, ({ axes }) => axes.at(-1)?.label === "" && axes.slice(0, -1).every(({ label }) => label !== "")); // prettier-ignore
  const last = x?.axes.at(-1);
  if (!x || !last) return false;
  const label = freshLabel(draft);
  const front = x.axes.slice(0, -1);
  cover(draft, "named by a pattern");
  const hasRest = front.some((axis) => axis.label === "..");
  const before = hasRest ? front.map((axis) => axis.label) : [".."];
  define(draft, `${x.text} |> rearrange[${[...before, label].join(" ")} -> ${[...before, label].join(" ")}]`, { dtype: x.dtype, axes: [...front, { label, size: last.size }] }); // prettier-ignore
  return true;
};
