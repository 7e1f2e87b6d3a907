/** Blocks and functions of the program put to use. */
import { add, anyWidth, cover, define, fix, fresh, isSmall, notePositions, pickTensor, type Axis, type Draft, type Tensor } from "../draft.js"; // prettier-ignore
import { establish, substituteFact } from "../facts.js";
import type { Port, Signature } from "../signature.js";
import { print, sameSize, substitute, type Quantity, type Size } from "../size.js";
import { layerLabel, settingAxis } from "./layer-label.js";
import type { Step } from "./step.js";

interface Matching {
  readonly sizes: Map<Quantity, Size>;
  readonly labels: Map<string, string>;
  rest: readonly Axis[] | undefined;
}

export const callBlock: Step = (draft) => {
  const blocks = draft.world.signatures.filter(({ kind }) => kind === "block");
  if (blocks.length === 0 || draft.kind === "function") return false;
  return call(draft, draft.random.pick(blocks));
};

export const callFunction: Step = (draft) => {
  const all = draft.world.signatures.filter(({ kind }) => kind === "function");
  return all.length > 0 && call(draft, draft.random.pick(all));
};

function call(draft: Draft, signature: Signature): boolean {
  const matching: Matching = { sizes: new Map(), labels: new Map(), rest: undefined };
  const operands: Tensor[] = [];
  for (const port of signature.inputs) {
    const operand = pickTensor(draft, (tensor) => fits(port, tensor, matching));
    if (!operand) return false;
    bind(port, operand, matching);
    operands.push(operand);
  }
  if (!signature.variables.every((variable) => isBindable(variable, matching.sizes.get(variable)))) return false;
  const settings = readSettings(draft, signature, matching);
  if (!settings || !signature.facts.every((fact) => establish(draft, substituteFact(fact, matching.sizes)))) return false; // prettier-ignore
  const results = signature.results.map((axes) => resultAxes(axes, matching));
  if (!results.every(isSmall)) return false;
  const [first, ...others] = operands.map(({ text }) => text);
  const isBlock = signature.kind === "block";
  const given = [...others, ...(isBlock ? [] : settings)];
  const braces = isBlock && settings.length > 0 ? `{${settings.join(", ")}}` : "";
  const brackets = given.length > 0 ? `(${given.join(", ")})` : "";
  cover(draft, isBlock ? "block of one's own" : "function of one's own");
  if (matching.rest && matching.rest.length > 1) cover(draft, "several axes behind ..");
  const piped = `${first} |> ${isBlock ? `${layerLabel(draft, "part")}: ` : ""}${signature.name}${braces}${brackets}`;
  const text = isBlock || draft.random.chance(0.5) ? piped : `${signature.name}(${[first, ...given].join(", ")})`;
  if (results.length > 1) defineAll(draft, text, results);
  else define(draft, text, { dtype: "f32", axes: results[0] ?? [] });
  return true;
}

/** `a, b = x |> part: Two`. */
function defineAll(draft: Draft, text: string, results: readonly (readonly Axis[])[]): void {
  const names = results.map(() => fresh(draft, "r"));
  cover(draft, "several results");
  draft.lines.push(`${names.join(", ")} = ${text}`);
  results.forEach((axes, n) => {
    notePositions(draft, axes);
    add(draft, { text: names[n] ?? "", dtype: "f32", axes });
  });
}

const isBindable = (variable: Quantity, size: Size | undefined): boolean =>
  size !== undefined && (!variable.fixed || fix(size));

/** Whether a tensor can be what the port asks for, beside what is bound already. */
function fits({ dtype, axes }: Port, tensor: Tensor, { sizes, rest }: Matching): boolean {
  if (tensor.dtype !== dtype || (dtype === "i32" && tensor.below !== "any")) return false;
  const actual = paired(axes, tensor.axes);
  if (!actual) return false;
  const bound = new Map(sizes);
  const hasRest = axes[0]?.label === "..";
  if (hasRest && rest && !sameRest(rest, restOf(axes, tensor.axes))) return false;
  return actual.every(([axis, found]) => {
    if (axis.label === "batch" || found.label === "batch") return axis.label === found.label;
    if (found.label === "..") return false;
    const of = axis.size.kind === "quantity" ? axis.size.quantity : undefined;
    if (of && !bound.has(of)) return bound.set(of, found.size).has(of);
    return sameSize(substitute(axis.size, bound), found.size);
  });
}

