/** Whether a condition holds for all values that satisfy the facts. A no may also mean that the work was given up. */
import { commonDivisorOfIntegers } from "./common-divisor.js";
import { atomsOfCondition, compare, dimsOf, mapCondition, not, type Condition } from "./condition.js";
import { asBigint, divide, subtract, variable, visitFactors } from "./dim.js";
import { assume, reduce, type Facts } from "./facts.js";
import type { Dim, ExtremumFactor } from "./normal-form.js";
import { isNonnegative, isPositive } from "./order.js";
import { constantTerm, isZero } from "./polynomial.js";
import { rebuild } from "./substitute.js";
import { isNeverWhole, isWhole } from "./whole.js";

/** How deep cases are split. */
const caseDepth = 3;
/** How many comparisons one question may come down to. */
const comparisonLimit = 300;

interface Effort {
  comparisons: number;
}

/** Without splitting into cases. */
export function provePlainly(c: Condition, facts: Facts): boolean {
  return proveWithin(c, facts, 0, { comparisons: comparisonLimit });
}

export function prove(c: Condition, facts: Facts): boolean {
  return proveWithin(c, facts, caseDepth, { comparisons: comparisonLimit });
}

function proveWithin(c: Condition, facts: Facts, depth: number, effort: Effort): boolean {
  if (facts.contradictory) return true;
  // Each side of a conjunction is split into cases by itself.
  if (c.kind === "and")
    return proveWithin(c.left, facts, depth, effort) && proveWithin(c.right, assume(facts, c.left), depth, effort);
  if (--effort.comparisons < 0) return false;
  if (proveOutright(c, facts, effort) || assume(facts, not(c)).contradictory) return true;
  return depth > 0 && proveByCases(c, facts, depth, effort);
}

function proveOutright(c: Exclude<Condition, { kind: "and" }>, facts: Facts, effort: Effort): boolean {
  switch (c.kind) {
    case "constant":
      return c.value;
    case "flag":
      return asBigint(reduce(variable(c.atom), facts)) === 1n;
    case "or":
      return proveWithin(c.left, facts, 0, effort) || proveWithin(c.right, assume(facts, not(c.left)), 0, effort);
    case "divides":
      return isWhole(reduce(divide(c.dividend, c.divisor), facts), facts.whole);
    case "not":
      if (c.operand.kind === "flag") return asBigint(reduce(variable(c.operand.atom), facts)) === 0n;
      if (c.operand.kind !== "divides") return false;
      return neverDivides(c.operand.divisor, c.operand.dividend, facts);
    case "compare":
      return proveComparison(c.operator, c.left, c.right, facts);
  }
}

function proveComparison(operator: "==" | "!=" | "<" | "<=", left: Dim, right: Dim, facts: Facts): boolean {
  const room = subtract(right, left);
  switch (operator) {
    case "<=":
      return isNonnegative(room, facts);
    case "<":
      return isPositive(room, facts);
    case "==":
      return (
        isZero(reduce(room, facts).numerator) ||
        (isNonnegative(room, facts) && isNonnegative(subtract(left, right), facts))
      );
    case "!=":
      return isPositive(room, facts) || isPositive(subtract(left, right), facts) || differsInResidue(room, facts);
  }
}

/** `d` is not 0, because its other coefficients share a divisor that its constant has not. */
function differsInResidue(d: Dim, facts: Facts): boolean {
  const { numerator } = reduce(d, facts);
  let shared = 0n;
  for (const m of numerator) if (m.powers.length > 0) shared = commonDivisorOfIntegers(shared, m.coefficient);
  return shared !== 0n && constantTerm(numerator) % shared !== 0n;
}

/** `divisor` divides `dividend` for no values: by residues, or because `0 < dividend < divisor`. */
function neverDivides(divisor: Dim, dividend: Dim, facts: Facts): boolean {
  if (isNeverWhole(reduce(divide(dividend, divisor), facts))) return true;
  return isPositive(dividend, facts) && isPositive(subtract(divisor, dividend), facts);
}

function proveByCases(c: Condition, facts: Facts, depth: number, effort: Effort): boolean {
  const goal = mapCondition(c, (d) => reduce(d, facts));
  const extremum = extremumIn(goal);
  if (extremum) return extremum.operands.every((operand) => proveAt(extremum, operand, goal, facts, depth - 1, effort));
  const concerned = new Set(atomsOfCondition(goal));
  const splittable = facts.cases.filter((fact) => alternatives(fact) !== undefined);
  const chosen = splittable.find((fact) => atomsOfCondition(fact).some((a) => concerned.has(a))) ?? splittable[0];
  const sides = chosen && alternatives(chosen);
  if (!sides) return false;
  const rest: Facts = { ...facts, cases: facts.cases.filter((fact) => fact !== chosen) };
  return sides.every((side) => proveWithin(goal, assume(rest, side), depth - 1, effort));
}

/** Proves the goal where the extremum is this operand. */
function proveAt(
  extremum: ExtremumFactor,
  operand: Dim,
  goal: Condition,
  facts: Facts,
  depth: number,
  effort: Effort,
): boolean {
  let under = facts;
  for (const other of extremum.operands) {
    if (other === operand) continue;
    const [less, greater] = extremum.kind === "minimum" ? [operand, other] : [other, operand];
    under = assume(under, compare("<=", less, greater));
  }
  const decided = mapCondition(goal, (d) =>
    rebuild(d, (factor) => (factor.key === extremum.key ? operand : undefined)),
  );
  return proveWithin(decided, under, depth, effort);
}

function extremumIn(c: Condition): ExtremumFactor | undefined {
  let found: ExtremumFactor | undefined;
  for (const d of dimsOf(c)) {
    visitFactors(d, (factor) => {
      if (factor.kind === "minimum" || factor.kind === "maximum") found = factor;
    });
  }
  return found;
}

/** The cases a fact leaves, of which one holds. */
function alternatives(fact: Condition): readonly [Condition, Condition] | undefined {
  if (fact.kind === "or") return [fact.left, fact.right];
  if (fact.kind === "compare" && fact.operator === "!=")
    return [compare("<", fact.left, fact.right), compare("<", fact.right, fact.left)];
  return undefined;
}
