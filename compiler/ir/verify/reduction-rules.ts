import type { DType, ReduceNode, SoftmaxNode } from "../graph.js";
import { printType } from "../print/type.js";
import { expectAxes, expectDType, type Problems } from "./problems.js";
import type { Sizes } from "./sizes.js";

const reducible: Readonly<Record<ReduceNode["name"], readonly DType[]>> = {
  sum: ["f32", "i32"],
  mean: ["f32"], // of whole numbers it would not be whole
  max: ["f32", "i32"],
  min: ["f32", "i32"],
  any: ["bool"],
  all: ["bool"],
};

export function* reduceRule({ name, operand, axes, out }: ReduceNode, sizes: Sizes): Problems {
  yield* expectDType(operand, reducible[name]);
  const stray = axes.find((label) => !operand.type.axes.some((axis) => axis.label === label));
  if (stray !== undefined) yield `reduces ${stray}, which ${printType(operand.type)} lacks`;
  const kept = operand.type.axes.filter(({ label }) => !axes.includes(label));
  yield* expectAxes(out, operand.type.dtype, kept, sizes);
}

export function* softmaxRule({ operand, axis, out }: SoftmaxNode, sizes: Sizes): Problems {
  yield* expectDType(operand, ["f32"]);
  if (!operand.type.axes.some(({ label }) => label === axis))
    yield `runs over ${axis}, which ${printType(operand.type)} lacks`;
  yield* expectAxes(out, "f32", operand.type.axes, sizes);
}
