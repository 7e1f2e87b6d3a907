/**
 * What was asked before is not asked again. Two questions that differ in nothing but which atoms they speak of have the same
 * answer, and each layer, each config and each edit asks the same ones of atoms of its own.
 */
import { atomsOfCondition, conditionKey, type Condition } from "./condition.js";
import { atomsOf } from "./dim.js";
import type { Facts } from "./facts.js";
import type { Atom } from "./normal-form.js";
import type { Valuation } from "./witness.js";

/** A question in a form that is the same for all that differ in their atoms alone. */
export interface Asked {
  readonly key: string;
  /** The atoms it speaks of, those that bound them included, oldest first: in this order they have their numbers in the key. */
  readonly atoms: readonly Atom[];
}

/** Undefined where something is opaque: no two such questions are the same. */
export function asAsked(question: Condition, facts: Facts, preferred: Valuation | undefined): Asked | undefined {
  const conditions = [question, ...facts.conditions].map(textOf);
  if (conditions.some(({ text }) => text.includes("?"))) return undefined;
  const atoms = withBounds(conditions.flatMap((each) => each.atoms)).sort((a, b) => a.id - b.id);
  const numbers = new Map(atoms.map(({ id }, n) => [String(id), String(n)]));
  const renumbered = (text: string): string => text.replace(/\d+(?=@)/g, (id) => numbers.get(id) ?? id);
  const described = atoms.map(
    (each) => `${each.role} ${each.min} ${each.max ? marked(each.max.key) : ""} ${preferred?.get(each) ?? ""}`,
  );
  const text = [...conditions.map((each) => each.text), ...described].join("\n");
  return { key: `${preferred !== undefined} ${facts.contradictory}\n${renumbered(text)}`, atoms };
}

/** The key of a dim with `@` behind the id of each atom. */
const marked = (key: string): string => key.replace(/\ba(\d+)\b/g, "$1@");

interface Text {
  readonly text: string;
  readonly atoms: readonly Atom[];
}

const texts = new WeakMap<Condition, Text>();

function textOf(condition: Condition): Text {
  const known = texts.get(condition);
  if (known) return known;
  const made = { text: marked(conditionKey(condition)), atoms: atomsOfCondition(condition) };
  texts.set(condition, made);
  return made;
}

function withBounds(atoms: readonly Atom[]): Atom[] {
  const all = new Set(atoms);
  for (const each of all) if (each.max) for (const bound of atomsOf(each.max)) all.add(bound);
  return [...all];
}
