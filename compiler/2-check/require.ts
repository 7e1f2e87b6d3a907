/** `where`: what a callee needs to be true. Proved at a definition, decided by a config's numbers, or passed on to the caller's `where`. */
import type { Expression, Span } from "../../grammar/ast.js";
import { printExpression } from "../../grammar/index.js";
import { assume, atomsOf, atomsOfCondition, printCondition, type Condition } from "../shapes/index.js";
import { canWait, concreteCondition, decide, numberOf, originMarks } from "./decide.js";
import { evaluate } from "./expressions.js";
import { describe, divisorAdvice, lineOf, listed } from "./numbers.js";
import { report, type Scope } from "./scope.js";
import { printSize } from "./types.js";
import type { Dim } from "../shapes/index.js";

/** The facts of a `where`, as conditions in the terms of the scope's own sizes. */
export function readFacts(
  scope: Scope,
  where: readonly Expression[],
): { condition: Condition; expression: Expression }[] {
  return where.flatMap((expression) => {
    const meaning = evaluate(scope, expression);
    if (meaning.kind === "bool") return [{ condition: meaning.condition, expression }];
    if (meaning.kind !== "unknown")
      report(scope, "T208", { expected: "a fact about sizes", found: describe(meaning.kind) }, expression.span);
    return [];
  });
}

/** Checks what `callee` requires, in its own scope; `at` is the call. False where it does not hold. */
export function requireFacts(
  caller: Scope,
  callee: Scope,
  name: string,
  where: readonly Expression[],
  at: Span,
): boolean {
  const { context } = caller;
  for (const { condition, expression } of readFacts(callee, where)) {
    const answer = decide(context, condition);
    if (answer === "yes") continue;
    const open = atomsOfCondition(condition);
    if (context.mode === "definition") {
      if (canWait(context, open)) {
        context.facts = assume(context.facts, condition); // Each config decides it; until then it is taken as given.
        continue;
      }
      const help = `add \`where ${printCondition(condition)}\``;
      report(caller, "T203", { fact: printCondition(condition), callee: name }, at, { help });
      return false;
    }
    reportFact(caller, callee, name, expression, condition, at);
    return false;
  }
  return true;
}

function reportFact(
  caller: Scope,
  callee: Scope,
  name: string,
  expression: Expression,
  condition: Condition,
  at: Span,
): void {
  const { context } = caller;
  const sizes = sizesOf(condition);
  const marks = sizes.flatMap((size) =>
    originMarks(caller, size, (atom, number, kind) =>
      kind === "config" ? `${atom} = ${number} comes from here` : `${atom} = ${number} is this default`,
    ),
  );
  const unique = marks.filter(
    (m, n) => marks.findIndex((o) => o.file === m.file && o.span.start === m.span.start) === n,
  );
  unique.sort((a, b) => Number(b.label?.endsWith("comes from here")) - Number(a.label?.endsWith("comes from here")));
  const [primary, ...secondary] = unique;
  const written = namesIn(expression).flatMap((name) => {
    const size = callee.names.get(name) ?? callee.sizes.get(name);
    const dim = size && "kind" in size && size.kind === "int" ? size.dim : callee.sizes.get(name);
    const number = dim && numberOf(context, dim);
    return number === undefined ? [] : [`${name} = ${number}`];
  });
  const place = `${callee.file.name}:${lineOf(callee.file.text, expression.span.start)}`;
  const contrary =
    condition.kind === "divides"
      ? `${sizeText(context, condition.divisor)} does not divide ${sizeText(context, condition.dividend)}`
      : undefined;
  const fact = `${printExpression(expression)}${written.length > 0 ? `, with ${listed(written)}` : ""}`;
  report(caller, "T203", { fact, callee: name, contrary }, primary ?? at, {
    secondary,
    notes: [`required by \`where ${printExpression(expression)}\` (${place})`, ...stillOpen(callee, condition)],
    help: mend(callee, expression),
  });
}

/** The names that a fact speaks of, each once. */
function namesIn(expression: Expression): string[] {
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== "object" || node === null) return;
    if ("kind" in node && node.kind === "name" && "name" in node && typeof node.name === "string") names.add(node.name);
    for (const [key, child] of Object.entries(node)) if (key !== "span") visit(child);
  };
  visit(expression);
  return [...names];
}

const sizeText = (context: Scope["context"], dim: Dim): string => printSize(dim, numberOf(context, dim));

function stillOpen(scope: Scope, condition: Condition): string[] {
  const left = concreteCondition(scope.context, condition);
  return atomsOfCondition(left).length > 0 ? [`with the config's numbers: ${printCondition(left)}`] : [];
}

function sizesOf(condition: Condition): Dim[] {
  switch (condition.kind) {
    case "divides":
      return [condition.divisor, condition.dividend].filter((dim) => atomsOf(dim).length > 0);
    case "compare":
      return [condition.left, condition.right].filter((dim) => atomsOf(dim).length > 0);
    case "not":
      return sizesOf(condition.operand);
    case "and":
    case "or":
      return [...sizesOf(condition.left), ...sizesOf(condition.right)];
    default:
      return [];
  }
}

/** For `a % b == 0`: what would divide a. */
function mend(scope: Scope, expression: Expression): string | undefined {
  if (
    expression.kind !== "binary" ||
    expression.operator !== "==" ||
    expression.left.kind !== "binary" ||
    expression.left.operator !== "%"
  )
    return undefined;
  const [whole, parts] = [expression.left.left, expression.left.right].map((side) => {
    const meaning = evaluate(scope, side);
    return meaning.kind === "int" ? numberOf(scope.context, meaning.dim) : undefined;
  });
  if (whole === undefined || parts === undefined) return undefined;
  if (expression.left.right.kind === "number")
    return `make ${printExpression(expression.left.left)} a multiple of ${parts}`;
  return divisorAdvice(whole, parts);
}
