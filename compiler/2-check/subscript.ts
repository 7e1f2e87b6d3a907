/** Brackets: slices, index look-ups, renames; `softmax[src]` names the axes of a function; `h[0]` names a layer. */
import type { Identifier, Item, Span, Subscript } from "../../grammar/ast.js";
import { closest } from "../diagnostics/suggest.js";
import type { Axis, Value } from "../ir/graph.js";
import { add, and, asAtom, asConstant, compare, constant, printDim, subtract, type Dim } from "../shapes/index.js";
import { emit, use, value } from "./builder.js";
import { broadcast } from "./broadcast.js";
import { decide, equalDims, numberOf } from "./decide.js";
import { evaluate } from "./expressions.js";
import { labelKey } from "./apply-block.js";
import { describe, evaluateDim } from "./numbers.js";
import { unknown, type Meaning, type TensorMeaning } from "./meaning.js";
import { noteAxes, report, type Scope } from "./scope.js";
import { scalar } from "./scalars.js";
import { printSize, printType } from "./types.js";

export function evaluateSubscript(scope: Scope, expression: Subscript): Meaning {
  const key = labelKey(scope, expression);
  const layer = key === undefined ? undefined : scope.names.get(key);
  if (layer) return layer;
  const object = evaluate(scope, expression.object);
  switch (object.kind) {
    case "unknown":
      return unknown;
    case "function": {
      const axes: Identifier[] = [];
      for (const item of expression.items) {
        if (item.kind === "expression-item" && item.value.kind === "name")
          axes.push({ ...item.value, kind: "identifier" });
        else report(scope, "T208", { expected: "an axis name", found: "something else" }, item.span);
      }
      return { ...object, axes };
    }
    case "tensor":
      return onTensor(scope, object, expression.items, expression.span);
    default:
      report(scope, "T208", { expected: "a tensor before [", found: describe(object.kind) }, expression.object.span);
      return unknown;
  }
}

function onTensor(scope: Scope, tensor: TensorMeaning, items: readonly Item[], span: Span): Meaning {
  let current: Meaning = tensor;
  const lookups = items.filter((item) => item.kind === "index-item" || item.kind === "expression-item");
  for (const item of items) {
    if (current.kind !== "tensor") return current;
    if (item.kind === "rename-item") current = rename(scope, current, item.from, item.to);
    else if (item.kind === "slice-item") current = slice(scope, current, item);
  }
  if (current.kind !== "tensor" || lookups.length === 0) return current;
  return lookUp(scope, current, lookups, span);
}

/** Position of an axis by label, reported where there is none. */
export function axisIndex(scope: Scope, tensor: Value, name: { name: string; span: Span }): number | undefined {
  const at = tensor.type.axes.findIndex(({ label }) => label === name.name);
  if (at >= 0) return at;
  const near = closest(
    name.name,
    tensor.type.axes.map(({ label }) => label).filter((label) => label !== ""),
  );
  report(scope, "N106", { axis: name.name, type: printType(tensor.type) }, name.span, {
    ...(near !== undefined && { label: `did you mean ${near}?` }),
  });
  return undefined;
}

function rename(
  scope: Scope,
  tensor: TensorMeaning,
  from: { name: string; span: Span },
  to: { name: string; span: Span },
): Meaning {
  const operand = use(scope.builder, tensor.value);
  const at = axisIndex(scope, operand, from);
  if (at === undefined) return unknown;
  if (operand.type.axes.some(({ label }, n) => n !== at && label === to.name)) {
    report(scope, "T209", { axis: to.name, type: printType(operand.type) }, to.span);
    return unknown;
  }
  const axes = operand.type.axes.map((axis, n) => (n === at ? { ...axis, label: to.name } : axis));
  return { ...tensor, value: relabel(scope, operand, axes) };
}

/** The same data with other labels; no node where nothing changes. */
export function relabel(scope: Scope, operand: Value, axes: readonly Axis[]): Value {
  noteAxes(scope, axes, (a, b) => equalDims(scope.context, a, b) === "yes");
  if (operand.type.axes.every(({ label }, n) => label === axes[n]?.label)) return operand;
  return emit(scope.builder, {
    op: "rename",
    operand,
    out: value(scope.builder, operand.name, operand.type.dtype, axes),
  });
}

function slice(scope: Scope, tensor: TensorMeaning, item: Extract<Item, { kind: "slice-item" }>): Meaning {
  const operand = use(scope.builder, tensor.value);
  const at = axisIndex(scope, operand, item.axis);
  const axis = at === undefined ? undefined : operand.type.axes[at];
  if (at === undefined || !axis) return unknown;
  const bound = (expression: typeof item.from, fallback: Dim): Dim | undefined => {
    if (!expression) return fallback;
    const dim = evaluateDim(scope, expression);
    // A bound that is negative for certain counts from the end, as `..-1` does.
    return dim !== undefined && decide(scope.context, compare("<", dim, constant(0))) === "yes"
      ? add(axis.dim, dim)
      : dim;
  };
  const from = bound(item.from, constant(0));
  const to = bound(item.to, axis.dim);
  if (from === undefined || to === undefined) return unknown;
  // An empty slice is legal: `logits[seq: ..-1]` of one token has no entries.
  const inside = and(and(compare("<=", constant(0), from), compare("<=", from, to)), compare("<=", to, axis.dim));
  if (decide(scope.context, inside) === "no") {
    const what = `slice ${printDim(from)}..${printDim(to)} runs past axis ${axis.label} of ${printType(operand.type)}`;
    report(scope, "T204", { what }, item.span);
    return unknown;
  }
  const axes = operand.type.axes.map((other, n) => (n === at ? { label: axis.label, dim: subtract(to, from) } : other));
  const out = value(scope.builder, operand.name, operand.type.dtype, axes);
  return { kind: "tensor", value: emit(scope.builder, { op: "slice", operand, axis: at, from, to, out }) };
}

