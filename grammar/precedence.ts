/** How tightly operators bind. Shared by the parser, which builds by it, and the printer, which brackets by it. */
import type { Binary, BinaryOperator, Expression } from "./ast.js";

/** Loosest to tightest. `|>` is looser than all of these, a sign sits between `*` and `^`. */
export const precedence: Readonly<Record<BinaryOperator, number>> = {
  "|": 1,
  "&": 2,
  "==": 3,
  "!=": 3,
  "<": 3,
  "<=": 3,
  ">": 3,
  ">=": 3,
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
  "//": 5,
  "%": 5,
  "^": 7,
};

export const pipePrecedence = 0;
export const comparisonPrecedence = 3;
export const unaryPrecedence = 6;
export const postfixPrecedence = 8;

/** Every binary operator but `^`, which binds tighter than a sign. */
export type InfixOperator = Exclude<BinaryOperator, "^">;

export function isInfixOperator(text: string): text is InfixOperator {
  return text !== "^" && Object.hasOwn(precedence, text);
}

/** The operators that a size may be written with. */
export function isArithmetic(text: string): boolean {
  return isInfixOperator(text) && precedence[text] > comparisonPrecedence;
}

/** An operand with the offsets it covers, brackets included. */
export interface Operand {
  readonly expression: Expression;
  readonly start: number;
  readonly end: number;
}

interface Operator {
  readonly operator: BinaryOperator;
  readonly start: number;
  readonly end: number;
}

/** An operator and what stands to its right. */
export interface Operation {
  readonly operator: Operator;
  readonly operand: Operand;
}

/**
 * Builds the tree of `operands[0] operators[0] operands[1] ...`; all of these operators group to the left.
 * Calls `chained` for a comparison whose left side is an unbracketed comparison.
 */
export function combine(first: Operand, rest: readonly Operation[], chained: (operator: Operator) => void): Expression {
  const operands: Operand[] = [first];
  const operators: Operator[] = [];

  const reduce = (): void => {
    const right = operands.pop();
    const left = operands.pop();
    const operator = operators.pop();
    if (!left || !right || !operator) return;
    operands.push({ expression: join(left, operator, right), start: left.start, end: right.end });
  };

  for (const { operator, operand } of rest) {
    const level = precedence[operator.operator];
    for (let top = operators.at(-1); top && precedence[top.operator] >= level; top = operators.at(-1)) {
      if (level === comparisonPrecedence && precedence[top.operator] === level) chained(operator);
      reduce();
    }
    operators.push(operator);
    operands.push(operand);
  }
  while (operators.length > 0) reduce();
  return operands[0]?.expression ?? first.expression;
}

function join(left: Operand, operator: Operator, right: Operand): Binary {
  return {
    kind: "binary",
    operator: operator.operator,
    operatorSpan: { start: operator.start, end: operator.end },
    left: left.expression,
    right: right.expression,
    span: { start: left.start, end: right.end },
  };
}
