/** `concat[a](x, y)` along an axis that all have, `stack[a](x, y)` along a new one. */
import type { Axis, Value } from "../../ir/graph.js";
import { add, constant } from "../../shapes/index.js";
import { emit, value } from "../builder.js";
import { equalDims } from "../decide.js";
import { unknown } from "../meaning.js";
import { subscripted, type Mend } from "../mend/mend.js";
import { mark, noteAxes, report } from "../scope.js";
import { axisIndex } from "../subscript.js";
import { tracedJoin } from "../trace.js";
import { printAxis, printType } from "../types.js";
import { onlyAxis, tensorsOf, type PrimitiveCall, type Rule } from "./call.js";
import { mayMix } from "./outer-axes.js";

export const callConcat: Rule = (call) => {
  const { scope } = call;
  const values = tensorsOf(call);
  const axis = values && onlyAxis(call);
  const first = values?.[0];
  if (!first || !axis || !mayMix(scope, "concat", [axis], first)) return unknown;
  const at = axisIndex(scope, first, axis);
  if (at === undefined) return unknown;
  for (const [n, other] of values.entries()) if (n > 0 && !fit(call, first, other, n, at)) return unknown;
  const dim = values.map(({ type }) => type.axes[at]?.dim).reduce((sum, size) => sum && size && add(sum, size));
  if (!dim) return unknown;
  const axes = first.type.axes.with(at, { label: axis.name, dim });
  noteAxes(scope, axes, (a, b) => equalDims(scope.context, a, b) === "yes");
  const out = value(scope.builder, "joined", first.type.dtype, axes);
  const made = emit(scope.builder, { op: "concat", operands: values, axis: at, out });
  return { kind: "tensor", value: made, ...tracedJoin(call.operands.map(({ meaning }) => meaning)) };
};

export const callStack: Rule = (call) => {
  const { scope, span } = call;
  const values = tensorsOf(call);
  const [axis] = call.axes;
  const first = values?.[0];
  if (!first) return unknown;
  if (axis === undefined || first.type.axes.some(({ label }) => label === axis.name)) {
    report(
      scope,
      "T208",
      { expected: "a new axis: stack[axis](x, y)", found: axis?.name ?? "none" },
      axis?.span ?? span,
    );
    return unknown;
  }
  for (const [n, other] of values.entries()) if (n > 0 && !fit(call, first, other, n, undefined)) return unknown;
  const result = [...first.type.axes, { label: axis.name, dim: constant(values.length) }];
  noteAxes(scope, result, (a, b) => equalDims(scope.context, a, b) === "yes");
  const out = value(scope.builder, "stacked", first.type.dtype, result);
  const made = emit(scope.builder, { op: "stack", operands: values, out });
  return { kind: "tensor", value: made, ...tracedJoin(call.operands.map(({ meaning }) => meaning)) };
};

/** Whether operand `n` has the first one's dtype and axes, but for the size of the axis at `joined`. */
function fit(call: PrimitiveCall, first: Value, other: Value, n: number, joined: number | undefined): boolean {
  const { scope, name, operands, span } = call;
  const refuse = (what: string, mend?: Mend): false => {
    report(scope, "T202", { what }, operands[n]?.span ?? span, {
      label: printType(other.type),
      secondary: [mark(scope, operands[0]?.span ?? span, printType(first.type))],
      ...mend,
    });
    return false;
  };
  const [own, others] = [first.type, other.type];
  if (own.dtype !== others.dtype) return refuse(`${name} of ${own.dtype} and ${others.dtype}`);
  if (own.axes.length !== others.axes.length) return refuse(`${name} of ${printType(own)} and ${printType(others)}`);
  const at = others.axes.findIndex((axis, m) => !agree(call, axis, own.axes[m] as Axis, m === joined));
  const [wrong, right] = [others.axes[at], own.axes[at]];
  if (!wrong || !right) return true;
  if (wrong.label !== right.label && wrong.label !== "" && right.label !== "") {
    const what = `${name} of ${printType(own)} and ${printType(others)}: axis ${printAxis(wrong)} is not ${printAxis(right)}`;
    const named = operands[n] && subscripted(scope, operands[n].span, `${wrong.label} -> ${right.label}`);
    return refuse(what, at === joined ? named : undefined);
  }
  return refuse(
    `${name} of ${printAxis(right)} and ${printAxis(wrong)}, in ${printType(own)} and ${printType(others)}`,
  );
}

function agree({ scope }: PrimitiveCall, a: Axis, b: Axis, isJoined: boolean): boolean {
  return a.label === b.label && (isJoined || equalDims(scope.context, a.dim, b.dim) === "yes");
}
