import type { AlongNode, RollNode } from "../graph.js";
import { expectAxes, expectAxis, expectDType, type Problems } from "./problems.js";
import type { Sizes } from "./sizes.js";

export function* alongRule({ name, operand, axis, out }: AlongNode, sizes: Sizes): Problems {
  yield* expectDType(operand, ["f32", "i32"]);
  yield* expectAxis(operand, axis);
  const { dtype, axes } = operand.type;
  yield* expectAxes(out, name === "cumsum" ? dtype : "i32", name === "argmax" ? axes.toSpliced(axis, 1) : axes, sizes);
}

export function* rollRule({ operand, axis, out }: RollNode, sizes: Sizes): Problems {
  yield* expectAxis(operand, axis);
  yield* expectAxes(out, operand.type.dtype, operand.type.axes, sizes);
}
