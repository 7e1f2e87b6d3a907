/** Searches for a valuation: values of the atoms under which the facts and a condition hold. */
import {
  atomsOfCondition,
  compare,
  dimsOf,
  evaluateCondition,
  substituteCondition,
  type Condition,
} from "./condition.js";
import { atomsOf, constant, variable } from "./dim.js";
import { evaluate } from "./evaluate.js";
import { assume, reduce, type Facts } from "./facts.js";
import type { Atom, Dim } from "./normal-form.js";

export type Valuation = ReadonlyMap<Atom, number>;

/** Values tried in one pass, over all atoms. */
const passBudget = 1500;
const offsets = [0, 1, 2, 3, 4, 5, 7, 11, 15, 31, 99, 1000] as const;

/**
 * Values for all atoms that the condition and the facts mention: the preferred ones if they do, else small ones. None
 * found does not mean there is none.
 */
export function findValuation(condition: Condition, known: Facts, preferred?: Valuation): Valuation | undefined {
  // Assumed, the condition's own equations leave fewer unknowns to choose.
  const facts = assume(known, condition);
  if (facts.contradictory) return undefined;
  const { conditions } = facts;
  const atoms = withBounds([...new Set(conditions.flatMap(atomsOfCondition))]);
  const values = new Map<Atom, Dim>(atoms.map((a) => [a, reduce(variable(a), facts)]));
  const free = orderUnknowns([...new Set([...values.values()].flatMap(atomsOf))], condition, facts);
  const checks = scheduleChecks(conditions, atoms, values, free, facts);
  const tried = constantsIn(conditions);
  for (let pass = preferred ? 0 : 1; pass < 4; pass++) {
    const search: Search = {
      free,
      checks,
      candidates: free.map((a, index) => candidatesFor(a, index, pass, tried, facts, preferred)),
      accept: (chosen) => complete(atoms, values, conditions, chosen),
      budget: passBudget,
    };
    const found = choose(search, 0, new Map());
    if (found) return found;
  }
  return undefined;
}

interface Search {
  readonly free: readonly Atom[];
  /** Conditions by the index of the last unknown they need. */
  readonly checks: readonly (readonly Condition[])[];
  readonly candidates: readonly (readonly number[])[];
  readonly accept: (chosen: Valuation) => Valuation | undefined;
  budget: number;
}

function choose(search: Search, index: number, chosen: Map<Atom, number>): Valuation | undefined {
  const unknown = search.free[index];
  if (!unknown) return search.accept(chosen);
  for (const candidate of search.candidates[index] ?? []) {
    if (--search.budget < 0) return undefined;
    chosen.set(unknown, candidate);
    const fits = (search.checks[index] ?? []).every((c) => evaluateCondition(c, (a) => chosen.get(a)) !== false);
    const found = fits ? choose(search, index + 1, chosen) : undefined;
    if (found) return found;
  }
  chosen.delete(unknown);
  return undefined;
}

/** The user's atoms' values, if they are within bounds and satisfy every condition as it was stated. */
function complete(
  atoms: readonly Atom[],
  values: ReadonlyMap<Atom, Dim>,
  conditions: readonly Condition[],
  chosen: Valuation,
): Valuation | undefined {
  const result = new Map<Atom, number>();
  for (const a of atoms) {
    const value = evaluate(values.get(a) ?? variable(a), (unknown) => chosen.get(unknown));
    if (value === undefined || value < a.min) return undefined;
    result.set(a, value);
  }
  const valueOf = (a: Atom): number | undefined => result.get(a);
  for (const a of atoms) {
    const bound = a.max && evaluate(a.max, valueOf);
    if (a.max && (bound === undefined || (result.get(a) ?? 0) >= bound)) return undefined;
  }
  return conditions.every((c) => evaluateCondition(c, valueOf) === true) ? result : undefined;
}

/** The atoms and those that bound them. */
function withBounds(atoms: readonly Atom[]): readonly Atom[] {
  const all = new Set(atoms);
  for (const a of all) if (a.max) for (const bound of atomsOf(a.max)) all.add(bound);
  return [...all];
}

/** What the question needs comes last, so that it varies first. */
function orderUnknowns(unknowns: readonly Atom[], condition: Condition, facts: Facts): readonly Atom[] {
  const concerned = new Set(atomsOfCondition(substituteCondition(condition, (a) => facts.solved.get(a))));
  const rank = (a: Atom): number => (concerned.has(a) ? 2 : 0) + (a.role === "loop" ? 1 : 0);
  return [...unknowns].sort((a, b) => rank(a) - rank(b) || a.id - b.id);
}

/** Facts and bounds, in the unknowns that are left, each to be looked at as soon as its unknowns have values. */
function scheduleChecks(
  conditions: readonly Condition[],
  atoms: readonly Atom[],
  values: ReadonlyMap<Atom, Dim>,
  free: readonly Atom[],
  facts: Facts,
): readonly (readonly Condition[])[] {
  const bounds = atoms.flatMap((a) => {
    const value = values.get(a) ?? variable(a);
    const least = compare("<=", constant(a.min), value);
    return a.max ? [least, compare("<", value, reduce(a.max, facts))] : [least];
  });
  const checks: Condition[][] = free.map(() => []);
  for (const c of [...bounds, ...conditions.map((c) => substituteCondition(c, (a) => facts.solved.get(a)))]) {
    if (c.kind === "constant") continue;
    const last = Math.max(...atomsOfCondition(c).map((a) => free.indexOf(a)));
    checks[last]?.push(c);
  }
  return checks;
}

/** Pass 0 tries the preferred value first; the others small ones, from a different start for each unknown. */
function candidatesFor(
  a: Atom,
  index: number,
  pass: number,
  constants: readonly number[],
  facts: Facts,
  preferred: Valuation | undefined,
): readonly number[] {
  const start = a.min === Number.MIN_SAFE_INTEGER ? 0 : a.min;
  const signed = a.min === Number.MIN_SAFE_INTEGER ? offsets.flatMap((n) => [n, -n]) : offsets.map((n) => start + n);
  const usual = [...signed, ...constants.filter((n) => n >= a.min)];
  if (pass === 0 && preferred) {
    const meant = evaluate(facts.quotients.get(a) ?? variable(a), (user) => preferred.get(user));
    return [...new Set(meant === undefined ? usual : [meant, ...usual])].filter((n) => n >= a.min);
  }
  if (pass === 1) return [...new Set(usual)];
  const shift = (index * (pass === 2 ? 1 : 3)) % usual.length;
  return [...new Set([...usual.slice(shift), ...usual.slice(0, shift)])];
}

/** The numbers that occur in the conditions, and their neighbours. */
function constantsIn(conditions: readonly Condition[]): readonly number[] {
  const found = new Set<number>();
  for (const d of conditions.flatMap(dimsOf)) {
    for (const { coefficient } of [...d.numerator, ...d.denominator]) {
      const n = Math.abs(Number(coefficient));
      if (n > 1 && n < 1e9) for (const near of [n - 1, n, n + 1]) found.add(near);
    }
  }
  return [...found].slice(0, 24);
}
