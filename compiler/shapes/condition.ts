/** Static propositions about dims. */
import { coefficientsIn, degreeIn, factorsOf } from "./common-divisor.js";
import {
  asAtom,
  asBigint,
  asConstant,
  atomsOf,
  divide,
  factorDim,
  isOpaque,
  sameDim,
  subtract,
  variable,
  whole,
  zero,
} from "./dim.js";
import { evaluateExactly } from "./evaluate.js";
import { floor } from "./floor.js";
import { isEvidentlyPositive } from "./evident.js";
import type { Atom, Dim } from "./normal-form.js";
import { constantOf, isOne, negatePolynomial, zeroPolynomial } from "./polynomial.js";
import { printDim } from "./render.js";
import { substitute } from "./substitute.js";

export type Condition =
  | { readonly kind: "constant"; readonly value: boolean }
  /** A boolean config entry, whose value is 0 or 1. */
  | { readonly kind: "flag"; readonly atom: Atom }
  | { readonly kind: "compare"; readonly operator: "==" | "!=" | "<" | "<="; readonly left: Dim; readonly right: Dim }
  /** `dividend % divisor == 0`. */
  | { readonly kind: "divides"; readonly divisor: Dim; readonly dividend: Dim }
  | { readonly kind: "not"; readonly operand: Condition }
  | { readonly kind: "and"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "or"; readonly left: Condition; readonly right: Condition };

export const always: Condition = { kind: "constant", value: true };
export const never: Condition = { kind: "constant", value: false };

export function flag(atom: Atom): Condition {
  return { kind: "flag", atom };
}

export type ComparisonOperator = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** `left operator right`; a plain truth is constant, and `a % b == 0` is recognised as divisibility. */
export function compare(operator: ComparisonOperator, left: Dim, right: Dim): Condition {
  if (operator === ">") return compare("<", right, left);
  if (operator === ">=") return compare("<=", right, left);
  const excess = subtract(left, right);
  const [top, bottom] = [constantOf(excess.numerator), constantOf(excess.denominator)];
  // The denominator is positive, so the numerator alone has the sign.
  if (top !== undefined && (bottom !== undefined || top === 0n)) return holds(operator, top) ? always : never;
  if (operator === "==" || operator === "!=") {
    const divisibility = asDivisibility(excess);
    if (divisibility) return operator === "==" ? divisibility : not(divisibility);
  }
  return { kind: "compare", operator, left, right };
}

function holds(operator: "==" | "!=" | "<" | "<=", excess: bigint): boolean {
  switch (operator) {
    case "==":
      return excess === 0n;
    case "!=":
      return excess !== 0n;
    case "<":
      return excess < 0n;
    case "<=":
      return excess <= 0n;
  }
}

/** `dividend % divisor == 0`. The divisor must not be 0, which is the caller's to ask; the number 0 divides nothing. */
export function divides(divisor: Dim, dividend: Dim): Condition {
  if (asBigint(divisor) === 0n) return never;
  const ratio = divide(dividend, divisor);
  if (!isOpaque(ratio) && isOne(ratio.denominator) && isOne(divisor.denominator) && isOne(dividend.denominator))
    return always;
  if (asBigint(divisor) !== undefined && asBigint(dividend) !== undefined) return never;
  return { kind: "divides", divisor, dividend };
}

/** `c * (n - m * floor(n / m)) == 0`, for `c` other than 0, says that `m` divides `n`; of a fraction, its numerator is 0. */
function asDivisibility(d: Dim): Condition | undefined {
  for (const factor of factorsOf(d.numerator).values()) {
    if (factor.kind !== "floor" || degreeIn(d.numerator, factor) !== 1) continue;
    const parts = coefficientsIn(d.numerator, factor);
    const outer = parts.get(0) ?? zeroPolynomial;
    const inner = parts.get(1) ?? zeroPolynomial;
    if (!isEvidentlyPositive(inner) && !isEvidentlyPositive(negatePolynomial(inner))) continue;
    const ratio = divide(whole(negatePolynomial(outer)), whole(inner));
    // What is 0 says that the floor is the ratio; if it is the ratio's own floor, that the ratio is whole.
    if (!sameDim(floor(ratio), factorDim(factor))) continue;
    return divides(whole(ratio.denominator), whole(ratio.numerator));
  }
  return undefined;
}

export function not(c: Condition): Condition {
  switch (c.kind) {
    case "constant":
      return c.value ? never : always;
    case "not":
      return c.operand;
    case "and":
      return or(not(c.left), not(c.right));
    case "or":
      return and(not(c.left), not(c.right));
    case "compare":
      switch (c.operator) {
        case "==":
          return { ...c, operator: "!=" };
        case "!=":
          return { ...c, operator: "==" };
        case "<":
          return { kind: "compare", operator: "<=", left: c.right, right: c.left };
        case "<=":
          return { kind: "compare", operator: "<", left: c.right, right: c.left };
      }
      break;
    case "flag":
    case "divides":
      return { kind: "not", operand: c };
  }
}

export function and(left: Condition, right: Condition): Condition {
  if (left.kind === "constant") return left.value ? right : never;
  if (right.kind === "constant") return right.value ? left : never;
  return { kind: "and", left, right };
}

