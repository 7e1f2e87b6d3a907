/** Axes that an operand lacks: `expand[batch, n: 4](x)`, `full_like(x, 0.0)`, `range[n: 4]()`, `one_hot[classes: 10](ids)`. */
import type { Axis, Value } from "../../ir/graph.js";
import { emit, value } from "../builder.js";
import { equalDims } from "../decide.js";
import { positionAtom } from "../entries.js";
import { evaluate } from "../expressions.js";
import { unknown, type AxisArgument, type Meaning } from "../meaning.js";
import { describe } from "../numbers.js";
import { scalar } from "../scalars.js";
import { noteAxes, report, type Scope } from "../scope.js";
import { relabel } from "../subscript.js";
import { entryOf } from "../trace.js";
import { printType } from "../types.js";
import { onlyAxis, tensorAt, type PrimitiveCall, type Rule } from "./call.js";

export const callExpand: Rule = (call) => {
  const { scope, operands, axes: written, span } = call;
  const [first] = operands;
  const operand = first && scalar(scope, first.meaning, dtypeOf(first.meaning), first.span);
  if (!operand) return unknown;
  if (written.length === 0) {
    report(scope, "T208", { expected: "a new axis: expand[axis](x)", found: "none" }, span);
    return unknown;
  }
  const added: Axis[] = [];
  for (const axis of written) {
    const made = newAxis(scope, axis, [...added, ...operand.type.axes], printType(operand.type));
    if (!made) return unknown;
    added.push(made);
  }
  const axes = [...added, ...operand.type.axes];
  note(scope, axes);
  const out = value(scope.builder, operand.name, operand.type.dtype, axes);
  return { kind: "tensor", value: emit(scope.builder, { op: "expand", operand, out }), index: entryOf(first.meaning) };
};

export const callFullLike: Rule = (call) => {
  const { scope, operands } = call;
  const like = tensorAt(call);
  const [, number] = operands;
  const operand = like && number && scalar(scope, number.meaning, dtypeOf(number.meaning), number.span);
  if (!operand) return unknown;
  if (operand.type.axes.length > 0) {
    report(scope, "T208", { expected: "a number for full_like", found: printType(operand.type) }, number.span);
    return unknown;
  }
  const out = value(scope.builder, operand.name, operand.type.dtype, like.type.axes);
  return { kind: "tensor", value: emit(scope.builder, { op: "expand", operand, out }), index: entryOf(number.meaning) };
};

export const callRange: Rule = (call) => {
  const { scope } = call;
  const written = onlyAxis(call);
  const axis = written && newAxis(scope, written, [], "range");
  if (!axis) return unknown;
  note(scope, [axis]);
  const index = positionAtom(`@${axis.label}`, axis.dim);
  return { kind: "tensor", value: positions(scope, axis), index };
};

export const callOneHot: Rule = (call) => {
  const { scope, span } = call;
  const ids = tensorAt(call);
  const written = ids && onlyAxis(call);
  const axis = written && newAxis(scope, written, ids.type.axes, printType(ids.type));
  if (!axis) return unknown;
  if (ids.type.dtype !== "i32") {
    report(scope, "D401", { what: `one_hot needs i32, this is ${ids.type.dtype}` }, span, {
      help: "convert it with int()",
    });
    return unknown;
  }
  const axes = [...ids.type.axes, axis];
  note(scope, axes);
  // Axes without a name are matched from the last one on, where the new axis stands.
  const operand = relabel(
    scope,
    ids,
    ids.type.axes.map(({ label, dim }, n) => ({ label: label || String(n), dim })),
  );
  const within = [...operand.type.axes, axis];
  const hit = value(scope.builder, "hit", "bool", within);
  emit(scope.builder, { op: "map", name: "equal", operands: [operand, positions(scope, axis)], out: hit });
  const out = emit(scope.builder, {
    op: "map",
    name: "to-real",
    operands: [hit],
    out: value(scope.builder, ids.name, "f32", within),
  });
  return { kind: "tensor", value: relabel(scope, out, axes) };
};

/** Numbers of the one kind that they can be. */
function dtypeOf(meaning: Meaning): Value["type"]["dtype"] {
  if (meaning.kind === "tensor") return meaning.value.type.dtype;
  return meaning.kind === "int" ? "i32" : meaning.kind === "bool" ? "bool" : "f32";
}

/** The axis that `n: 4` or the name of a size asks for; reported where it has no size, or is there already. */
function newAxis(scope: Scope, written: AxisArgument, taken: readonly Axis[], of: string): Axis | undefined {
  const { name, span } = written;
  const amount = written.amount ?? evaluate(scope, { kind: "name", name, span });
  if (amount.kind === "unknown") return undefined;
  if (amount.kind !== "int") {
    report(scope, "T208", { expected: `a size for the new axis \`${name}\``, found: describe(amount.kind) }, span);
    return undefined;
  }
  if (taken.some(({ label }) => label === name)) {
    report(scope, "T209", { axis: name, type: of }, span);
    return undefined;
  }
  return { label: name, dim: amount.dim };
}

function positions(scope: Scope, axis: Axis): Value {
  const out = value(scope.builder, axis.label, "i32", [axis]);
  return emit(scope.builder, { op: "positions", offset: false, out });
}

function note(scope: PrimitiveCall["scope"], axes: readonly Axis[]): void {
  noteAxes(scope, axes, (a, b) => equalDims(scope.context, a, b) === "yes");
}
