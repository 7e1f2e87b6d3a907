/** Questions about sizes under a module's config: its numbers in place, its guards known. */
import {
  and,
  ask,
  asConstant,
  assume,
  atomsOfCondition,
  compare,
  constant,
  noFacts,
  sameDim,
  substitute,
  substituteCondition,
  variable,
  zero,
  type Atom,
  type Condition,
  type Dim,
} from "../../shapes/index.js";
import { configNumbers } from "../config-numbers.js";
import type { Axis, Module } from "../graph.js";

export interface Sizes {
  /** Equal for every size that a call can have. */
  readonly same: (a: Dim, b: Dim) => boolean;
  readonly holds: (condition: Condition) => boolean;
  /** 0 <= index < length. */
  readonly within: (index: Dim, length: Dim) => boolean;
  /** The number that the config makes of a dim, where it makes one. */
  readonly numberOf: (dim: Dim) => number | undefined;
}

export function createSizes({ config, guards: own, tasks }: Module): Sizes {
  const guards = [...own, ...tasks.flatMap((task) => task.guards)];
  const numbers = configNumbers(config);
  const number = (atom: Atom): Dim | undefined => {
    const found = numbers.get(atom);
    return found === undefined ? undefined : constant(found);
  };
  const facts = guards.reduce((known, { condition }) => assume(known, substituteCondition(condition, number)), noFacts);
  const holds = (condition: Condition): boolean => {
    const question = substituteCondition(condition, number);
    // A counter's own bound, `i < depth`, is in the config's entries still.
    const bounded = atomsOfCondition(question).reduce(
      (known, atom) => (atom.max ? assume(known, compare("<", variable(atom), substitute(atom.max, number))) : known),
      facts,
    );
    return ask(question, bounded).kind === "proved";
  };
  return {
    same: (a, b) =>
      sameDim(a, b) || sameDim(substitute(a, number), substitute(b, number)) || holds(compare("==", a, b)),
    holds,
    within: (index, length) => holds(and(compare("<=", zero, index), compare("<", index, length))),
    numberOf: (dim) => asConstant(substitute(dim, number)),
  };
}

/** Same number of axes, of the same sizes in the same order. */
export function sameShape({ same }: Sizes, a: readonly Axis[], b: readonly Axis[]): boolean {
  return a.length === b.length && a.every(({ dim }, n) => b[n] !== undefined && same(dim, b[n].dim));
}

export function sameLabels(a: readonly Axis[], b: readonly Axis[]): boolean {
  return a.length === b.length && a.every(({ label }, n) => label === b[n]?.label);
}
