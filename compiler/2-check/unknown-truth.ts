/** Conditions that nothing decides at a definition: what it knows of `real` and `string` entries. */
import { atom, type Atom, type Condition } from "../shapes/index.js";

const unknowns = new WeakSet<Atom>();

export function unknownTruth(): Extract<Condition, { kind: "flag" }> {
  const symbol = atom("anything", "config", { min: 0 });
  unknowns.add(symbol);
  return { kind: "flag", atom: symbol };
}

export const isUnknownTruth = (symbol: Atom): boolean => unknowns.has(symbol);