export function or(left: Condition, right: Condition): Condition {
  return left.kind === "constant"
    ? left.value ? always : right // prettier-ignore
    : right.kind === "constant"
      ? right.value ? always : left // prettier-ignore
      : { kind: "or", left, right };
}

/** A flag replaced by a dim is the question whether that dim is not 0. */
export function substituteCondition(c: Condition, f: (a: Atom) => Dim | undefined): Condition {
  return mapCondition(c, (d) => substitute(d, f));
}

/** Replaces every dim; a flag counts as its atom's dim. */
export function mapCondition(c: Condition, replace: (d: Dim) => Dim): Condition {
  switch (c.kind) {
    case "constant":
      return c;
    case "flag": {
      const value = replace(variable(c.atom));
      const renamed = asAtom(value);
      return renamed === c.atom ? c : renamed ? flag(renamed) : compare("!=", value, zero);
    }
    case "compare":
      return compare(c.operator, replace(c.left), replace(c.right));
    case "divides":
      return divides(replace(c.divisor), replace(c.dividend));
    case "not":
      return not(mapCondition(c.operand, replace));
    case "and":
      return and(mapCondition(c.left, replace), mapCondition(c.right, replace));
    case "or":
      return or(mapCondition(c.left, replace), mapCondition(c.right, replace));
  }
}

/** The dims that a condition compares. */
export function dimsOf(c: Condition): readonly Dim[] {
  switch (c.kind) {
    case "constant":
      return [];
    case "flag":
      return [variable(c.atom)];
    case "compare":
      return [c.left, c.right];
    case "divides":
      return [c.divisor, c.dividend];
    case "not":
      return dimsOf(c.operand);
    case "and":
    case "or":
      return [...dimsOf(c.left), ...dimsOf(c.right)];
  }
}

/** Undefined where a dim that the outcome depends on has no value. */
export function evaluateCondition(c: Condition, f: (a: Atom) => number | undefined): boolean | undefined {
  switch (c.kind) {
    case "constant":
      return c.value;
    case "flag": {
      const value = f(c.atom);
      return value === undefined ? undefined : value !== 0;
    }
    case "compare": {
      const left = evaluateExactly(c.left, f);
      const right = evaluateExactly(c.right, f);
      return left === undefined || right === undefined ? undefined : holds(c.operator, left - right);
    }
    case "divides": {
      const divisor = evaluateExactly(c.divisor, f);
      const dividend = evaluateExactly(c.dividend, f);
      return divisor === undefined || dividend === undefined || divisor === 0n ? undefined : dividend % divisor === 0n;
    }
    case "not": {
      const value = evaluateCondition(c.operand, f);
      return value === undefined ? undefined : !value;
    }
    case "and":
    case "or": {
      const decisive = c.kind === "or";
      const left = evaluateCondition(c.left, f);
      if (left === decisive) return left;
      const right = evaluateCondition(c.right, f);
      if (right === decisive) return right;
      return left === undefined ? undefined : right;
    }
  }
}

/** A condition as `.tfm` source: `d % heads == 0`, `seq <= ctx & bias`. */
export function printCondition(c: Condition): string {
  switch (c.kind) {
    case "constant":
      return String(c.value);
    case "flag":
      return c.atom.name;
    case "compare":
      return `${printDim(c.left)} ${c.operator} ${printDim(c.right)}`;
    case "divides":
      return `${operand(c.dividend)} % ${operand(c.divisor)} == 0`;
    case "not":
      if (c.operand.kind === "divides") return `${operand(c.operand.dividend)} % ${operand(c.operand.divisor)} != 0`;
      return c.operand.kind === "flag" ? `!${c.operand.atom.name}` : `!(${printCondition(c.operand)})`;
    case "and":
      return [c.left, c.right].map((side) => (side.kind === "or" ? `(${printCondition(side)})` : printCondition(side))).join(" & "); // prettier-ignore
    case "or":
      return `${printCondition(c.left)} | ${printCondition(c.right)}`;
  }
}

/** A text that two conditions share exactly when they are written of the same dims. */
export function conditionKey(condition: Condition): string {
  switch (condition.kind) {
    case "constant":
      return String(condition.value);
    case "flag":
      return `a${condition.atom.id}`;
    case "compare":
      return `(${condition.left.key} ${condition.operator} ${condition.right.key})`;
    case "divides":
      return `(${condition.divisor.key} | ${condition.dividend.key})`;
    case "not":
      return `!${conditionKey(condition.operand)}`;
    case "and":
    case "or":
      return `(${conditionKey(condition.left)} ${condition.kind} ${conditionKey(condition.right)})`;
  }
}

/** A side of `%`, which binds tighter than sums, and to the left among products. */
function operand(d: Dim): string {
  const text = printDim(d);
  return asAtom(d) || asConstant(d) !== undefined ? text : `(${text})`;
}

/** The atoms a condition depends on, oldest first. */
export function atomsOfCondition(c: Condition): readonly Atom[] {
  return [...new Set(dimsOf(c).flatMap(atomsOf))].sort((a, b) => a.id - b.id);
}
