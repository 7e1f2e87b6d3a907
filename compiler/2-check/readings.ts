/**
 * What was read for the configs of a program, now and before. A reading serves again where nothing that it looked up has changed,
 * for every config that answers as the one did for which it was made.
 */
import type { Function, Module } from "../ir/graph.js";
import { createHeld, type Held } from "../memory/held.js";
import type { Noted } from "../memory/memory.js";
import { atom, createRecent, type Atom } from "../shapes/index.js";
import { areStill, boundsOf, noAnswers, type Answers } from "./answers.js";
import { bind } from "./bounds.js";
import type { BlockReading } from "./read-once.js";
import type { Context } from "./scope.js";

/** A model with its tasks, for all configs that answer alike. */
export type ModelReading = Omit<Module, "configName" | "config">;

export interface Readings {
  /** Bodies of blocks, by what they were given. */
  readonly blocks: Store<BlockReading>;
  /** Whole models with their tasks. */
  readonly models: Store<ModelReading>;
  /** Functions, by what they do, so that equal ones are one. */
  readonly functions: Held<Function>;
  readonly note: <T>(make: () => T) => Noted<T>;
  /**
   * The symbol of an entry, of an axis, or of the ids of an input: one of a round before where there is one that is younger than
   * those of this round so far, as sizes are written in the order of their age. None is given twice in a round.
   */
  readonly atom: (name: string, role: Atom["role"], options?: { readonly min?: number }) => Atom;
  /** A config is about to be read. */
  readonly begin: () => void;
  /** One for each time that a config is read. */
  round: number;
  /** What the reading that is being made was told; undefined where none is. */
  answers: Answers | undefined;
  /** How many problems were reported (those included that had been said), and weights and layers asked for. */
  reported: number;
  declared: number;
}

/** Readings by a key that tells what they were made of, the last first. */
export interface Store<T> {
  readonly get: (key: string) => readonly Kept<T>[];
  readonly add: (key: string, kept: Kept<T>) => void;
}

interface Kept<T> {
  readonly of: T;
  readonly noted: Noted<unknown>;
  readonly answers: Answers;
}

/** Of how many models the readings are kept at least: graphs are large, and someone works on few at a time. */
const mostModels = 16;

/** The last ones, of which those that have come to be of no use make room for what takes their place. */
function createLatest<T>(size: number): Store<T> {
  const all = createRecent<readonly Kept<T>[]>(size);
  const get = (key: string): readonly Kept<T>[] => all.get(key) ?? [];
  return { get, add: (key, kept) => all.set(key, [kept, ...get(key).filter(({ noted }) => noted.isStill())]) };
}

export function createReadings(note: Readings["note"]): Readings {
  const atoms = new Map<string, Atom[]>();
  let youngest = -1;
  const readings: Readings = {
    blocks: createHeld(),
    models: createLatest(mostModels),
    functions: createHeld(),
    note,
    atom: (name, role, options) => {
      const key = [role, name, options?.min].join(" ");
      const known = atoms.get(key) ?? [];
      const found = known.find(({ id }) => id > youngest) ?? atom(name, role, options);
      if (!known.includes(found)) atoms.set(key, [...known, found]);
      youngest = found.id;
      return found;
    },
    begin: () => {
      readings.round += 1;
      youngest = -1;
    },
    round: 0,
    answers: undefined,
    reported: 0,
    declared: 0,
  };
  return readings;
}

/** Of one round alone. */
export const noReadings = (): Readings => createReadings((make) => ({ of: make(), isStill: () => true }));

/** What was read before and serves this config too. */
export function recall<T>(context: Context, store: Store<T>, key: string): T | undefined {
  const { readings } = context;
  const found = store.get(key).find((each) => each.noted.isStill() && areStill(context, each.answers));
  if (!found) return undefined;
  readings.answers?.parts.add(found.answers);
  for (const bounding of boundsOf(found.answers)) bind(context, bounding);
  return found.of;
}

export interface Fresh<T> {
  readonly of: T;
  /** Whether nothing was reported. */
  readonly isQuiet: boolean;
  readonly keep: <K>(store: Store<K>, key: string, what: K) => void;
}

/** What `read` gives, and by which answers. */
export function readAnew<T>(context: Context, read: () => T): Fresh<T> {
  const { readings } = context;
  const { reported, answers: outer } = readings;
  const answers = noAnswers(context);
  readings.answers = answers;
  let noted: Noted<T>;
  try {
    noted = readings.note(read);
  } finally {
    readings.answers = outer;
  }
  outer?.parts.add(answers);
  return {
    of: noted.of,
    isQuiet: readings.reported === reported,
    keep: (store, key, what) => {
      const kept = { of: what, noted, answers };
      answers.kept = kept;
      store.add(key, kept);
    },
  };
}
