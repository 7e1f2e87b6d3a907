/** What mends two shapes that do not fit: another size where one was written, a slice, a projection, another order of axes. */
import type { Span } from "../../../grammar/ast.js";
import type { Mark } from "../../diagnostics/problem.js";
import type { Axis, ValueType } from "../../ir/graph.js";
import {
  add,
  asConstant,
  atomsOf,
  compare,
  constant,
  printDim,
  sameDim,
  substitute,
  subtract,
  variable,
  type Atom,
  type Dim,
} from "../../shapes/index.js";
import { decide, numberOf } from "../decide.js";
import { called, isStage, piped, subscripted, through, type Mend } from "./mend.js";
import type { Scope } from "../scope.js";
import { printType } from "../types.js";
import { placeOf } from "../written.js";

/** A mend that knows the mistake's place better than who found it. */
export interface Blame extends Mend {
  readonly at: Mark;
}

/** The size in words of the file, if each of its parts has a name here. */
export function inWords(scope: Scope, dim: Dim): string | undefined {
  const isNamed = (atom: Atom): boolean => {
    const meaning = scope.names.get(atom.name);
    const known = meaning?.kind === "int" ? meaning.dim : scope.sizes.get(atom.name);
    return known !== undefined && sameDim(known, variable(atom));
  };
  return atomsOf(dim).every(isNamed) ? printDim(dim) : undefined;
}

/** Writes the wanted size where the other was written: `write \`out: d\``. */
export function resized(scope: Scope, axis: Axis, type: ValueType, wanted: Dim): Blame | undefined {
  const written = placeOf(axis);
  const size = inWords(scope, wanted);
  if (!written || size === undefined || !isFixed(scope, wanted)) return undefined;
  return {
    at: { ...written.mark, label: `this makes it ${printType(type)}` },
    help: `write \`${written.say(size)}\``,
    fixes: [written.put(size)],
  };
}

/** Layers have the sizes of the config: what only a call knows is none for a weight. */
const isFixed = ({ context }: Scope, dim: Dim): boolean =>
  context.isBlock || atomsOf(dim).every(({ role }) => role === "config");

/** A layer that brings the last axis to a size. */
export function projected(scope: Scope, span: Span, type: ValueType, axis: Axis, wanted: Dim): Mend | undefined {
  const size = inWords(scope, wanted);
  const fits = type.axes.at(-1) === axis && type.dtype === "f32" && isFixed(scope, wanted);
  if (size === undefined || !fits) return undefined;
  const name = ["down", "project", "proj"].find((label) => !scope.names.has(label) && !scope.tree.entries.has(label));
  if (name === undefined) return undefined;
  const label = scope.loop === undefined ? name : `${name}[${scope.loop}]`;
  const stage = `${label}: Linear{out: ${size}}`;
  return { help: `project it: \`|> ${stage}\``, fixes: through(scope, span, stage) };
}

/** One of two that differ by a constant along an axis, as logits and labels do: the longer one is cut. */
export function cut(
  scope: Scope,
  [first, firstAt]: readonly [Axis, Span],
  [second, secondAt]: readonly [Axis, Span],
): ({ readonly long: "first" | "second" } & Mend) | undefined {
  const more = asConstant(subtract(second.dim, first.dim));
  if (more === undefined || more === 0 || first.label === "") return undefined;
  const long = more > 0 ? "second" : "first";
  const span = more > 0 ? secondAt : firstAt;
  if (isStage(scope, span)) return undefined;
  return { long, ...subscripted(scope, span, `${first.label}: ${more > 0 ? `${more}..` : `..${more}`}`) };
}

/** `rearrange[seq batch d -> batch seq d]`, where the labels agree and only their order does not. */
export function reordered(from: readonly string[], to: readonly string[]): string | undefined {
  if (from.join() === to.join()) return undefined;
  const named = [...from, ...to].every((label) => /^[a-z]\w*$/.test(label));
  if (!named || [...from].sort().join() !== [...to].sort().join() || new Set(from).size < from.length) return undefined;
  return `rearrange[${from.join(" ")} -> ${to.join(" ")}]`;
}

/** What a result that is not the declared one lacks: another order, a size, or one axis less. */
export function mendResult(scope: Scope, span: Span, actual: ValueType, declared: ValueType): Partial<Blame> {
  const labels = (type: ValueType): string[] => type.axes.map(({ label }) => label);
  if (actual.dtype !== declared.dtype) return {};
  if (actual.axes.length === declared.axes.length) {
    const wrong = actual.axes.filter((axis, n) => !sameDim(axis.dim, declared.axes[n]?.dim ?? axis.dim));
    const [axis] = wrong;
    const wanted = axis && declared.axes[actual.axes.indexOf(axis)];
    const blame = axis && wanted && wrong.length === 1 ? resized(scope, axis, actual, wanted.dim) : undefined;
    if (blame) return blame;
    const stage = reordered(labels(actual), labels(declared));
    return stage === undefined || stage.includes("..")
      ? {}
      : { help: `put the axes in order: \`${stage}\``, fixes: piped(scope, span, stage) };
  }
  const extra = actual.axes.filter(({ label }) => !labels(declared).includes(label));
  const [axis] = extra;
  const isPooled = extra.length === 1 && actual.axes.length === declared.axes.length + 1;
  if (!isPooled || !axis || axis.label === "" || scope.context.outer.has(axis.label)) return {};
  const { fixes } = called(scope, span, `mean[${axis.label}]`);
  return { help: `pool over ${axis.label}: \`mean[${axis.label}](...)\``, fixes: fixes ?? [] };
}

/** A table with a row for each index that can come: one more than the largest. */
export function grown(scope: Scope, index: Dim, size: Dim): Blame | undefined {
  const written = placeOf({ label: "", dim: size });
  const largest = written && largestOf(scope, index, size);
  const rows = largest && inWords(scope, add(largest, constant(1)));
  if (!written || rows === undefined) return undefined;
  return {
    at: { ...written.mark, label: `these are the rows` },
    help: `write \`${written.say(rows)}\``,
    fixes: [written.put(rows)],
  };
}

/** The largest value of a sum of positions, each of which lies below its own bound. */
function largestOf({ context }: Scope, index: Dim, size: Dim): Dim | undefined {
  let largest = index;
  for (const atom of atomsOf(index)) {
    if (!atom.max) continue;
    // For a config the bound is a number already: where it is the table's own, the table's name says it better.
    const max =
      numberOf(context, atom.max) === numberOf(context, size) && context.mode === "instance" ? size : atom.max;
    const [low, high] = [constant(0), subtract(max, constant(1))].map((end) =>
      substitute(largest, (other) => (other === atom ? end : undefined)),
    );
    if (!low || !high) return undefined;
    if (decide(context, compare("<=", low, high)) === "yes") largest = high;
    else if (decide(context, compare("<=", high, low)) === "yes") largest = low;
    else return undefined;
  }
  return largest;
}
