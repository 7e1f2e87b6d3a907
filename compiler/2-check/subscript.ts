/** Brackets: slices, index look-ups, renames; `softmax[src]` names the axes of a function; `h[0]` names a layer. */
import type { Item, Span, Subscript } from "../../grammar/ast.js";
import { didYouMean } from "../diagnostics/did-you-mean.js";
import { closest } from "../diagnostics/suggest.js";
import type { Axis, Value } from "../ir/graph.js";
import { add, compare, constant, sameDim, subtract, zero, type Dim } from "../shapes/index.js";
import { emit, use, value } from "./builder.js";
import { broadcast } from "./broadcast.js";
import { decide, equalDims } from "./decide.js";
import { elsewhere } from "./entries.js";
import { evaluate } from "./expressions.js";
import { layerAt } from "./layer-label.js";
import { isWrongSide } from "./mask-sides.js";
import { describe, evaluateDim } from "./numbers.js";
import { unknown, type AxisArgument, type Meaning, type TensorMeaning } from "./meaning.js";
import { mark, noteAxes, report, type Scope } from "./scope.js";
import { scalar } from "./scalars.js";
import { printType } from "./types.js";
import { checkRange, checkSlice } from "./within-axis.js";

export function evaluateSubscript(scope: Scope, expression: Subscript): Meaning {
  const layer = layerAt(scope, expression);
  if (layer) return layer;
  const object = evaluate(scope, expression.object);
  switch (object.kind) {
    case "unknown":
      return unknown;
    case "function": {
      const axes: AxisArgument[] = [];
      for (const item of expression.items) {
        if (item.kind === "expression-item" && item.value.kind === "name")
          axes.push({ ...item.value, kind: "identifier" });
        else if (item.kind === "index-item") axes.push({ ...item.axis, amount: evaluate(scope, item.index) });
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
export function axisIndex(
  scope: Scope,
  tensor: Value,
  name: { name: string; span: Span },
  meant?: string,
): number | undefined {
  const at = tensor.type.axes.findIndex(({ label }) => label === name.name);
  if (at >= 0) return at;
  const near =
    meant ??
    closest(
      name.name,
      tensor.type.axes.map(({ label }) => label).filter((label) => label !== ""),
    );
  report(
    scope,
    "N106",
    { axis: name.name, type: printType(tensor.type) },
    name.span,
    didYouMean(mark(scope, name.span), near),
  );
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
  return { kind: "tensor", value: relabel(scope, operand, axes), index: elsewhere(tensor.index) };
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
  if (!checkSlice(scope, from, to, operand, at, item.span)) return unknown;
  const isWhole = sameDim(from, zero) && equalDims(scope.context, to, axis.dim) === "yes";
  if (isWhole) return { ...tensor, value: operand };
  const axes = operand.type.axes.map((other, n) => (n === at ? { label: axis.label, dim: subtract(to, from) } : other));
  const out = value(scope.builder, operand.name, operand.type.dtype, axes);
  const made = emit(scope.builder, { op: "slice", operand, axis: at, from, to, out });
  return { kind: "tensor", value: made, index: elsewhere(tensor.index) };
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
  return gather(scope, tensor, table, lookups, span);
}

function takeOne(scope: Scope, tensor: TensorMeaning, { axis, index, item }: Lookup): Meaning {
  const operand = use(scope.builder, tensor.value);
  const size = operand.type.axes[axis]?.dim;
  if (index.kind !== "int" || !size) return unknown;
  const at = decide(scope.context, compare("<", index.dim, constant(0))) === "yes" ? add(size, index.dim) : index.dim;
  if (!checkRange(scope, at, operand, axis, item.span, item.span)) return unknown;
  const axes = operand.type.axes.filter((_, n) => n !== axis);
  const out = value(scope.builder, operand.name, operand.type.dtype, axes);
  const made = emit(scope.builder, { op: "take", operand, axis, index: at, out });
  return { kind: "tensor", value: made, index: elsewhere(tensor.index) };
}

function gather(scope: Scope, tensor: TensorMeaning, table: Value, lookups: readonly Lookup[], span: Span): Meaning {
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
    const at = item.kind === "index-item" ? item.index.span : item.span;
    if (isWrongSide(scope, index, table, axis, at, span) || !checkRange(scope, known, table, axis, item.span, at))
      return unknown;
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
  const made = emit(scope.builder, { op: "gather", table, axes: [...looked], indices, out });
  return { kind: "tensor", value: made, index: elsewhere(tensor.index) };
}
