/** What a look-up comes to at the ends of the axes that its index runs over. */
import {
  atomsOf,
  constant,
  one,
  substitute,
  subtract,
  zero,
  type Atom,
  type Condition,
  type Dim,
} from "../shapes/index.js";
import { readable } from "./demand.js";
import { casesOf, isFree } from "./entries.js";

/** The symbols of which each is tried at both ends. */
const endLimit = 4;

/** Past all sizes: what is computed at run time can be that large, and as far below 0. */
const far = constant(2 ** 40);

/** What varies in an index: positions, counters and what is computed. */
export const varying = (index: Dim): readonly Atom[] =>
  atomsOf(index).filter(({ role }) => role === "entry" || role === "loop");

/** What must hold at the ends, with nothing left in it that varies; undefined where ends are not known. */
export function atEnds(index: Dim, size: Dim): readonly Condition[] | undefined {
  const symbols = varying(index);
  if (symbols.length > endLimit || symbols.some((symbol) => !symbol.max && !isFree(symbol))) return undefined;
  let values: readonly Dim[] = [index];
  for (const symbol of symbols) {
    const ends = symbol.max ? [constant(symbol.min), subtract(symbol.max, one)] : [subtract(zero, far), far];
    values = values.flatMap((value) =>
      ends.map((end) => substitute(value, (each) => (each === symbol ? end : undefined))),
    );
  }
  return values.flatMap((value) => [readable("<=", zero, value), readable("<", value, size)]);
}

/** Whether an entry of which nothing is known can take the index anywhere: no `min` or `max` stands around it. */
export function isLoose({ numerator, denominator }: Dim): boolean {
  return [...numerator, ...denominator].some(({ powers }) =>
    powers.some(({ factor }) =>
      factor.kind === "atom" ? isFree(factor.atom) : factor.kind === "floor" && isLoose(factor.argument),
    ),
  );
}

/** Whether nothing keeps an index in some range, in one case at least. */
export const isUnknown = (index: Dim): boolean => casesOf(index)?.some(({ value }) => isLoose(value)) ?? false;
