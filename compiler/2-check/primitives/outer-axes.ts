/** Outer axes hold independent examples: a layer that mixes them is wrong; a loss may. */
import type { Span } from "../../../grammar/ast.js";
import type { Value } from "../../ir/graph.js";
import { edit } from "../mend/mend.js";
import { report, type Scope } from "../scope.js";
import { printType } from "../types.js";

/** Whether an operation that mixes the entries of those axes may do so; reported where not. */
export function mayMix(
  scope: Scope,
  operation: string,
  axes: readonly { name: string; span: Span }[],
  operand: Value,
): boolean {
  const outer = scope.inLoss ? undefined : axes.find(({ name }) => scope.context.outer.has(name));
  if (outer === undefined) return true;
  // A softmax is of the scores, whose keys are last; a mean is mostly of a text, whose channels are last.
  const others = operand.type.axes.filter(({ label }) => label !== "" && !scope.context.outer.has(label));
  const other = operation.endsWith("softmax") ? others.at(-1) : others[0];
  const isWritten = scope.file.text.slice(outer.span.start, outer.span.end) === outer.name;
  report(scope, "T205", { operation, axis: outer.name }, outer.span, {
    label: "outer axis: layers may not reduce it",
    notes: [`the operand is ${printType(operand.type)}`],
    help: other && `did you mean ${operation}[${other.label}]?`,
    fixes: other && isWritten ? [edit(scope, outer.span, other.label)] : [],
  });
  return false;
}
