/** A lint: `x = x + x |> f` sends the sum through f, where `x + (x |> f)` was meant. */
import type { Pipe } from "../../grammar/ast.js";
import { inserted } from "./mend/mend.js";
import { report, type Scope } from "./scope.js";

/** Only where the sum is of one name with itself: `x + y |> norm` is how a post-norm layer is written. */
export function lintSum(scope: Scope, { input, span }: Pipe): void {
  if (scope.context.mode === "instance" || input.kind !== "binary" || input.operator !== "+") return;
  const { left, right } = input;
  const isBracketed = span.start < input.span.start;
  if (isBracketed || left.kind !== "name" || right.kind !== "name" || left.name !== right.name) return;
  report(scope, "S002", { sum: `${left.name} + ${right.name}` }, input.span, {
    help: `put the layer in parentheses: \`${left.name} + (${right.name} |> ...)\``,
    fixes: [inserted(scope, right.span.start, "("), inserted(scope, span.end, ")")],
  });
}
