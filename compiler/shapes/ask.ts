/** Questions about dims, answered for all values that satisfy the facts. */
import { asAsked, type Asked } from "./asked.js";
import { compare, divides, not, type Condition } from "./condition.js";
import type { Dim } from "./dim.js";
import type { Facts } from "./facts.js";
import type { Atom } from "./normal-form.js";
import { prove, provePlainly } from "./prove.js";
import { createRecent } from "./recent.js";
import { findValuation, type Valuation } from "./witness.js";

export type Answer =
  /** True under every valuation that satisfies the facts; also if none does. */
  | { readonly kind: "proved" }
  /** Not valid: `witness` satisfies the facts, and the question is false under it. */
  | {
      readonly kind: "refuted";
      readonly witness: ReadonlyMap<Atom, number>;
      /** Whether it is true under some other valuation: false is a contradiction, true a matter of the values. */
      readonly satisfiable: boolean | undefined;
    }
  /** Neither was found within the limits on work. */
  | { readonly kind: "unknown" };

export interface Hints {
  /** Values tried first in a witness, for instance the config's defaults. */
  readonly preferred?: Valuation;
}

export function ask(question: Condition, facts: Facts, hints: Hints = {}): Answer {
  if (question.kind === "constant" && question.value) return { kind: "proved" };
  const asked = asAsked(question, facts, hints.preferred);
  const known = asked && answers.get(asked.key);
  if (known) return known.kind === "refuted" ? refuted(question, facts, hints, ofAtoms(asked, known.values)) : known;
  const answer = find(question, facts, hints);
  if (asked)
    answers.set(
      asked.key,
      answer.kind === "refuted" ? { kind: "refuted", values: valuesOf(asked, answer.witness) } : answer,
    );
  return answer;
}

/** An answer without the atoms that it was given for: of a witness, the values of the atoms in their order. */
type Kept =
  | { readonly kind: "proved" | "unknown" }
  | { readonly kind: "refuted"; readonly values: readonly (number | undefined)[] };

const answers = createRecent<Kept>(20_000);

const valuesOf = ({ atoms }: Asked, witness: ReadonlyMap<Atom, number>): (number | undefined)[] =>
  atoms.map((each) => witness.get(each));

const ofAtoms = ({ atoms }: Asked, values: readonly (number | undefined)[]): Map<Atom, number> =>
  new Map(atoms.flatMap((each, n) => (values[n] === undefined ? [] : [[each, values[n]]])));

function find(question: Condition, facts: Facts, hints: Hints): Answer {
  if (provePlainly(question, facts)) return { kind: "proved" };
  const witness = findValuation(not(question), facts, hints.preferred);
  if (witness) return refuted(question, facts, hints, witness);
  return prove(question, facts) ? { kind: "proved" } : { kind: "unknown" };
}

function refuted(question: Condition, facts: Facts, hints: Hints, witness: ReadonlyMap<Atom, number>): Answer {
  return {
    kind: "refuted",
    witness,
    // Another search, which most who ask do not need.
    get satisfiable() {
      return possible(question, facts, hints);
    },
  };
}

/** Whether some valuation satisfies the facts and the question; undefined if that was not decided. */
export function possible(question: Condition, facts: Facts, hints: Hints = {}): boolean | undefined {
  if (findValuation(question, facts, hints.preferred)) return true;
  return prove(not(question), facts) ? false : undefined;
}

export function askEqual(a: Dim, b: Dim, facts: Facts, hints?: Hints): Answer {
  return ask(compare("==", a, b), facts, hints);
}

/** Whether `dividend % divisor == 0`. That the divisor is not 0 is another question. */
export function askDivides(divisor: Dim, dividend: Dim, facts: Facts, hints?: Hints): Answer {
  return ask(divides(divisor, dividend), facts, hints);
}
