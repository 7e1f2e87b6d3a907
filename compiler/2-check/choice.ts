/** Sizes that an undecided `if` chooses: one symbol for `if condition then a else b`, known to be one of the two. */
import {
  and,
  ask,
  assume,
  atom,
  atomsOf,
  atomsOfCondition,
  compare,
  constant,
  maximum,
  minimum,
  noFacts,
  not,
  or,
  printCondition,
  printDim,
  sameDim,
  substitute,
  substituteCondition,
  variable,
  type Atom,
  type Condition,
  type Dim,
  type Facts,
} from "../shapes/index.js";

interface Choice {
  readonly condition: Condition;
  readonly then: Dim;
  readonly otherwise: Dim;
  readonly facts: readonly Condition[];
}

const choices = new WeakMap<Atom, Choice>();

export function choose(condition: Condition, then: Dim, otherwise: Dim): Dim {
  if (condition.kind === "constant") return condition.value ? then : otherwise;
  if (sameDim(then, otherwise)) return then;
  const [low, high] = [minimum(then, otherwise), maximum(then, otherwise)];
  const atoms = [...atomsOf(then), ...atomsOf(otherwise), ...atomsOfCondition(condition)];
  const least = [1, 0].find((n) => ask(compare("<=", constant(n), low), noFacts).kind === "proved");
  const symbol = atom(
    `(if ${printCondition(condition)} then ${printDim(then)} else ${printDim(otherwise)})`,
    // What only a call knows about what is chosen from is only known by a call; a config decides all else.
    atoms.some(({ role }) => role === "axis") ? "axis" : "config",
    { min: least ?? Number.MIN_SAFE_INTEGER },
  );
  const dim = variable(symbol);
  const facts = [
    compare("<=", low, dim),
    compare("<=", dim, high),
    or(and(condition, compare("==", dim, then)), and(not(condition), compare("==", dim, otherwise))),
  ];
  choices.set(symbol, { condition, then, otherwise, facts });
  return dim;
}

export const isChoice = (symbol: Atom): boolean => choices.has(symbol);

/** A choice in other terms; undefined where the symbol is none, or nothing of it changes. */
export function translatedChoice(symbol: Atom, map: (each: Atom) => Dim | undefined): Dim | undefined {
  const choice = choices.get(symbol);
  if (!choice) return undefined;
  const mentioned = [...atomsOf(choice.then), ...atomsOf(choice.otherwise), ...atomsOfCondition(choice.condition)];
  if (mentioned.every((each) => map(each) === undefined)) return undefined;
  return choose(
    substituteCondition(choice.condition, map),
    substitute(choice.then, map),
    substitute(choice.otherwise, map),
  );
}

/** `facts` with what is known of the choices that a question speaks of. */
export function assumeChoices(question: Condition, facts: Facts): Facts {
  const done = new Set<Atom>();
  const open = [...atomsOfCondition(question)];
  let known = facts;
  for (let symbol = open.pop(); symbol; symbol = open.pop()) {
    const choice = choices.get(symbol);
    if (!choice || done.has(symbol)) continue;
    done.add(symbol);
    known = choice.facts.reduce(assume, known);
    open.push(...atomsOf(choice.then), ...atomsOf(choice.otherwise), ...atomsOfCondition(choice.condition));
  }
  return known;
}
