/** `dot[d](a, b)`: the sum over the named axes of the product. */
import { emit, value } from "../builder.js";
import { equalDims } from "../decide.js";
import { unknown } from "../meaning.js";
import { mark, report } from "../scope.js";
import { axisIndex } from "../subscript.js";
import { reportTied } from "../tied-weight.js";
import { printType } from "../types.js";
import { tensorsOf, type PrimitiveCall, type Rule } from "./call.js";
import { needReal } from "./dtypes.js";
import { mayMix } from "./outer-axes.js";
import type { Identifier } from "../../../grammar/ast.js";
import type { Value } from "../../ir/graph.js";

export const callDot: Rule = (call) => {
  const { scope, axes } = call;
  const [left, right] = tensorsOf(call) ?? [];
  if (!left || !right || !needReal(call, left, 0) || !needReal(call, right, 1)) return unknown;
  if (!mayMix(scope, "dot", axes, left)) return unknown;
  const isOuter = (label: string): boolean => label === "" || scope.context.outer.has(label);
  const pairs: { left: number; right: number }[] = [];
  for (const axis of axes) {
    // Where a name is not an axis of both, the one axis that is was meant.
    const both = left.type.axes.filter(
      (own) => !isOuter(own.label) && right.type.axes.some(({ label }) => label === own.label),
    );
    const meant = both.length === 1 ? both[0]?.label : undefined;
    const a = axisIndex(scope, left, axis, meant);
    if (a !== undefined && !meant && !hasAxis(right, axis.name) && isTied(call, axis, left, right)) return unknown;
    const b = axisIndex(scope, right, axis, meant);
    if (a === undefined || b === undefined) return unknown;
    const [dimA, dimB] = [left.type.axes[a]?.dim, right.type.axes[b]?.dim];
    if (!dimA || !dimB || equalDims(scope.context, dimA, dimB) !== "yes") {
      if (!isTied(call, axis, left, right)) reportSizes(call, `dot over ${axis.name}`, left, right);
      return unknown;
    }
    pairs.push({ left: a, right: b });
  }
  const keptLeft = left.type.axes.filter((_, n) => !pairs.some((pair) => pair.left === n));
  const keptRight = right.type.axes.filter((_, n) => !pairs.some((pair) => pair.right === n));
  const shared = (label: string): (typeof keptLeft)[number] | undefined =>
    label === "" ? undefined : keptLeft.find((axis) => axis.label === label);
  const batch = keptRight.find(({ label, dim }) => {
    const other = shared(label);
    return other && equalDims(scope.context, other.dim, dim) !== "yes";
  });
  if (batch) {
    reportSizes(call, `dot along ${batch.label}`, left, right);
    return unknown;
  }
  const out = value(scope.builder, "product", "f32", [...keptLeft, ...keptRight.filter(({ label }) => !shared(label))]);
  return { kind: "tensor", value: emit(scope.builder, { op: "contract", left, right, axes: pairs, out }) };
};

const hasAxis = ({ type }: Value, name: string): boolean => type.axes.some(({ label }) => label === name);

/** Whether the second operand is a layer's weight, whose misfit has then been reported. */
function isTied({ scope, operands, span }: PrimitiveCall, axis: Identifier, left: Value, right: Value): boolean {
  const [first, second] = operands.map((operand) => operand.span);
  return reportTied(scope, axis, { value: left, span: first ?? span }, { value: right, span: second ?? span });
}

function reportSizes({ scope, operands, span }: PrimitiveCall, what: string, left: Value, right: Value): void {
  const [first, second] = operands.map((operand) => operand.span);
  report(scope, "T202", { what: `${what} of ${printType(left.type)} and ${printType(right.type)}` }, first ?? span, {
    label: printType(left.type),
    secondary: [mark(scope, second ?? span, printType(right.type))],
  });
}
