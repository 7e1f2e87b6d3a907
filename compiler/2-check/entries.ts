/**
 * What is known of the entries of integer tensors: any of them is one symbol, a position within its axis, an id of the input, one
 * of two others. Look-ups are proved in range by these.
 */
import {
  always,
  asAtom,
  assume,
  atom,
  atomsOf,
  dimsOf,
  not,
  printCondition,
  printDim,
  substitute,
  substituteCondition,
  variable,
  type Atom,
  type Condition,
  type Dim,
  type Facts,
} from "../shapes/index.js";
import { translatedChoice } from "./choice.js";
import type { Axis } from "../ir/graph.js";
import type { TensorMeaning } from "./meaning.js";

/** Any of 0..size-1, a position or what is computed to be one, as a symbol by which look-ups are proved in range. */
export function positionAtom(name: string, size: Dim): Dim {
  return variable(atom(name, "entry", { min: 0, below: size }));
}

/** Entries that come from outside: nothing is known of them. */
export function dataEntry(name: string, made: (...of: Parameters<typeof atom>) => Atom = atom): Dim {
  return variable(made(name, "entry", { min: Number.MIN_SAFE_INTEGER }));
}

interface Choice {
  readonly condition: Condition;
  readonly then: Dim;
  readonly otherwise: Dim;
}

const choices = new WeakMap<Atom, Choice>();

/** `if condition then ... else ...`, entry by entry. */
export function chosen(condition: Condition, then: Dim, otherwise: Dim): Dim {
  if (condition.kind === "constant") return condition.value ? then : otherwise;
  const symbol = atom("chosen", "entry", { min: Number.MIN_SAFE_INTEGER });
  choices.set(symbol, { condition, then, otherwise });
  return variable(symbol);
}

export const isChosen = (symbol: Atom): boolean => choices.has(symbol);

const facts = new WeakMap<Atom, Condition>();

/** An entry of which only `fact` is known. */
export function entryWith(name: string, fact: (entry: Dim) => Condition): Dim {
  const symbol = atom(name, "entry", { min: Number.MIN_SAFE_INTEGER });
  facts.set(symbol, fact(variable(symbol)));
  return variable(symbol);
}

/** Entries that are computed at run time, of which nothing is known. */
export const computedEntry = (name: string): Dim => entryWith(name, () => always);

export const isComputed = (symbol: Atom): boolean => facts.get(symbol)?.kind === "constant";

/** Whether its name and bounds are all that is known of it. */
export const isPlainEntry = (symbol: Atom): boolean =>
  !choices.has(symbol) && !sources.has(symbol) && (!facts.has(symbol) || isComputed(symbol));

/** Entries that can be any number: what is computed, and what comes from outside. */
export const isFree = (symbol: Atom): boolean => isComputed(symbol) || isData(symbol);

export const isData = (symbol: Atom): boolean =>
  symbol.role === "entry" && !symbol.max && !choices.has(symbol) && !facts.has(symbol);

/** The same data at other entries: `ids[seq: 1..]` beside `ids`. They differ, but come from the same place. */
const sources = new WeakMap<Atom, Atom>();

export const sourceOfEntry = (symbol: Atom): Atom => sources.get(symbol) ?? symbol;

/** Where axes change their names or places, entries that stood side by side do so no more. */
export function elsewhere(index: Dim | undefined): Dim | undefined {
  return (
    index &&
    substitute(
      index,
      renewed(new Map(), () => undefined),
    )
  );
}

/** What is known of an argument's entries under the labels that its axes have inside. */
export function enteredEntries(meaning: TensorMeaning, axes: readonly Axis[]): TensorMeaning {
  const isSame = axes.every(({ label }, n) => label === meaning.value.type.axes[n]?.label);
  return isSame ? meaning : { kind: "tensor", value: meaning.value, index: elsewhere(meaning.index) };
}

/**
 * Maps entries (and counters) to new ones whose bounds are in other terms, and everything else as `map` says. Data keeps its
 * source. The same symbol is always mapped to the same.
 */
