/** `attend[i, j](q, k, v) { ... }`: the one privileged construct. Masks and scores become regions over positions. */
import type { Attend, Expression } from "../../grammar/ast.js";
import { didYouMean } from "../diagnostics/did-you-mean.js";
import { closest } from "../diagnostics/suggest.js";
import type { Axis, AttendNode, Node, Region, Value } from "../ir/graph.js";
import { printDim } from "../shapes/index.js";
import { emit, use, value } from "./builder.js";
import { equalDims, hasNumber, numberOf } from "./decide.js";
import { positionAtom } from "./entries.js";
import { evaluate } from "./expressions.js";
import { hidesMask } from "./hidden-mask.js";
import { lintCausal, lintMask } from "./mask-sides.js";
import { describe } from "./numbers.js";
import { unknown, type Meaning } from "./meaning.js";
import { compared, inGroups, keysApart } from "./mend/attention.js";
import { resized } from "./mend/shapes.js";
import { inner, mark, report, withNodes, type Scope } from "./scope.js";
import { printType } from "./types.js";

const clauses = ["scale", "score", "mask", "dropout", "cache"];

export function applyAttend(scope: Scope, expression: Attend): Meaning {
  if (expression.query.name === expression.key.name) {
    const mend = keysApart(scope, expression);
    report(scope, "T209", { axis: expression.key.name, type: "the scores" }, expression.key.span, mend);
    return unknown;
  }
  const outer = [expression.query, expression.key].find(({ name }) => scope.context.outer.has(name));
  if (outer) {
    report(scope, "T205", { operation: "attend", axis: outer.name }, outer.span, {
      label: "outer axis: its entries are independent",
    });
    return unknown;
  }
  const [query, key, values] = ["query", "key", "value"].map((what, n) => operandOf(scope, expression, n, what));
  if (!query || !key || !values) return unknown;
  const shape = matchShapes(scope, expression, query, key, values);
  if (!shape) return unknown;
  const settings = readClauses(scope, expression);
  const region = (clause: "mask" | "score"): Region | undefined => {
    const written = settings.get(clause);
    return written ? readRegion(scope, expression, clause, written, shape, settings) : undefined;
  };
  const scale = numeric(scope, settings.get("scale"), 1);
  const dropout = numeric(scope, settings.get("dropout"), 0);
  if (settings.has("cache")) report(scope, "U901", { what: "the `cache` clause" }, expression.span);
  const node: AttendNode = {
    op: "attend",
    query: shape.query,
    key: shape.key,
    value: shape.value,
    i: expression.query.name,
    j: expression.key.name,
    scale: scale ?? 1,
    mask: region("mask"),
    score: region("score"),
    dropout: dropout ?? 0,
    cache: false,
    out: value(scope.builder, "attended", "f32", shape.out),
  };
  return { kind: "tensor", value: emit(scope.builder, node) };
}

function operandOf(scope: Scope, expression: Attend, n: number, what: string): Value | undefined {
  const argument = expression.arguments[n];
  if (!argument) {
    report(scope, "N108", { name: what, callee: "attend" }, expression.span);
    return undefined;
  }
  const meaning = evaluate(scope, argument.value);
  if (meaning.kind === "unknown") return undefined;
  if (meaning.kind !== "tensor" || meaning.value.type.dtype !== "f32") {
    report(scope, "T208", { expected: `an f32 tensor as the ${what}`, found: describe(meaning.kind) }, argument.span);
    return undefined;
  }
  return use(scope.builder, meaning.value);
}

interface Shapes {
  readonly query: Value;
  readonly key: Value;
  readonly value: Value;
  readonly out: readonly Axis[];
  /** Axes of the scores: those of the query but its last, then j. */
  readonly scores: readonly Axis[];
}