interface Lookup {
  readonly axis: number;
  readonly index: Meaning;
  readonly item: Item;
}

/** `weight[size: ids]`, `x[seq: 0]`, `relative[q - k + w, head]`. */
function lookUp(scope: Scope, tensor: TensorMeaning, items: readonly Item[], span: Span): Meaning {
  const table = use(scope.builder, tensor.value);
  const lookups: Lookup[] = [];
  for (const [n, item] of items.entries()) {
    if (item.kind === "index-item") {
      const axis = axisIndex(scope, table, item.axis);
      if (axis === undefined) return unknown;
      lookups.push({ axis, index: evaluate(scope, item.index), item });
    } else if (item.kind === "expression-item") {
      lookups.push({ axis: n, index: evaluate(scope, item.value), item });
    }
  }
  if (lookups.some(({ index }) => index.kind === "unknown")) return unknown;
  if (lookups.every(({ index }) => index.kind === "int")) {
    return lookups
      .sort((a, b) => b.axis - a.axis)
      .reduce<Meaning>(
        (current, lookup) => (current.kind === "tensor" ? takeOne(scope, current, lookup) : current),
        tensor,
      );
  }
  return gather(scope, table, lookups, span);
}

function takeOne(scope: Scope, tensor: TensorMeaning, { axis, index, item }: Lookup): Meaning {
  const operand = use(scope.builder, tensor.value);
  const size = operand.type.axes[axis]?.dim;
  if (index.kind !== "int" || !size) return unknown;
  const at = decide(scope.context, compare("<", index.dim, constant(0))) === "yes" ? add(size, index.dim) : index.dim;
  if (!checkRange(scope, at, size, operand, axis, item.span)) return unknown;
  const axes = operand.type.axes.filter((_, n) => n !== axis);
  const out = value(scope.builder, operand.name, operand.type.dtype, axes);
  return { kind: "tensor", value: emit(scope.builder, { op: "take", operand, axis, index: at, out }) };
}

function gather(scope: Scope, table: Value, lookups: readonly Lookup[], span: Span): Meaning {
  const twice = lookups.find(({ axis }, n) => lookups.findIndex((other) => other.axis === axis) < n);
  if (twice) {
    report(scope, "T208", { expected: "one index for an axis", found: "a second" }, twice.item.span);
    return unknown;
  }
  const indices: Value[] = [];
  for (const { axis, index, item } of lookups) {
    const size = table.type.axes[axis]?.dim;
    if (!size) {
      report(
        scope,
        "T208",
        { expected: `at most ${table.type.axes.length} indices`, found: String(lookups.length) },
        item.span,
      );
      return unknown;
    }
    const tensor = scalar(scope, index, "i32", item.span);
    if (!tensor) return unknown;
    if (tensor.type.dtype !== "i32") {
      report(scope, "D401", { what: `an index must be i32, this is ${tensor.type.dtype}` }, item.span);
      return unknown;
    }
    const known = index.kind === "tensor" ? index.index : index.kind === "int" ? index.dim : undefined;
    if (known !== undefined && !checkRange(scope, known, size, table, axis, item.span)) return unknown;
    indices.push(tensor);
  }
  const first = indices[0];
  if (!first) return unknown;
  const operands = { left: { span }, right: { span }, span, operatorSpan: span };
  const found = broadcast({ ...scope, order: scope.order ?? [] }, indices, operands);
  if (!found) return unknown;
  const looked = new Set(lookups.map(({ axis }) => axis));
  const rest = table.type.axes.filter(
    (axis, n) => !looked.has(n) && !found.some(({ label }) => label !== "" && label === axis.label),
  );
  const axes = [...found, ...rest];
  const out = value(scope.builder, table.name, table.type.dtype, axes);
  return { kind: "tensor", value: emit(scope.builder, { op: "gather", table, axes: [...looked], indices, out }) };
}

/** Whether `0 <= index < size` holds; ids that come from outside are bounded there, on entry. */
function checkRange(scope: Scope, index: Dim, size: Dim, table: Value, axis: number, span: Span): boolean {
  const { context } = scope;
  const atom = asAtom(index);
  if (atom && context.bounds.has(atom)) {
    const known = context.bounds.get(atom);
    const tighter =
      known === undefined || (numberOf(context, size) ?? Infinity) < (numberOf(context, known) ?? Infinity);
    if (tighter) context.bounds.set(atom, size);
    return true;
  }
  const inside = and(compare("<=", constant(0), index), compare("<", index, size));
  const answer = decide(context, inside);
  if (answer === "yes" || (context.mode === "definition" && answer === "open")) return true;
  if (context.mode === "definition" && atom && atom.max === undefined) return true; // What the ids are is for the caller to know.
  const label = table.type.axes[axis]?.label ?? "";
  const entries = printSize(size, numberOf(context, size));
  const where = atom?.max ? `${printDim(atom.max)} <= ${printDim(size)}` : undefined;
  const what = atom?.max
    ? `indices 0..${printDim(subtract(atom.max, constant(1)))} may run past ${entries} entries`
    : asConstant(index) === undefined
      ? `index ${printDim(index)} may run past the ${entries} entries of \`${label}\``
      : `index ${printDim(index)} is past the ${entries} entries of \`${label}\``;
  report(scope, "T204", { what }, span, {
    label: printType(table.type),
    help: where === undefined ? undefined : `add \`where ${where}\` to the model`,
  });
  return false;
}
