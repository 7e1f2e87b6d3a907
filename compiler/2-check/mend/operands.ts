/** What mends two operands that do not fit: a size written anew, a projection, an axis called by the other's name. */
import type { Expression } from "../../../grammar/ast.js";
import type { Axis, Value } from "../../ir/graph.js";
import type { Operands } from "../arithmetic.js";
import { isStage, subscripted, type Mend } from "./mend.js";
import { projected, resized, type Blame } from "./shapes.js";
import type { Scope } from "../scope.js";

/** One side of an operation: a tensor, and its axis that does not fit. */
type Side = readonly [Value, Axis];

/** Changes what was written last: the right operand before the left, a size in a layer before one more layer. */
export function mendSizes(scope: Scope, at: Operands, base: Side, operand: Side): Partial<Blame> {
  const isBaseFirst = at.left.span.start <= at.right.span.start;
  const [first, second] = isBaseFirst ? [base, operand] : [operand, base];
  const written = isBaseFirst ? at.right : at.left;
  const [[left, leftAxis], [right, rightAxis]] = [first, second];
  if (at.left.span === at.right.span) return {};
  const back = projected(scope, written.span, right.type, rightAxis, leftAxis.dim);
  // Only widened, never brought back: a projection is missing. Otherwise a projection has the wrong size.
  if (at.verb === "residual" && back && projections(written) < 2)
    return { help: back.help.replace("project it", "project back"), fixes: back.fixes ?? [] };
  return (
    resized(scope, rightAxis, right.type, leftAxis.dim) ??
    resized(scope, leftAxis, left.type, rightAxis.dim) ??
    back ??
    {}
  );
}

const projections = (operand: Expression | object): number =>
  "kind" in operand && operand.kind === "pipe"
    ? operand.stages.filter((stage) => stage.kind === "apply" && stage.block.name === "Linear").length
    : 0;

/** `y[src -> tgt]`, where only the name differs. */
export function renamed(scope: Scope, at: Operands, operand: Value, axis: Axis, opposite: Axis): Partial<Mend> {
  const { span } = at.right;
  const help = `rename it: [${axis.label} -> ${opposite.label}]`;
  const clashes = operand.type.axes.some(({ label }) => label === opposite.label);
  if (clashes || span === at.span || isStage(scope, span)) return { help };
  return { help, fixes: subscripted(scope, span, `${axis.label} -> ${opposite.label}`).fixes ?? [] };
}
