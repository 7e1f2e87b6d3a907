/** `softmax[src](x)` and its logarithm. */
import { emit, value } from "../builder.js";
import { unknown } from "../meaning.js";
import { axisIndex } from "../subscript.js";
import { onlyAxis, tensorAt, type Rule } from "./call.js";
import { mayMix } from "./outer-axes.js";
import { needReal } from "./dtypes.js";

export const callSoftmax: Rule = (call) => {
  const { scope, name } = call;
  const operand = tensorAt(call);
  const axis = operand && onlyAxis(call);
  if (!operand || !axis || !needReal(call, operand)) return unknown;
  if (axisIndex(scope, operand, axis) === undefined || !mayMix(scope, name, [axis], operand)) return unknown;
  const out = value(scope.builder, operand.name, "f32", operand.type.axes);
  return {
    kind: "tensor",
    value: emit(scope.builder, { op: "softmax", log: name === "log_softmax", operand, axis: axis.name, out }),
  };
};
