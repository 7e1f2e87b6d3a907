/** Questions about sizes, in the three moments: for all values, for a config's numbers, and for what only a call can know. */
import {
  ask,
  asConstant,
  assume,
  atomsOf,
  atomsOfCondition,
  compare,
  conditionKey,
  constant,
  dimKey,
  evaluate,
  noFacts,
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
import { answered } from "./answers.js";
import { assumeChoices } from "./choice.js";
import type { Context, Scope } from "./scope.js";
import type { Mark } from "../diagnostics/problem.js";

export type Decision = "yes" | "no" | "open";

/** `dim` with the config's numbers in place; unchanged at a definition. */
export function concrete(context: Context, dim: Dim): Dim {
  if (context.mode === "definition" || asConstant(dim) !== undefined) return dim;
  return answered(
    context,
    () => `dim ${dimKey(dim)}`,
    (there) => substitute(dim, numbersOf(there)),
    dimKey,
  );
}

/** `condition` with the config's numbers in place. */
export function concreteCondition(context: Context, condition: Condition): Condition {
  if (context.mode === "definition" || condition.kind === "constant") return condition;
  const put = (there: Context): Condition => withNumbers(there, condition);
  return answered(context, () => `condition ${conditionKey(condition)}`, put, conditionKey);
}

const withNumbers = (context: Context, condition: Condition): Condition =>
  context.mode === "definition" ? condition : substituteCondition(condition, numbersOf(context));

/** What a config puts in place of a symbol. */
const numbersOf =
  ({ numbers }: Context) =>
  (symbol: Atom): Dim | undefined => {
    const number = numbers.get(symbol);
    return number === undefined ? undefined : constant(number);
  };

/** Whether there is something in a condition that the config does not know. */
export function isOpen(context: Context, condition: Condition): boolean {
  const put = (there: Context): boolean => atomsOfCondition(withNumbers(there, condition)).length > 0;
  return answered(context, () => `open ${conditionKey(condition)}`, put);
}

/** The answer for all values that the facts allow, with the config's numbers in place. */
export function judge(context: Context, condition: Condition, given = context.facts): Answer {
  const put = (there: Context): Answer => judgeIn(there, condition, given);
  return answered(context, () => questionKey("judge", given, conditionKey(condition)), put, textOfAnswer);
}

/** What follows from an answer; its witness is for messages. */
const textOfAnswer = (answer: Answer): string =>
  answer.kind === "refuted" ? `refuted ${answer.satisfiable}` : answer.kind;

const questionKey = (kind: string, { conditions, contradictory }: Facts, question: string): string =>
  `${kind} ${question}\n${contradictory} ${conditions.map(conditionKey).join()}`;

function judgeIn(context: Context, condition: Condition, given: Facts): Answer {
  const question = withNumbers(context, condition);
  // Bounds of counters and positions are in the config's terms too: the same numbers go into them.
  const facts = atomsOfCondition(question).reduce(
    (known, a) =>
      a.max && context.mode === "instance"
        ? assume(known, compare("<", variable(a), substitute(a.max, numbersOf(context))))
        : known,
    factsIn(context, given),
  );
  return ask(question, assumeChoices(question, facts), { preferred: context.preferred });
}

const factsOf = new WeakMap<Context["numbers"], WeakMap<Facts, Facts>>();

/** What is given, with the config's numbers in place. */
function factsIn(context: Context, given: Facts): Facts {
  const { mode, numbers } = context;
  if (mode === "definition" || given.conditions.length === 0) return given;
  const known = factsOf.get(numbers) ?? new WeakMap<Facts, Facts>();
  factsOf.set(numbers, known);
  const made =
    known.get(given) ?? given.conditions.map((condition) => withNumbers(context, condition)).reduce(assume, noFacts);
  known.set(given, made);
  return made;
}

const isContradictory = (context: Context, given: Facts): boolean =>
  given.contradictory || factsIn(context, given).contradictory;

/** "no": false for some values that the facts allow. "open": undecided. */
export function decide(context: Context, condition: Condition, given: Facts = context.facts): Decision {
  if (condition.kind === "constant" && !given.contradictory) return condition.value ? "yes" : "no";
  const put = (there: Context): Decision => decideIn(there, condition, given);
  return answered(context, () => questionKey("decide", given, conditionKey(condition)), put);
}

function decideIn(context: Context, condition: Condition, given: Facts): Decision {
  const plain = withNumbers(context, condition);
  // With numbers in place most questions are none; where the facts contradict each other, everything is true.
  if (plain.kind === "constant" && !isContradictory(context, given)) return plain.value ? "yes" : "no";
  const answer = judgeIn(context, condition, given);
  return answer.kind === "proved" ? "yes" : answer.kind === "refuted" ? "no" : "open";
}

/** The number of a dim under the config, where it has one. */
export function numberOf(context: Context, dim: Dim): number | undefined {
  const put = ({ numbers }: Context): number | undefined => evaluate(dim, (atom) => numbers.get(atom));
  return asConstant(dim) ?? answered(context, () => `number ${dimKey(dim)}`, put);
}

/** Whether a dim has a number under the config, whichever. */
export function hasNumber(context: Context, dim: Dim): boolean {
  const put = ({ numbers }: Context): boolean => evaluate(dim, (atom) => numbers.get(atom)) !== undefined;
  return asConstant(dim) !== undefined || answered(context, () => `has ${dimKey(dim)}`, put);
}

/** Whether a dim is the size of an axis under the config: a number of at least 1. */
export function isSize(context: Context, dim: Dim): boolean {
  const put = ({ numbers }: Context): boolean => (evaluate(dim, (atom) => numbers.get(atom)) ?? 0) >= 1;
  return answered(context, () => `size ${dimKey(dim)}`, put);
}

/** Whether a dim has this number under the config. */
export function isNumber(context: Context, dim: Dim, number: number): boolean {
  const known = asConstant(dim);
  const put = ({ numbers }: Context): boolean => evaluate(dim, (atom) => numbers.get(atom)) === number;
  return known === undefined ? answered(context, () => `is ${number} ${dimKey(dim)}`, put) : known === number;
}

/** Whether the number of `a` under the config is less than that of `b`; one that only a call knows is less than none. */
export function isLess(context: Context, a: Dim, b: Dim): boolean {
  const put = ({ numbers }: Context): boolean => {
    const number = (dim: Dim): number => evaluate(dim, (atom) => numbers.get(atom)) ?? Infinity;
    return number(a) < number(b);
  };
  return answered(context, () => `less ${dimKey(a)} ${dimKey(b)}`, put);
}

/** Whether two sizes are equal for all values (or, in an instance, for the config's). */
export function equalDims(context: Context, a: Dim, b: Dim): Decision {
  if (sameDim(a, b)) return "yes";
  const given = context.facts;
  const put = (there: Context): Decision => equalIn(there, a, b, given);
  return answered(context, () => questionKey("equal", given, `${dimKey(a)} ${dimKey(b)}`), put);
}

function equalIn(context: Context, a: Dim, b: Dim, given: Facts): Decision {
  const [left, right] =
    context.mode === "definition" ? [a, b] : [a, b].map((dim) => substitute(dim, numbersOf(context)));
  const difference = left && right && asConstant(subtract(left, right));
  if (difference !== undefined && !isContradictory(context, given)) return difference === 0 ? "yes" : "no";
  return decideIn(context, compare("==", a, b), given);
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
