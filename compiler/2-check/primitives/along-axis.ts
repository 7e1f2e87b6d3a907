/** Along one axis, each line of entries by itself: `cumsum[seq](x)`, `argsort[seq](x)`, `argmax[classes](x)`, `roll[h: 1](x)`. */
import type { AlongName, Value } from "../../ir/graph.js";
import { emit, value } from "../builder.js";
import { positionAtom, elsewhere } from "../entries.js";
import { unknown } from "../meaning.js";
import { describe } from "../numbers.js";
import { report } from "../scope.js";
import { axisIndex } from "../subscript.js";
import { entryOf, tracedSums } from "../trace.js";
import { onlyAxis, tensorAt, type PrimitiveCall, type Rule } from "./call.js";
import { needNumbers } from "./dtypes.js";
import { mayMix } from "./outer-axes.js";

const along =
  (name: AlongName): Rule =>
  (call) => {
    const { scope } = call;
    const operand = tensorAt(call);
    const axis = operand && onlyAxis(call);
    if (!operand || !axis || !needNumbers(call, operand)) return unknown;
    const at = axisIndex(scope, operand, axis);
    if (at === undefined || !mayMix(scope, name, [axis], operand)) return unknown;
    const { dtype, axes } = operand.type;
    const out = value(
      scope.builder,
      name === "cumsum" ? operand.name : name === "argsort" ? "order" : "place",
      name === "cumsum" ? dtype : "i32",
      name === "argmax" ? axes.toSpliced(at, 1) : axes,
    );
    const made = emit(scope.builder, { op: "along", name, operand, axis: at, out });
    const size = axes[at]?.dim;
    if (!size) return unknown;
    const [summed] = call.operands;
    if (name === "cumsum") return { kind: "tensor", value: made, ...(summed && tracedSums(summed.meaning, size)) };
    // A place along an axis can look up what has that axis.
    return { kind: "tensor", value: made, index: positionAtom(`${name}[${axis.name}]`, size) };
  };

export const callCumsum = along("cumsum");
export const callArgsort = along("argsort");
export const callArgmax = along("argmax");

export const callRoll: Rule = (call) => {
  const { scope, axes, span } = call;
  const operand = tensorAt(call);
  if (!operand) return unknown;
  if (axes.length === 0) {
    report(scope, "T208", { expected: "an axis and how far: roll[axis: 1](x)", found: "none" }, span);
    return unknown;
  }
  const rolled = axes.reduce<ReturnType<Rule>>(
    (current, axis) => (current.kind === "tensor" ? rollOne(call, current.value, axis) : current),
    { kind: "tensor", value: operand },
  );
  return rolled.kind === "tensor" ? { ...rolled, index: elsewhere(entryOf(call.operands[0]?.meaning)) } : rolled;
};

function rollOne({ scope }: PrimitiveCall, operand: Value, axis: PrimitiveCall["axes"][number]): ReturnType<Rule> {
  const at = axisIndex(scope, operand, axis);
  if (at === undefined || !mayMix(scope, "roll", [axis], operand)) return unknown;
  const by = axis.amount;
  if (by?.kind === "unknown") return unknown;
  if (by?.kind !== "int") {
    const found = by ? describe(by.kind) : "none";
    report(scope, "T208", { expected: `how far, as a whole number: roll[${axis.name}: 1](x)`, found }, axis.span);
    return unknown;
  }
  const out = value(scope.builder, operand.name, operand.type.dtype, operand.type.axes);
  return { kind: "tensor", value: emit(scope.builder, { op: "roll", operand, axis: at, by: by.dim, out }) };
}