export function renewed(
  known: Map<Atom, Dim>,
  map: (symbol: Atom) => Dim | undefined,
): (symbol: Atom) => Dim | undefined {
  const renew = (symbol: Atom): Dim | undefined => {
    const chosen = known.get(symbol) ?? translatedChoice(symbol, renew);
    if (chosen) known.set(symbol, chosen);
    const done = chosen ?? map(symbol);
    if (done !== undefined || (symbol.role !== "entry" && symbol.role !== "loop")) return done;
    const source = sourceOfEntry(symbol);
    const moved = source === symbol ? undefined : elsewhere(map(source));
    if (moved) {
      known.set(symbol, moved);
      return moved;
    }
    const below = symbol.max && substitute(symbol.max, renew);
    // A counter whose bound stays is the same counter.
    if (symbol.role === "loop" && below === symbol.max) return undefined;
    const next = atom(symbol.name, symbol.role, { min: symbol.min, ...(below && { below }) });
    known.set(symbol, variable(next));
    const choice = choices.get(symbol);
    if (choice) {
      const condition = substituteCondition(choice.condition, renew);
      choices.set(next, {
        condition,
        then: substitute(choice.then, renew),
        otherwise: substitute(choice.otherwise, renew),
      });
    }
    const fact = facts.get(symbol);
    if (fact) facts.set(next, substituteCondition(fact, renew));
    else if (!choice && !symbol.max) sources.set(next, sourceOfEntry(symbol));
    return variable(next);
  };
  return renew;
}

/** One of the values that an entry may be, with what is known where it is. */
export interface Case {
  readonly value: Dim;
  readonly given: readonly Condition[];
}

/** Past this many cases an entry is not looked into any more. */
const caseLimit = 32;

/** All that an entry may be, its choices taken apart; undefined where they are too many. */
export function casesOf(index: Dim): readonly Case[] | undefined {
  const done: Case[] = [];
  const open: Case[] = [{ value: index, given: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, given } = next;
    const symbol = atomsOf(value).find((each) => choices.has(each));
    const choice = symbol && choices.get(symbol);
    if (!choice) done.push(next);
    else {
      for (const [one, holds] of [
        [choice.then, choice.condition],
        [choice.otherwise, not(choice.condition)],
      ] as const) {
        const put = (each: Atom): Dim | undefined => (each === symbol ? one : undefined);
        open.push({ value: substitute(value, put), given: [...given.map((c) => substituteCondition(c, put)), holds] });
      }
    }
    if (done.length + open.length > caseLimit) return undefined;
  }
  return done;
}

/** The facts that hold in a case, of the entries it speaks of too. */
export function assumeCase(known: Facts, { value, given }: Case): Facts {
  const own = atomsOf(value).flatMap((symbol) => facts.get(symbol) ?? []);
  return [...given, ...own].reduce(assume, known);
}

/** The input whose entries these are, just as they come from outside. */
export function dataOf(index: Dim): Atom | undefined {
  const symbol = asAtom(index);
  return symbol && isData(symbol) ? sourceOfEntry(symbol) : undefined;
}

/** All that is known of the entries in a dim, as text: equal for two that are known to be the same. */
export function entriesText(dim: Dim): string {
  const known = atomsOf(dim).filter(({ role, max }) => role === "entry" || max !== undefined);
  return [printDim(dim), ...known.map(entryText)].join("; ");
}

function entryText(symbol: Atom): string {
  const bounds = `${symbol.name} in ${symbol.min}..${symbol.max ? entriesText(symbol.max) : ""}`;
  const choice = choices.get(symbol);
  const fact = facts.get(symbol);
  if (choice) {
    const condition = [choice.condition, ...dimsOf(choice.condition)].map((each) =>
      "kind" in each ? printCondition(each) : entriesText(each),
    );
    return `${bounds} if ${condition.join(", ")} then ${entriesText(choice.then)} else ${entriesText(choice.otherwise)}`;
  }
  return fact ? `${bounds} where ${printCondition(fact)}` : bounds;
}