/** query [P.., R.., i, c], key [P.., j, c], value [P.., j, e], each brought into that order. */
function matchShapes(scope: Scope, expression: Attend, query: Value, key: Value, values: Value): Shapes | undefined {
  const { query: i, key: j } = expression;
  const find = (tensor: Value, axis: typeof i, n: number): boolean => {
    if (tensor.type.axes.some(({ label }) => label === axis.name)) return true;
    const near = closest(
      axis.name,
      tensor.type.axes.map(({ label }) => label),
    );
    report(scope, "N106", { axis: axis.name, type: printType(tensor.type) }, axis.span, {
      secondary: [mark(scope, expression.arguments[n]?.span ?? expression.span, printType(tensor.type))],
      ...didYouMean(mark(scope, axis.span), near),
    });
    return false;
  };
  if (!find(query, i, 0) || !find(key, j, 1) || !find(values, j, 2)) return undefined;
  const channel = query.type.axes.at(-1);
  const keyChannel = key.type.axes.at(-1);
  const output = values.type.axes.at(-1);
  if (!channel || !keyChannel || !output) return undefined;
  if (equalDims(scope.context, channel.dim, keyChannel.dim) !== "yes") {
    const [first, second] = [query, key].map((operand, n) =>
      mark(scope, expression.arguments[n]?.span ?? expression.span, printType(operand.type)),
    );
    const blame =
      resized(scope, keyChannel, key.type, channel.dim) ?? resized(scope, channel, query.type, keyChannel.dim);
    const what = `queries have ${printAxisSize(channel)} channels, keys ${printAxisSize(keyChannel)}`;
    report(scope, "T202", { what }, blame?.at ?? first ?? expression.span, {
      secondary: [...(blame && first ? [first] : []), ...(second ? [second] : [])],
      help: blame?.help,
      fixes: blame?.fixes,
    });
    return undefined;
  }
  const [keyAxis, valueAxis] = [key, values].map(
    ({ type }) => type.axes.find(({ label }) => label === j.name) as Axis,
  ) as [Axis, Axis];
  if (equalDims(scope.context, keyAxis.dim, valueAxis.dim) !== "yes") {
    const [first, second] = [key, values].map((operand, n) =>
      mark(scope, expression.arguments[n + 1]?.span ?? expression.span, printType(operand.type)),
    );
    const what = `each key has a value: there are ${printDim(keyAxis.dim)} keys along ${j.name}, and ${printDim(valueAxis.dim)} values`;
    report(scope, "T202", { what }, second ?? expression.span, { secondary: first ? [first] : [] });
    return undefined;
  }
  const shared = key.type.axes.filter((axis) => axis !== keyChannel && axis.label !== j.name);
  const sharedByValue = values.type.axes.filter((axis) => axis !== output && axis.label !== j.name);
  for (const [axes, other, n] of [
    [shared, query, 1],
    [sharedByValue, key, 2],
  ] as const) {
    const lost = axes.find(
      ({ label, dim }) =>
        !other.type.axes.some((axis) => axis.label === label && equalDims(scope.context, axis.dim, dim) === "yes"),
    );
    if (!lost) continue;
    report(
      scope,
      "T202",
      { what: `axis ${lost.label} of the ${n === 1 ? "keys" : "values"} is not in ${printType(other.type)}` },
      expression.arguments[n]?.span ?? expression.span,
      {
        label: printType((n === 1 ? key : values).type),
        secondary: [mark(scope, expression.arguments[n - 1]?.span ?? expression.span, printType(other.type))],
        ...(n === 1 && inGroups(scope, expression, query, values, lost)),
      },
    );
    return undefined;
  }
  const missing = shared.find(({ label }) => !sharedByValue.some((axis) => axis.label === label));
  if (missing) {
    report(
      scope,
      "T202",
      { what: `the values lack axis ${missing.label}, which the keys have` },
      expression.arguments[2]?.span ?? expression.span,
      { label: printType(values.type) },
    );
    return undefined;
  }
  const labels = new Set(shared.map(({ label }) => label));
  const own = query.type.axes.filter((axis) => axis !== channel && axis.label !== i.name && !labels.has(axis.label));
  const sharedInOrder = query.type.axes.filter(({ label }) => labels.has(label));
  const queryAxis = query.type.axes.find(({ label }) => label === i.name) as Axis;
  const front = [...sharedInOrder, ...own, queryAxis];
  return {
    query: reorder(scope, query, [...front, channel]),
    key: reorder(scope, key, [...sharedInOrder, keyAxis, keyChannel]),
    value: reorder(scope, values, [...sharedInOrder, keyAxis, output]),
    out: [...front, output],
    scores: [...front, keyAxis],
  };
}

const printAxisSize = ({ label, dim }: Axis): string => label || printDim(dim);

/** A transpose to the order of `axes` (by label), or nothing where it is so already. */
function reorder(scope: Scope, operand: Value, axes: readonly Axis[]): Value {
  const wanted = axes.map(({ label }) => operand.type.axes.findIndex((axis) => axis.label === label));
  if (wanted.every((at, n) => at === n)) return operand;
  const split = operand.type.axes.map((axis) => [axis]);
  const inOrder = wanted.map((at) => operand.type.axes[at] as Axis);
  const out = value(scope.builder, operand.name, operand.type.dtype, inOrder);
  return emit(scope.builder, { op: "view", operand, split, merge: inOrder.map(({ label }) => [label]), out });
}

