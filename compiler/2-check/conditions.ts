/** `if`: decided at compile time where it can be, elementwise where it is asked of a tensor. */
import type { Expression } from "../../grammar/ast.js";
import type { Value } from "../ir/graph.js";
import type { Condition } from "../shapes/index.js";
import { use } from "./builder.js";
import { canWait, concreteCondition, decide } from "./decide.js";
import { evaluate } from "./expressions.js";
import { describe } from "./numbers.js";
import { report, type Scope } from "./scope.js";
import { namesIn } from "./use-key.js";
import { atomsOfCondition, not, printCondition } from "../shapes/index.js";

export type Test =
  | { readonly kind: "decided"; readonly value: boolean }
  | { readonly kind: "open"; readonly condition: Condition }
  | { readonly kind: "tensor"; readonly value: Value; readonly truth: Condition | undefined }
  | { readonly kind: "unknown" };

export function readCondition(scope: Scope, expression: Expression): Test {
  const meaning = evaluate(scope, expression);
  if (meaning.kind === "unknown") return { kind: "unknown" };
  if (meaning.kind === "tensor" && meaning.value.type.dtype === "bool")
    return { kind: "tensor", value: use(scope.builder, meaning.value), truth: meaning.truth };
  if (meaning.kind !== "bool") {
    const found = meaning.kind === "tensor" ? `a tensor of ${meaning.value.type.dtype}` : describe(meaning.kind);
    report(scope, "D401", { what: `a condition must be bool, this is ${found}` }, expression.span);
    return { kind: "unknown" };
  }
  if (decide(scope.context, meaning.condition) === "yes") return { kind: "decided", value: true };
  if (decide(scope.context, not(meaning.condition)) === "yes") return { kind: "decided", value: false };
  return { kind: "open", condition: meaning.condition };
}

/**
 * Of conditionals that the config decides the branch that is taken: what the other mentions, the counter of the layers for
 * instance, tells no two uses apart.
 */
export function branchTaken(scope: Scope, expression: Expression): Expression {
  if (expression.kind !== "conditional") return expression;
  const isFixed = (name: string): boolean =>
    ["int", "real", "bool", "text"].includes(scope.names.get(name)?.kind ?? "");
  if (!namesIn(expression.condition).every(isFixed)) return expression;
  const condition = readCondition(scope, expression.condition);
  if (condition.kind !== "decided") return expression;
  return branchTaken(scope, condition.value ? expression.then : expression.otherwise);
}

/** Whether a config, or a loop's counter in it, will decide; reported where neither can. */
export function mayStayOpen(scope: Scope, condition: Condition, { span }: Expression): boolean {
  const { context } = scope;
  const open = atomsOfCondition(concreteCondition(context, condition));
  if (canWait(context, open)) return true;
  const counters = open.filter(({ role }) => role === "loop").map(({ name }) => name);
  const known = counters.length > 0 ? `one that differs with ${counters.join(", ")}` : "one that only a call decides";
  const expected = "a condition that the config decides";
  report(scope, "T208", { expected, found: known }, span, { notes: [`open is: ${printCondition(condition)}`] });
  return false;
}