const sameRest = (a: readonly Axis[], b: readonly Axis[]): boolean =>
  a.length === b.length && a.every(({ label, size }, n) => label === b[n]?.label && sameSize(size, b[n].size));

const restOf = (declared: readonly Axis[], actual: readonly Axis[]): Axis[] =>
  actual.slice(0, actual.length - declared.length + 1);

/** Declared axes with the actual ones, `..` (which stands first) left out. */
function paired(declared: readonly Axis[], actual: readonly Axis[]): [Axis, Axis][] | undefined {
  const open = declared[0]?.label === "..";
  const named = open ? declared.slice(1) : declared;
  const tail = actual.slice(actual.length - named.length);
  if (actual.length < named.length || (!open && actual.length !== named.length)) return undefined;
  return named.flatMap((axis, n): [Axis, Axis][] => (tail[n] ? [[axis, tail[n]]] : []));
}

function bind({ axes }: Port, tensor: Tensor, matching: Matching): void {
  if (axes[0]?.label === "..") matching.rest = restOf(axes, tensor.axes);
  for (const [axis, found] of paired(axes, tensor.axes) ?? []) {
    if (axis.size.kind !== "quantity" || axis.label === "batch") continue;
    const { quantity: of } = axis.size;
    if (matching.sizes.has(of)) continue;
    matching.sizes.set(of, found.size);
    matching.labels.set(of.name, found.label);
  }
}

/** The config of a block, or the further arguments of a function; undefined where an entry cannot be given. */
function readSettings(draft: Draft, signature: Signature, { sizes, labels }: Matching): string[] | undefined {
  const { random } = draft;
  const settings: string[] = [];
  for (const entry of signature.entries) {
    if (entry.fallback && random.chance(0.5)) {
      sizes.set(entry, substitute(entry.fallback, sizes));
      continue;
    }
    const divisors = entry.multipleOf.map((size) => substitute(size, sizes));
    const size = divisors.length > 0 ? divisors.reduce((all, each) => ({ kind: "binary", operator: "*", left: all, right: each })) : anyWidth(draft); // prettier-ignore
    if (!fix(size)) return undefined;
    sizes.set(entry, size);
    labels.set(entry.name, settingAxis(size).label);
    settings.push(`${entry.name}: ${print(size)}`);
  }
  for (const flag of signature.flags)
    if (random.chance(0.7)) settings.push(`${flag}: ${random.pick(["true", "false", ...draft.flags])}`);
  for (const real of signature.reals) if (random.chance(0.5)) settings.push(`${real}: ${random.pick(["0.25", "1.5", ...draft.reals])}`); // prettier-ignore
  for (const each of signature.functions) if (random.chance(0.5)) settings.push(`${each}: ${random.pick(["silu", "tanh", "relu", ...draft.functions])}`); // prettier-ignore
  for (const block of signature.blocks)
    if (random.chance(0.6)) settings.push(`${block}: ${random.pick(["RMSNorm", "LayerNorm{eps: 1e-3}", "FFN{ff: 3}", ...draft.blocks])}`); // prettier-ignore
  return settings;
}

/** Labels of the result as the caller knows them: its own where they were bound, the block's where they were not. */
function resultAxes(axes: readonly Axis[], { sizes, labels, rest }: Matching): Axis[] {
  const all = axes.flatMap(({ label, size }): readonly Axis[] =>
    label === ".." ? (rest ?? []) : [{ label: labels.get(label) ?? label, size: substitute(size, sizes) }],
  );
  const seen = new Set<string>();
  return all.map((axis) => {
    if (axis.label !== "" && seen.has(axis.label)) return { ...axis, label: "" };
    seen.add(axis.label);
    return axis;
  });
}