function readClauses(scope: Scope, expression: Attend): Map<string, Expression> {
  const settings = new Map<string, Expression>();
  for (const { name, form, value: written } of expression.settings?.entries ?? []) {
    // `name = index` defines an index for masks and scores, as `head = @g`; `name: value` sets a clause.
    if (form !== "equals" && !clauses.includes(name.name)) {
      const near = closest(name.name, clauses);
      report(scope, "N101", { name: name.name, block: "attend" }, name.span, {
        ...didYouMean(mark(scope, name.span), near),
        notes: [`attend has: ${clauses.join(", ")}`],
      });
      continue;
    }
    settings.set(form === "equals" ? `=${name.name}` : name.name, written);
  }
  return settings;
}

function readRegion(
  scope: Scope,
  expression: Attend,
  clause: "mask" | "score",
  written: Expression,
  shape: Shapes,
  settings: ReadonlyMap<string, Expression>,
): Region | undefined {
  const { builder } = scope;
  const axis = (label: string): Axis => shape.scores.find((a) => a.label === label) as Axis;
  const [i, j] = [axis(expression.query.name), axis(expression.key.name)];
  const q = value(builder, "q", "i32", [i]);
  const k = value(builder, "k", "i32", [j]);
  const s = value(builder, "s", "f32", shape.scores);
  const nodes: Node[] = [];
  const position = (name: string, of: Value, { dim }: Axis): Meaning => ({
    kind: "tensor",
    value: of,
    index: positionAtom(name, dim),
  });
  const region = inner(scope, { order: shape.scores.map(({ label }) => label) });
  for (const { label, dim } of shape.scores) if (label !== "") region.axes.set(label, dim);
  region.names.set("q", position("q", q, i));
  region.names.set("k", position("k", k, j));
  if (clause === "score") region.names.set("s", { kind: "tensor", value: s });
  const meaning = withNodes(scope, nodes, () => {
    for (const [name, index] of settings)
      if (name.startsWith("=")) region.names.set(name.slice(1), evaluate(region, index));
    if (clause === "mask" && scope.context.mode === "definition" && hidesMask(region, written)) return undefined;
    return asResult(region, clause, evaluate(region, written), written);
  });
  if (!meaning) return undefined;
  const result = use(builder, meaning);
  if (result === s) return undefined;
  if (clause === "mask" && scope.context.mode === "definition") {
    lintMask(scope, result, i, j, written);
    // Positions that the clauses set anew may well be of one sequence, and so may what a block is given as queries and keys.
    const isOpen = scope.context.isBlock || ["=q", "=k"].some((name) => settings.has(name));
    if (!isOpen) lintCausal(scope, i, j, written);
  }
  return { parameters: clause === "mask" ? [q, k] : [s, q, k], body: nodes, result };
}

/** The tensor a mask or score comes to; a mask that is always true is none. */
export function asResult(
  scope: Scope,
  clause: "mask" | "score",
  meaning: Meaning,
  written: Expression,
): Value | undefined {
  const wanted = clause === "mask" ? "bool" : "f32";
  if (meaning.kind === "tensor" && meaning.value.type.dtype === wanted) {
    const extra = scope.order && meaning.value.type.axes.find(({ label }) => !scope.order?.includes(label));
    if (!extra) return meaning.value;
    report(
      scope,
      "T202",
      { what: `the ${clause} has axis ${extra.label}, the scores are [${scope.order?.join(", ")}]` },
      written.span,
    );
    return undefined;
  }
  if (meaning.kind === "bool" && clause === "mask" && meaning.condition.kind === "constant" && meaning.condition.value)
    return undefined;
  if (meaning.kind === "unknown" || meaning.kind === "lambda") return undefined;
  const found = meaning.kind === "tensor" ? `${meaning.value.type.dtype}` : describe(meaning.kind);
  const mend = clause === "mask" && found === "i32" ? compared(scope, written) : {};
  report(scope, "D401", { what: `a ${clause} must be ${wanted}, this is ${found}` }, written.span, mend);
  return undefined;
}

function numeric(scope: Scope, written: Expression | undefined, fallback: number): number | undefined {
  if (!written) return fallback;
  const meaning = evaluate(scope, written);
  if (meaning.kind === "real") return meaning.value;
  if (
    meaning.kind === "tensor" ||
    (meaning.kind === "int" && scope.context.mode === "instance" && !hasNumber(scope.context, meaning.dim))
  ) {
    report(scope, "U901", { what: "a scale that only a call knows" }, written.span);
    return undefined;
  }
  if (meaning.kind === "int") return numberOf(scope.context, meaning.dim);
  if (meaning.kind !== "unknown")
    report(scope, "T208", { expected: "a real number", found: describe(meaning.kind) }, written.span);
  return undefined;
}
