import {
  add,
  and,
  compare,
  constant,
  divides,
  floorDivide,
  multiply,
  one,
  subtract,
  zero,
} from "../../shapes/index.js";
import type { Axis, ConvNode } from "../graph.js";
import { printType } from "../print/type.js";
import { expectDType, expectShape, type Problems } from "./problems.js";
import type { Sizes } from "./sizes.js";

export function* convRule({ operand, weight, stride, padding, groups, out }: ConvNode, sizes: Sizes): Problems {
  for (const value of [operand, weight]) yield* expectDType(value, ["f32"]);
  const [made, taken, ...kernel] = weight.type.axes;
  const rank = operand.type.axes.length - kernel.length;
  const channels = operand.type.axes[rank - 1];
  if (!made || !taken || kernel.length < 1 || kernel.length > 2 || !channels) {
    yield `moves ${printType(weight.type)} over ${printType(operand.type)}: one or two axes are due`;
    return;
  }
  if (!sizes.holds(and(compare("<=", one, stride), compare("<=", zero, padding))))
    yield "has a stride or a padding that is none";
  if (!sizes.same(channels.dim, multiply(taken.dim, groups)) || !sizes.holds(divides(groups, made.dim))) {
    yield `takes ${printType(operand.type)} in groups that do not fit ${printType(weight.type)}`;
  }
  const moved = kernel.map(({ dim }, n): Axis => {
    const { label = "", dim: length = zero } = operand.type.axes[rank + n] ?? {};
    return { label, dim: add(floorDivide(subtract(add(length, multiply(constant(2), padding)), dim), stride), one) };
  });
  yield* expectShape(out, "f32", [...operand.type.axes.slice(0, rank - 1), made, ...moved], sizes);
  const small = moved.findIndex(({ dim }) => !sizes.holds(compare("<=", one, dim)));
  if (small >= 0) yield `moves ${printType(weight.type)} over ${printType(operand.type)}, which is smaller`;
}
