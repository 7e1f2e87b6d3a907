/** Tables read at whole numbers: ids, positions, one entry each. */
import { anyWidth, configSizes, cover, define, fix, fitsWithin, fresh, freshLabel, innerAxes, isNamed, isReal, isSmall, pickTensor, type Axis, type Draft, type Tensor } from "../draft.js"; // prettier-ignore
import { establish } from "../facts.js";
import { number, print, sameSize, type Size } from "../size.js";
import { layerLabel, settingAxis, withLast } from "./layer-label.js";
import { namedPositions } from "./integers.js";
import type { Step } from "./step.js";

const isIds = ({ below }: Tensor): boolean => below === "any";

export const embedding: Step = (draft) => {
  const ids = pickTensor(draft, isIds);
  if (!ids || draft.kind === "function") return false;
  const [size, width] = [anyWidth(draft), anyWidth(draft)];
  const axes = withLast(ids.axes, settingAxis(width));
  if (!isSmall(axes)) return false;
  const label = layerLabel(draft, "embed");
  cover(draft, "embedding of ids");
  const settings = `{size: ${print(size)}, d: ${print(width)}}`;
  define(draft, `${ids.text} |> ${label}: Embedding${settings}`, { dtype: "f32", axes });
  const row = settingAxis(width);
  const weight: Tensor = { text: `${label}.weight`, dtype: "f32", axes: [settingAxis(size), row] };
  draft.layers.push({ label, width: { kind: "number", value: -1 }, out: row, weight });
  return true;
};

/** `@seq` into a table that is at least as long. */
export const learnedPositions: Step = (draft) => {
  const { random } = draft;
  const all = namedPositions(draft).filter(({ label }) => label !== "batch");
  if (all.length === 0 || draft.kind === "function") return false;
  const axis = random.pick(all);
  const rows = random.pick([axis.size, ...configSizes(draft)]);
  if (!fix(rows) || !establish(draft, { kind: "at-most", small: axis.size, large: rows })) return false;
  const width = anyWidth(draft);
  const axes = withLast([axis], settingAxis(width));
  cover(draft, "learned positions");
  if (random.chance(0.5) && draft.depth === 0) {
    const table = fresh(draft, "table");
    const [row, column] = [freshLabel(draft), freshLabel(draft)];
    draft.lines.push(`param ${table}: f32[${row}: ${print(rows)}, ${column}: ${print(width)}] = normal(0.5)`);
    define(draft, `${table}[${row}: @${axis.label}]`, { dtype: "f32", axes: [axis, { label: column, size: width }] });
    return true;
  }
  define(draft, `@${axis.label} |> ${layerLabel(draft, "places")}: Embedding{size: ${print(rows)}, d: ${print(width)}}`, { dtype: "f32", axes }); // prettier-ignore
  return true;
};

/** The axes of an index, then what the table has besides. */
const lookedUp = (table: Tensor, at: Axis, index: readonly Axis[]): Axis[] => [
  ...index,
  ...table.axes.filter((axis) => axis !== at && !index.some(({ label }) => label === axis.label)),
];

/** `x[a: @b]`: entries of one axis at the positions of another. */
export const byPosition: Step = (draft) => {
  const { random } = draft;
  const x = pickTensor(draft, (tensor) => isReal(tensor) && innerAxes(tensor).length > 0);
  if (!x) return false;
  const at = random.pick(innerAxes(x));
  const free = namedPositions(draft).filter(({ label }) => label !== "batch" && (label === at.label || !x.axes.some((axis) => axis.label === label))); // prettier-ignore
  if (free.length === 0) return false;
  const axis = random.pick(free);
  const isRemainder = random.chance(0.25);
  if (!establish(draft, { kind: "at-most", small: isRemainder ? number(2) : axis.size, large: at.size })) return false;
  const axes = lookedUp(x, at, [axis]);
  if (!isSmall(axes)) return false;
  cover(draft, isRemainder ? "look-up by number" : "look-up by position");
  const index = `@${axis.label}${isRemainder ? " % 2" : ""}`;
  define(draft, `${x.text}[${at.label}: ${index}]`, { dtype: "f32", axes }, "y");
  return true;
};

/** A look-up by numbers that are known to be below a size: `x[a: n % 3]`. */
export const byNumber: Step = (draft) => {
  const { random } = draft;
  const index = pickTensor(draft, ({ below, text }) => below !== undefined && below !== "any" && text.startsWith("@") === false); // prettier-ignore
  if (index?.below === undefined || index.below === "any") return false;
  const { below } = index;
  const x = pickTensor(draft, (tensor) => isReal(tensor) && innerAxes(tensor).length > 0 && agree(tensor, index));
  if (!x) return false;
  const at = random.pick(innerAxes(x));
  if (!establish(draft, { kind: "at-most", small: below, large: at.size })) return false;
  const axes = lookedUp(x, at, index.axes);
  if (!isSmall(axes)) return false;
  const shares = x.axes.some((axis) => axis !== at && index.axes.some(({ label }) => label === axis.label));
  cover(draft, shares ? "look-up that shares axes" : "look-up by number");
  define(draft, `${x.text}[${at.label}: ${index.text}]`, { dtype: "f32", axes }, "y");
  return true;
};

/** Whether labels that both have mean axes of one size; an axis without a label cannot be told apart. */
const agree = (table: Tensor, index: Tensor): boolean =>
  [...table.axes, ...index.axes].every(({ label }) => label !== "" && label !== "..") &&
  table.axes.every(({ label, size }) => index.axes.every((axis) => axis.label !== label || sameSize(axis.size, size)));

/** `row[n: labels]`: one entry of the last axis for each entry of the others. */
export const each: Step = (draft) => {
  const x = pickTensor(draft, (tensor) => isReal(tensor) && tensor.axes.length > 1 && endsNamed(tensor));
  const ids = x && pickTensor(draft, (tensor) => isIds(tensor) && tensor.axes.length === x.axes.length - 1 && fitsWithin(tensor.axes, x.axes.slice(0, -1)) && sameOrder(tensor, x)); // prettier-ignore
  const last = x?.axes.at(-1);
  if (!ids || !last || !configOnly(draft, last.size)) return false;
  cover(draft, "look-up of each entry");
  define(draft, `${x.text}[${last.label}: ${ids.text}]`, { dtype: "f32", axes: ids.axes }, "y");
  return true;
};

/** Ids are bounded on entry by what they look up, so that this must be a number by then. */
const configOnly = ({ kind }: Draft, size: Size): boolean => kind !== "function" && fix(size);
const sameOrder = (a: Tensor, b: Tensor): boolean => a.axes.every(({ label }, n) => label === b.axes[n]?.label);

function endsNamed({ axes }: Tensor): boolean {
  const last = axes.at(-1);
  return last !== undefined && isNamed(last) && last.label !== "batch";
}
