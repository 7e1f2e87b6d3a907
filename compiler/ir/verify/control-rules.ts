import { compare, zero } from "../../shapes/index.js";
import { printDim } from "../../shapes/index.js";
import type { CallNode, RepeatNode, Value } from "../graph.js";
import { printType } from "../print/type.js";
import type { Problems } from "./problems.js";
import { sameLabels, sameShape, type Sizes } from "./sizes.js";

const sameType = (sizes: Sizes, a: Value, b: Value): boolean =>
  a.type.dtype === b.type.dtype && sameShape(sizes, a.type.axes, b.type.axes);

/** Labels are the callee's own: arguments and result match by place. */
export function* callRule({ callee, operands, outs }: CallNode, sizes: Sizes): Problems {
  const { parameters, results, name } = callee;
  if (operands.length !== parameters.length)
    yield `gives ${name} ${operands.length} values, ${parameters.length} are due`;
  for (const [n, parameter] of parameters.entries()) {
    const operand = operands[n];
    if (operand && !sameType(sizes, operand, parameter)) {
      yield `gives ${name} ${printType(operand.type)} for ${parameter.name}, ${printType(parameter.type)}`;
    }
  }
  if (outs.length !== results.length) yield `takes ${outs.length} values from ${name}, which gives ${results.length}`;
  for (const [n, result] of results.entries()) {
    const out = outs[n];
    if (out && !sameType(sizes, out, result))
      yield `takes ${printType(out.type)} from ${name}, which gives ${printType(result.type)}`;
  }
  if (callee.role !== "block") yield `calls ${name}, which is no block but a ${callee.role}`;
}

/** What is carried keeps its type and its labels, but for the first value, which only must fit. */
export function* carriedRule({ initial, parameter, next }: RepeatNode["carried"][number], sizes: Sizes): Problems {
  for (const [what, value] of [
    ["begins", initial],
    ["goes on", next],
  ] as const) {
    const same = sameType(sizes, value, parameter);
    if (!same || !(what === "begins" || sameLabels(value.type.axes, parameter.type.axes)))
      yield `carries ${parameter.name}, ${printType(parameter.type)}, which ${what} as ${printType(value.type)}`;
  }
}

export function* repeatRule({ count, carried, outs }: RepeatNode, sizes: Sizes): Problems {
  if (!sizes.holds(compare("<=", zero, count))) yield `turns ${printDim(count)} times`;
  if (outs.length !== carried.length) yield `carries ${carried.length} values and gives ${outs.length}`;
  for (const [n, each] of carried.entries()) {
    yield* carriedRule(each, sizes);
    const { parameter } = each;
    const out = outs[n];
    if (out && !(sameType(sizes, out, parameter) && sameLabels(out.type.axes, parameter.type.axes)))
      yield `carries ${parameter.name}, ${printType(parameter.type)}, which ends as ${printType(out.type)}`;
  }
}
