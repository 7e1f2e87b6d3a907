/**
 * In an instance the body of a block is read for each of its uses. Of uses that give it the same there is only one reading: the
 * layers of a model are mostly alike, and after an edit most of them are what they were. What a reading makes beside its function
 * are its weights, which each use has of its own.
 */
import type { BlockDeclaration } from "../../grammar/ast.js";
import type { Function, Value, WeightTree } from "../ir/graph.js";
import type { Noted } from "../memory/memory.js";
import { copyWeights } from "./declared-weights.js";
import { useKey, type Use } from "./use-key.js";
import type { Scope } from "./scope.js";

/** A function of the graph, and what its last parameters stand for: values of those around it. */
export interface Made {
  readonly callee: Function;
  readonly captured: readonly Value[];
}

interface Reading {
  readonly noted: Noted<Made | undefined>;
  readonly callee: Function;
  /** Which of the values that a use mentions its last parameters stand for. */
  readonly captured: readonly number[];
  readonly tree: WeightTree;
  readonly address: string;
  /** The last round it served in, and whether it serves no other: it noted what ids from outside must be. */
  round: number;
  readonly isForRound: boolean;
}

/** What was read for a config, now and in the rounds before. */
export interface Readings {
  readonly known: Map<string, Reading>;
  readonly note: <T>(make: () => T) => Noted<T>;
  round: number;
  /** How many problems were reported (those included that had been said), weights and layers asked for, and bounds noted. */
  reported: number;
  declared: number;
  bounded: number;
}

/** Of one round alone. */
export const noReadings = (): Readings => createReadings((make) => ({ of: make(), isStill: () => true }));

export const createReadings = (note: Readings["note"]): Readings => ({
  known: new Map(),
  note,
  round: 0,
  reported: 0,
  declared: 0,
  bounded: 0,
});

/** For how many rounds a reading is kept that none of them asks for: it may be a part of one that serves. */
const patience = 20;

/** Lets go what was not asked for lately. */
export function nextRound(readings: Readings): void {
  readings.round += 1;
  for (const [key, { round }] of readings.known) if (round < readings.round - patience) readings.known.delete(key);
}

/** `body` is the callee's scope, its entries and inputs bound. Undefined (reported) where what is read is wrong. */
export function readOnce(
  body: Scope,
  declaration: BlockDeclaration,
  use: Use,
  read: () => Made | undefined,
): Made | undefined {
  const { context, tree, address } = body;
  const { readings, facts } = context;
  // Who observes is told of each use.
  if (context.observe) return read();
  // What is applied again under its label finds its weights there.
  const isFresh = use.isLabelled && tree.entries.size === 0;
  if (use.isLabelled && !isFresh) return read();
  const used = useKey(body, declaration, use);
  if (!used) return read();
  const { key, mentioned } = used;
  const { round } = readings;
  const known = readings.known.get(key);
  if (known && (known.round === round || !known.isForRound) && known.noted.isStill()) {
    known.round = round;
    copyWeights(known.tree, tree, known.address, address);
    return { callee: known.callee, captured: known.captured.flatMap((n) => mentioned[n] ?? []) };
  }
  const { reported, declared, bounded } = readings;
  const noted = readings.note(read);
  const made = noted.of;
  // Without a label its weights are among those of others.
  const isApart = isFresh || readings.declared === declared;
  const isQuiet = readings.reported === reported && context.facts === facts;
  const captured = made?.captured.map((value) => mentioned.indexOf(value)) ?? [];
  if (made && isApart && isQuiet && !captured.includes(-1)) {
    const own: WeightTree = { kind: "tree", entries: new Map() };
    if (isFresh) copyWeights(tree, own, address, address);
    const isForRound = readings.bounded !== bounded;
    readings.known.set(key, { noted, callee: made.callee, captured, tree: own, address, round, isForRound });
  }
  return made;
}
