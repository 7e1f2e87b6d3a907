/** What is kept of a config from one reading to the next: after an edit only what it concerns is read again. */
import { createReadings, noReadings, type Readings } from "../2-check/read-once.js";
import { atom, type Atom } from "../shapes/index.js";

export interface Kept {
  readonly readings: Readings;
  /** The symbol of an entry, or of an axis: the same one as long as its number is. */
  readonly atom: (name: string, role: Atom["role"], options?: { readonly min?: number }, number?: number) => Atom;
}

export const keepNothing = (): Kept => ({ readings: noReadings(), atom });

export function createKept(note: Readings["note"]): Kept {
  const atoms = new Map<string, Atom>();
  return {
    readings: createReadings(note),
    atom: (name, role, options, number) => {
      const key = [role, name, options?.min, number].join(" ");
      const known = atoms.get(key) ?? atom(name, role, options);
      atoms.set(key, known);
      return known;
    },
  };
}
