/** Entries of integer tensors stay traceable through arithmetic, comparisons and choices, so that look-ups by them can be proved. */
import type { BinaryOperator } from "../../grammar/ast.js";
import {
  add,
  always,
  and,
  compare,
  constant,
  floorDivide,
  modulo,
  multiply,
  not,
  one,
  or,
  subtract,
  zero,
  type Condition,
  type Dim,
} from "../shapes/index.js";
import { decide } from "./decide.js";
import { inside } from "./demand.js";
import { isLoose, varying } from "./ends.js";
import { positionAtom, casesOf, chosen, computedEntry, elsewhere } from "./entries.js";
import type { Meaning } from "./meaning.js";
import type { Scope } from "./scope.js";
import { unknownTruth } from "./unknown-truth.js";

/** What each entry is, of a tensor of integers or of a size. */
export function entryOf(meaning: Meaning | undefined): Dim | undefined {
  if (meaning?.kind === "int") return meaning.dim;
  if (meaning?.kind !== "tensor") return undefined;
  return meaning.index ?? (meaning.value.type.dtype === "i32" ? computedEntry(meaning.value.name) : undefined);
}

/** What each entry says, of a tensor or of a condition known at compile time. */
export const truthOf = (meaning: Meaning): Condition | undefined =>
  meaning.kind === "tensor" ? meaning.truth : meaning.kind === "bool" ? meaning.condition : undefined;

/** What is known of `left operator right` on tensors of integers or truths. */
export function traced(
  scope: Scope,
  operator: BinaryOperator,
  left: Meaning,
  right: Meaning,
): { index?: Dim | undefined; truth?: Condition | undefined } {
  switch (operator) {
    case "&":
    case "|": {
      const [a, b] = [truthOf(left), truthOf(right)];
      return a && b ? { truth: operator === "&" ? and(a, b) : or(a, b) } : {};
    }
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=": {
      const [a, b] = [entryOf(left), entryOf(right)];
      return a && b ? { truth: compare(operator, a, b) } : {};
    }
    default:
      return { index: calculated(scope, operator, entryOf(left), entryOf(right)) };
  }
}

function calculated(
  { context }: Scope,
  operator: BinaryOperator,
  a: Dim | undefined,
  b: Dim | undefined,
): Dim | undefined {
  if (a === undefined || b === undefined) return undefined;
  switch (operator) {
    case "+":
      return add(a, b);
    case "-":
      return subtract(a, b);
    case "*":
      return multiply(a, b);
    case "//":
    case "%":
      // A division by 0 may give any number.
      if (context.mode === "instance" && decide(context, compare("<", zero, b)) !== "yes") return undefined;
      if (operator === "//") return floorDivide(a, b);
      // Of what can be any number, what a division leaves is all that is known.
      return isLoose(a) && varying(b).length === 0 ? positionAtom("rest", b) : modulo(a, b);
    default:
      return undefined;
  }
}

export const tracedNot = (meaning: Meaning): { truth?: Condition } => {
  const truth = truthOf(meaning);
  return truth ? { truth: not(truth) } : {};
};

/** Entries of which each is one of several tensors': what joins tensors along an axis. */
export function tracedJoin(operands: readonly Meaning[]): { index?: Dim } {
  const [first, ...rest] = operands.map((operand) => elsewhere(entryOf(operand)));
  const index = rest.reduce<Dim | undefined>((a, b) => a && b && chosen(unknownTruth(), a, b), first);
  return index ? { index } : {};
}

/** Truths counted as 1 and 0. */
export const tracedCount = (truth: Condition | undefined): Dim => chosen(truth ?? unknownTruth(), one, zero);

/** Running sums along an axis of that size, of entries that are 0 or 1. */
export function tracedSums(operand: Meaning, size: Dim): { index?: Dim } {
  const entry = entryOf(operand);
  const cases = entry && casesOf(entry);
  const areCounts = cases?.every(({ value }) => inside(value, constant(2)) === always);
  return areCounts ? { index: positionAtom("count", add(size, one)) } : {};
}

/** `if condition then a else b`, entry by entry. */
export function tracedChoice(
  known: Condition | undefined,
  then: Meaning,
  otherwise: Meaning,
): { index?: Dim; truth?: Condition } {
  const test = known ?? unknownTruth();
  const [a, b] = [entryOf(then), entryOf(otherwise)];
  if (a && b) return { index: chosen(test, a, b) };
  const [p, q] = [truthOf(then), truthOf(otherwise)];
  return p && q ? { truth: or(and(test, p), and(not(test), q)) } : {};
}
