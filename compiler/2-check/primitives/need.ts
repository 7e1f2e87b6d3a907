/** Facts that an operation needs: proved, left to callers and configs, or reported with the `where` that would say them. */
import type { Span } from "../../../grammar/ast.js";
import { printCondition, type Condition } from "../../shapes/index.js";
import { factToAdd } from "../fact-to-add.js";
import { meet } from "../meet.js";
import { mark, report, type Scope } from "../scope.js";

export function need(scope: Scope, condition: Condition, operation: string, span: Span): boolean {
  const place = mark(scope, span, `${operation} needs it`);
  return meet(
    scope,
    { kind: "fact", condition, callee: operation },
    span,
    (wanting) =>
      report(scope, "T203", { fact: printCondition(condition), callee: operation }, span, factToAdd(scope, wanting)),
    { place },
  );
}
