/** The tree has no parentheses: where one has to stand again is told by what is inside of what. */
import type { BinaryOperator, Expression, Stage } from "../ast.js";
import { comparisonPrecedence, pipePrecedence, postfixPrecedence, precedence, unaryPrecedence } from "../precedence.js";

/** How tightly an expression holds together. Conditionals go on as far as they can, so nothing binds looser. */
function tightness(expression: Expression): number {
  switch (expression.kind) {
    case "pipe":
    case "conditional":
      return pipePrecedence;
    case "binary":
      return precedence[expression.operator];
    case "unary":
      return unaryPrecedence;
    default:
      return postfixPrecedence;
  }
}

/** Where the grammar has `operation`: all but a pipe. */
export function needsAsOperation(expression: Expression): boolean {
  return expression.kind === "pipe";
}

/** As a part of a conditional before its `else`, where another one would be hard to read. */
export function needsInConditional(expression: Expression): boolean {
  return expression.kind === "pipe" || expression.kind === "conditional";
}

/** Where the grammar has `sum`: sizes. */
export function needsAsSum(expression: Expression): boolean {
  return tightness(expression) <= comparisonPrecedence && expression.kind !== "conditional";
}

/** As a bound of a slice, where `..` follows or goes before. */
export function needsAsBound(expression: Expression): boolean {
  return tightness(expression) === pipePrecedence;
}

export function needsAsLeft(expression: Expression, operator: BinaryOperator): boolean {
  if (operator === "^") return tightness(expression) < postfixPrecedence;
  const level = precedence[operator];
  const own = tightness(expression);
  return own < level || (own === level && level === comparisonPrecedence);
}

export function needsAsRight(expression: Expression, operator: BinaryOperator): boolean {
  // `^` takes a sign or another `^` to its right as it is.
  if (operator === "^") return tightness(expression) < unaryPrecedence;
  return tightness(expression) <= precedence[operator];
}

export function needsAfterSign(expression: Expression): boolean {
  return tightness(expression) < unaryPrecedence;
}

/** Before `.name`, `[...]` or `(...)`. */
export function needsAsObject(expression: Expression, postfix: "member" | "subscript" | "call"): boolean {
  if (tightness(expression) < postfixPrecedence) return true;
  if (expression.kind === "scan") return true;
  if (expression.kind === "attend") return postfix === "call" || expression.settings === undefined;
  // `(Linear{out})(x)` passes data to a value, `Linear{out}(x)` is one block put to use.
  if (postfix !== "call") return false;
  return isBlockName(expression) || (expression.kind === "apply" && expression.arguments === undefined);
}

/** As a stage of a pipe that is neither `Apply` nor `rearrange`. */
export function needsAsStage(stage: Exclude<Stage, { kind: "rearrange" }>): boolean {
  if (stage.kind === "apply") return false;
  if (tightness(stage) < postfixPrecedence) return true;
  // A stage that starts with an upper-case name is a block and nothing more.
  const first = leftmost(stage);
  return first.kind === "apply" || isBlockName(first);
}

/** Before the brace of a body, which would be taken for the settings of what ends the expression. */
export function needsBeforeBody(expression: Expression): boolean {
  switch (expression.kind) {
    case "attend":
      return expression.settings === undefined;
    case "name":
      return isBlockName(expression);
    case "unary":
      return needsBeforeBody(expression.operand);
    case "binary":
      return needsBeforeBody(expression.right);
    case "conditional":
      return needsBeforeBody(expression.otherwise);
    default:
      return false;
  }
}

function leftmost(expression: Expression): Expression {
  let first = expression;
  for (;;) {
    if (first.kind === "member" || first.kind === "subscript") first = first.object;
    else if (first.kind === "call") first = first.callee;
    else return first;
  }
}

function isBlockName(expression: Expression): boolean {
  return expression.kind === "name" && /^\p{Lu}/u.test(expression.name);
}
