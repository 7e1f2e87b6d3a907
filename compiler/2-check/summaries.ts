/**
 * What a block demands of those who apply it, beyond its signature: what its own reading left open, in the terms of its own
 * entries, shape variables and inputs. A summary depends on the declaration and on what that mentions alone.
 */
import {
  asAtom,
  dimsOf,
  one,
  printCondition,
  substituteCondition,
  variable,
  zero,
  type Atom,
  type Condition,
  type Dim,
} from "../shapes/index.js";
import type { Mark } from "../diagnostics/problem.js";
import { conditionOf, translated, type Demand } from "./demand.js";
import { computedEntry, entriesText, renewed } from "./entries.js";
import type { Meaning } from "./meaning.js";
import type { Scope } from "./scope.js";
import { isUnknownTruth, unknownTruth } from "./unknown-truth.js";

export interface Obligation {
  readonly demand: Demand;
  /** What an undecided `if` around it takes for granted. */
  readonly given: readonly Condition[];
  /** Where it was written. */
  readonly place: Mark;
  /** Labels of the layers from the block down to there. */
  readonly via: readonly string[];
}

export interface Summary {
  /** The block's own symbols: entries, shape variables, inputs. */
  readonly symbols: ReadonlyMap<Atom, string>;
  readonly obligations: readonly Obligation[];
}

/** What one reading of a declaration has left open so far. */
export interface Duties {
  readonly obligations: Obligation[];
  /** Conditions of obligations, which the rest of the reading takes as met. */
  readonly granted: Set<Condition>;
  /** How many facts the declaration's own `where` gave. */
  declared: number;
  /** The scope of the declaration that is being read, whatever callee is being looked at. */
  reader: Scope | undefined;
}

export const noSummary: Summary = { symbols: new Map(), obligations: [] };

/** `names`: what the declaration's own names meant when its body began to be read. */
export function summarise({ context, sizes }: Scope, names: ReadonlyMap<string, Meaning>): Summary {
  const symbols = new Map<Atom, string>();
  for (const [name, dim] of sizes) note(symbols, name, dim);
  for (const [name, meaning] of names) {
    if (meaning.kind === "int") note(symbols, name, meaning.dim);
    if (meaning.kind === "tensor") note(symbols, name, meaning.index);
    if (meaning.kind === "bool" && meaning.condition.kind === "flag") symbols.set(meaning.condition.atom, name);
  }
  return { symbols, obligations: [...context.duties.obligations] };
}

function note(symbols: Map<Atom, string>, name: string, dim: Dim | undefined): void {
  const symbol = dim && asAtom(dim);
  if (symbol) symbols.set(symbol, name);
}

/** An obligation in the terms of a caller, whose scope for the callee is `body`; undefined where it cannot be said in them. */
export function translate(
  body: Scope,
  { symbols }: Summary,
  known: Map<Atom, Dim>,
  { demand, given }: Obligation,
): Pick<Obligation, "demand" | "given"> {
  const map = renewed(known, (symbol) => {
    const name = symbols.get(symbol);
    return name === undefined ? undefined : meaningOf(body, name, symbol);
  });
  return { demand: translated(demand, map), given: given.map((condition) => substituteCondition(condition, map)) };
}

function meaningOf(body: Scope, name: string, symbol: Atom): Dim | undefined {
  const meaning = body.names.get(name);
  if (symbol.role === "entry") return (meaning?.kind === "tensor" ? meaning.index : undefined) ?? computedEntry(name);
  if (meaning?.kind === "int") return meaning.dim;
  if (meaning?.kind === "tensor" && meaning.index) return meaning.index;
  if (meaning?.kind === "bool") return truthOf(meaning.condition);
  return body.sizes.get(name);
}

/** A condition as the value of a flag. */
function truthOf(condition: Condition): Dim {
  if (condition.kind === "flag") return variable(condition.atom);
  if (condition.kind === "constant" && condition.value) return one;
  if (condition.kind === "constant") return zero;
  return variable(unknownTruth().atom);
}

/** Whether a branch was taken on what no definition knows: only a config can tell whether it is. */
export const isUndecidable = (given: readonly Condition[]): boolean => given.some(mentionsUnknown);

function mentionsUnknown(condition: Condition): boolean {
  switch (condition.kind) {
    case "flag":
      return isUnknownTruth(condition.atom);
    case "not":
      return mentionsUnknown(condition.operand);
    case "and":
    case "or":
      return mentionsUnknown(condition.left) || mentionsUnknown(condition.right);
    default:
      return false;
  }
}

/** Equal for two summaries that demand the same. */
export function summaryKey({ symbols, obligations }: Summary): string {
  const names = [...symbols.values()].join();
  const lines = obligations.map(({ demand, given, place, via }) => {
    const dims = [...dimsIn(demand), ...given.flatMap(dimsOf)].map(entriesText);
    const conditions = given.map(printCondition);
    return [demand.kind, subjectOf(demand), ...dims, ...conditions, place.file, place.span.start, ...via].join(" | ");
  });
  return [names, ...lines].join("\n");
}

function dimsIn(demand: Demand): readonly Dim[] {
  const condition = conditionOf(demand);
  return condition ? dimsOf(condition) : demand.kind === "fixed" ? [demand.size] : [];
}

/** What a demand speaks of beside its sizes, for messages. */
function subjectOf(demand: Demand): string {
  switch (demand.kind) {
    case "division":
      return "";
    case "fact":
      return `${demand.callee} ${printCondition(demand.condition)}`;
    case "range":
    case "slice":
      return demand.axis;
    case "fixed":
      return demand.address;
  }
}
