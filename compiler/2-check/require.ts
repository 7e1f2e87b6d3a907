/** `where`: what a callee needs to be true. Proved at a definition, decided by a config's numbers, or passed on to the caller's `where`. */
import type { Expression, Span } from "../../grammar/ast.js";
import { printExpression } from "../../grammar/index.js";
import { type Condition, assume, atomsOf, atomsOfCondition, not, printCondition } from "../shapes/index.js";
import { concreteCondition, decide, numberOf, originMarks } from "./decide.js";
import { evaluate } from "./expressions.js";
import { factToAdd } from "./fact-to-add.js";
import { meet } from "./meet.js";
import { anotherNumber, isFrom } from "./mend/numbers.js";
import type { Mark } from "../diagnostics/problem.js";
import { describe, divisorAdvice, listed, withOptions } from "./numbers.js";
import { mark, report, type Scope } from "./scope.js";
import { printSize } from "./types.js";
import type { Dim } from "../shapes/index.js";

/**
 * The facts of a `where`, as conditions in the terms of the scope's own sizes. Each is read when it is asked for: `seq / heads` may
 * stand behind what says that it is exact.
 */
export function* readFacts(
  scope: Scope,
  where: readonly Expression[],
): Generator<{ condition: Condition; expression: Expression }> {
  for (const expression of where) {
    const meaning = evaluate(scope, expression);
    if (meaning.kind === "bool") yield { condition: meaning.condition, expression };
    else if (meaning.kind !== "unknown")
      report(scope, "T208", { expected: "a fact about sizes", found: describe(meaning.kind) }, expression.span);
  }
}

/** Takes a signature's own facts as given, but for one that nothing can meet. */
export function assumeFacts(scope: Scope, where: readonly Expression[]): void {
  const { context } = scope;
  for (const { condition, expression } of readFacts(scope, where)) {
    if (decide(context, not(condition)) === "yes") {
      const fact = printExpression(expression);
      report(scope, "T203", { fact, callee: scope.owner, contrary: `\`${fact}\` never holds` }, expression.span);
    } else context.facts = assume(context.facts, condition);
  }
}

/** Checks what `callee` requires, in its own scope; `at` is the call. False where it does not hold. */
export function requireFacts(
  caller: Scope,
  callee: Scope,
  name: string,
  where: readonly Expression[],
  at: Span,
): boolean {
  const failed: Failed[] = [];
  let holds = true;
  for (const { condition, expression } of readFacts(callee, where)) {
    const isMet = meet(
      caller,
      { kind: "fact", condition, callee: name },
      at,
      (wanting) => failed.push({ expression, condition, at, wanting }),
      { place: mark(callee, expression.span, `${name} requires it`) },
    );
    holds = holds && isMet;
    if (!holds && caller.context.mode === "instance") break;
  }
  // One call is one mistake, and its mend says all that is wanting.
  const [first] = failed;
  if (first)
    reportFact(caller, callee, name, {
      ...first,
      wanting: first.wanting.length > 0 ? failed.flatMap(({ wanting }) => wanting) : [],
    });
  return holds;
}

interface Failed {
  readonly expression: Expression;
  readonly condition: Condition;
  readonly at: Span;
  readonly wanting: readonly Condition[];
}

function reportFact(caller: Scope, callee: Scope, name: string, { expression, condition, at, wanting }: Failed): void {
  const { context } = caller;
  if (wanting.length > 0) {
    const fact = printCondition(condition);
    return report(caller, "T203", { fact, callee: name }, at, factToAdd(caller, wanting));
  }
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
  const another = anotherNumber(caller, condition, primary);
  const written = namesIn(expression).flatMap((name) => {
    const size = callee.names.get(name) ?? callee.sizes.get(name);
    const dim = size && "kind" in size && size.kind === "int" ? size.dim : callee.sizes.get(name);
    const number = dim && numberOf(context, dim);
    return number === undefined ? [] : [`${name} = ${number}`];
  });
  const place = `${callee.file.name}:${callee.file.lineOf(expression.span.start)}`;
  const contrary =
    condition.kind === "divides"
      ? `${sizeText(context, condition.divisor)} does not divide ${sizeText(context, condition.dividend)}`
      : undefined;
  const fact = `${printExpression(expression)}${written.length > 0 ? `, with ${listed(written)}` : ""}`;
  report(caller, "T203", { fact, callee: name, contrary }, primary ?? at, {
    secondary,
    notes: [`required by \`where ${printExpression(expression)}\` (${place})`, ...stillOpen(callee, condition)],
    ...withOptions(another, mend(callee, expression, primary)),
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

/** For `a % b == 0` where b is blamed: what would divide a. */
function mend(scope: Scope, expression: Expression, blamed: Mark | undefined): string | undefined {
  if (
    expression.kind !== "binary" ||
    expression.operator !== "==" ||
    expression.left.kind !== "binary" ||
    expression.left.operator !== "%"
  )
    return undefined;
  const [whole, parts] = [expression.left.left, expression.left.right].map((side) => {
    const meaning = evaluate(scope, side);
    const number = meaning.kind === "int" ? numberOf(scope.context, meaning.dim) : undefined;
    return meaning.kind === "int" && number !== undefined ? { dim: meaning.dim, number } : undefined;
  });
  if (!whole || !parts) return undefined;
  const isDivisor = atomsOf(parts.dim).some((atom) => isFrom(scope.context, atom, blamed));
  return isDivisor ? divisorAdvice(whole.number, parts.number) : undefined;
}
