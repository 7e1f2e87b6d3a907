/**
 * What a reading asks of a config, and what it is told. A config is known by its answers alone: where another one gives the same,
 * or the same one with other numbers, what was read serves it too.
 */
import type { Atom, Dim } from "../shapes/index.js";
import type { Context } from "./scope.js";

export interface Answers {
  /** Whose answers they are: what is asked with other numbers, to find a mend or to draw a mask, is no answer of the config. */
  readonly numbers: Context["numbers"];
  readonly all: Map<string, Answer>;
  /** What ids from outside must be, in the order it was found. */
  readonly bounds: Bounding[];
  /** Those of readings that were made, or taken, on the way. */
  readonly parts: Set<Answers>;
  /** What is kept of the reading, which lives as long as what it is a part of. */
  kept: object | undefined;
  /** The last round whose config was asked, and whether it gave the same. */
  round: number;
  areStill: boolean;
}

interface Answer {
  readonly value: unknown;
  readonly isStill: (context: Context) => boolean;
}

/** Ids by the symbol of their entries, a size that they look up, and a value that is left out. */
export interface Bounding {
  readonly data: Atom;
  readonly size: Dim;
  readonly except: number | undefined;
}

export const noAnswers = ({ numbers, readings: { round } }: Context): Answers => ({
  numbers,
  all: new Map(),
  bounds: [],
  parts: new Set(),
  kept: undefined,
  round,
  areStill: true,
});

/**
 * The answer to a question that its key tells from all others, noted for what is being read. `textOf`: equal for two answers
 * with the same consequences.
 */
export function answered<T>(
  context: Context,
  keyOf: () => string,
  put: (context: Context) => T,
  textOf: (answer: T) => unknown = (answer) => answer,
): T {
  const { answers } = context.readings;
  if (answers?.numbers !== context.numbers) return put(context);
  const key = keyOf();
  const known = answers.all.get(key);
  if (known) return known.value as T;
  const value = put(context);
  const text = textOf(value);
  answers.all.set(key, { value, isStill: (there) => textOf(put(there)) === text });
  return value;
}

/** Whether the config gives the same answers to all that was asked. */
export function areStill(context: Context, answers: Answers): boolean {
  const { round } = context.readings;
  if (answers.round === round) return answers.areStill;
  answers.areStill =
    [...answers.all.values()].every(({ isStill }) => isStill(context)) &&
    [...answers.parts].every((part) => areStill(context, part));
  answers.round = round;
  return answers.areStill;
}

/** All bounds that were found in a reading, those of each part once: by many ways it may be the same part. */
export function boundsOf(answers: Answers): Bounding[] {
  const all = new Set([answers]);
  for (const { parts } of all) for (const part of parts) all.add(part);
  return [...all].flatMap(({ bounds }) => bounds);
}
