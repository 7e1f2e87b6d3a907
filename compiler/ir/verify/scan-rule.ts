import { printType } from "../print/type.js";
import type { ScanNode } from "../graph.js";
import { carriedRule } from "./control-rules.js";
import { expectAxes, type Problems } from "./problems.js";
import { sameLabels, sameShape, type Sizes } from "./sizes.js";

/** Every entry loses the scanned axis, which stands in the result where the node says. */
export function* scanRule(node: ScanNode, sizes: Sizes): Problems {
  const { length, scanned, carried, step, axis, out } = node;
  const [first] = scanned;
  if (!first) yield "scans nothing";
  for (const { operand, axis: at, parameter } of scanned) {
    const found = operand.type.axes[at];
    if (!found || !sizes.same(found.dim, length)) yield `scans axis ${at} of ${printType(operand.type)}`;
    const left = operand.type.axes.filter((_, n) => n !== at);
    const fits = sameShape(sizes, parameter.type.axes, left) && sameLabels(parameter.type.axes, left);
    if (!fits || parameter.type.dtype !== operand.type.dtype)
      yield `reads ${printType(parameter.type)} off ${printType(operand.type)}`;
  }
  for (const each of carried) yield* carriedRule(each, sizes);
  const { axes } = step.type;
  const label = first?.operand.type.axes[first.axis]?.label ?? "";
  if (axis < 0 || axis > axes.length) yield `joins ${printType(step.type)} along axis ${axis}`;
  yield* expectAxes(out, step.type.dtype, [...axes.slice(0, axis), { label, dim: length }, ...axes.slice(axis)], sizes);
}
