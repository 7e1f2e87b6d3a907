/** `mean[d](x)`: one number of each line of entries; of all entries where no axis is named. */
import type { ReducePrimitive } from "../../ops/index.js";
import { emit, value } from "../builder.js";
import { unknown, type Meaning } from "../meaning.js";
import { converted } from "../mend/mend.js";
import { report } from "../scope.js";
import { axisIndex } from "../subscript.js";
import { tensorAt, type PrimitiveCall } from "./call.js";
import { mayMix } from "./outer-axes.js";

export function callReduce(call: PrimitiveCall, { name, reduce }: ReducePrimitive): Meaning {
  const { scope, axes, operands, span } = call;
  const operand = tensorAt(call);
  if (!operand) return unknown;
  const at = operands[0]?.span ?? span;
  const { dtype } = operand.type;
  const ofTruth = reduce === "any" || reduce === "all";
  if ((dtype === "bool") !== ofTruth || (dtype === "i32" && reduce === "mean")) {
    const what = ofTruth ? `${name} needs bool, this is ${dtype}` : `${name} of ${dtype} is no ${dtype}`;
    const mend = ofTruth ? { help: "compare it, for instance with != 0" } : converted(scope, at, "real");
    report(scope, "D401", { what }, at, mend);
    return unknown;
  }
  const every = operand.type.axes.map(({ label }) => ({ name: label, span }));
  for (const axis of axes) if (axisIndex(scope, operand, axis) === undefined) return unknown;
  if (!mayMix(scope, name, axes.length > 0 ? axes : every, operand)) return unknown;
  const names = (axes.length > 0 ? axes : every).map((axis) => axis.name);
  const kept = axes.length > 0 ? operand.type.axes.filter(({ label }) => !names.includes(label)) : [];
  const out = value(scope.builder, name, dtype, kept);
  return { kind: "tensor", value: emit(scope.builder, { op: "reduce", name: reduce, operand, axes: names, out }) };
}
