/** Questions about sizes, in the three moments: for all values, for a config's numbers, and for what only a call can know. */
import {
  ask,
  asConstant,
  assume,
  atomsOf,
  atomsOfCondition,
  compare,
  constant,
  evaluate,
  sameDim,
  substitute,
  substituteCondition,
  subtract,
  variable,
  type Answer,
  type Atom,
  type Condition,
  type Dim,
  type Facts,
} from "../shapes/index.js";
import { assumeChoices } from "./choice.js";
import type { Context, Scope } from "./scope.js";
import type { Mark } from "../diagnostics/problem.js";

export type Decision = "yes" | "no" | "open";

/** `dim` with the config's numbers in place; unchanged at a definition. */
export function concrete(context: Context, dim: Dim): Dim {
  if (context.mode === "definition") return dim;
  return substitute(dim, numbersOf(context));
}

/** `condition` with the config's numbers in place. */
export function concreteCondition(context: Context, condition: Condition): Condition {
  if (context.mode === "definition") return condition;
  return substituteCondition(condition, numbersOf(context));
}

/** What a config puts in place of a symbol. */
const numbersOf =
  ({ numbers }: Context) =>
  (symbol: Atom): Dim | undefined => {
    const number = numbers.get(symbol);
    return number === undefined ? undefined : constant(number);
  };

/** The answer for all values that the facts allow, with the config's numbers in place. */
export function judge(context: Context, condition: Condition, given = context.facts): Answer {
  const question = concreteCondition(context, condition);
  // Bounds of counters and positions are in the config's terms too: the same numbers go into them.
  const facts = atomsOfCondition(question).reduce(
    (known, a) =>
      a.max && context.mode === "instance" ? assume(known, compare("<", variable(a), concrete(context, a.max))) : known,
    given,
  );
  return ask(question, assumeChoices(question, facts), { preferred: context.preferred });
}

/** "no": false for some values that the facts allow. "open": undecided. */
export function decide(context: Context, condition: Condition, given: Facts = context.facts): Decision {
  const plain = concreteCondition(context, condition);
  // With numbers in place most questions are none; where the facts contradict each other, everything is true.
  if (plain.kind === "constant" && !given.contradictory) return plain.value ? "yes" : "no";
  const answer = judge(context, condition, given);
  return answer.kind === "proved" ? "yes" : answer.kind === "refuted" ? "no" : "open";
}

/** The number of a dim under the config, where it has one. */
export function numberOf(context: Context, dim: Dim): number | undefined {
  return asConstant(dim) ?? evaluate(dim, (atom) => context.numbers.get(atom));
}

/** Whether two sizes are equal for all values (or, in an instance, for the config's). */
export function equalDims(context: Context, a: Dim, b: Dim): Decision {
  if (sameDim(a, b)) return "yes";
  const difference = asConstant(subtract(concrete(context, a), concrete(context, b)));
  if (difference !== undefined && !context.facts.contradictory) return difference === 0 ? "yes" : "no";
  return decide(context, compare("==", a, b));
}

/**
 * Whether an open question can wait: at a definition for what a config will settle (for each turn of a loop, where it is
 * about the counter), and in a block (not a model) also for shape variables, which its callers bind.
 */
export function canWait(context: Context, atoms: readonly Atom[]): boolean {
  if (context.mode === "instance") return false;
  return atoms.every(
    (atom) => (atom.role !== "axis" && atom.role !== "entry") || (context.isBlock && !isOuter(context, atom)),
  );
}

/** Whether a size is that of an axis declared `outer`. */
export const isOuter = ({ outer }: Context, symbol: Atom): boolean => outer.get(symbol.name) === symbol;

/** Where the numbers of a dim come from: overridden entries first, since those are what the user changed last. */
export function originMarks(
  scope: Scope,
  dim: Dim,
  say: (name: string, value: number | undefined, kind: string) => string,
): Mark[] {
  const { origins, numbers } = scope.context;
  const found = atomsOf(dim).flatMap((atom) => {
    const origin = origins.get(atom);
    return origin ? [{ origin, label: say(atom.name, numbers.get(atom), origin.kind) }] : [];
  });
  found.sort((a, b) => Number(b.origin.kind === "config") - Number(a.origin.kind === "config"));
  return found.map(({ origin, label }) => ({ ...origin.mark, label }));
}
