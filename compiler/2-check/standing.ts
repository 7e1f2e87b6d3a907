/** Where a demand stands: it holds, it waits for a config or a caller, or it fails. */
import {
  asAtom,
  ask,
  assume,
  atomsOf,
  atomsOfCondition,
  compare,
  not,
  one,
  possible,
  printCondition,
  variable,
  type Atom,
  type Condition,
  type Facts,
} from "../shapes/index.js";
import { noteBound } from "./bounds.js";
import { atEnds, isLoose, varying } from "./ends.js";
import { assumeCase, casesOf, dataOf, isData, type Case } from "./entries.js";
import { canWait, concreteCondition, decide, isOuter, judge, numberOf } from "./decide.js";
import { conditionOf, inside, isPlain, readable, type Demand } from "./demand.js";
import type { Context } from "./scope.js";

export type Standing =
  | { readonly kind: "holds" | "waits" }
  /** `wanting`: what would have to be known for it to hold, where that can be said; none where nothing can help. */
  | { readonly kind: "fails"; readonly wanting: readonly Condition[] };

const holds: Standing = { kind: "holds" };
const waits: Standing = { kind: "waits" };
const hopeless: Standing = { kind: "fails", wanting: [] };

export function standing(context: Context, demand: Demand): Standing {
  switch (demand.kind) {
    case "fixed":
      return isFixed(context, demand);
    case "range":
      return isInRange(context, demand);
    default: {
      const condition = conditionOf(demand);
      if (!condition) return holds;
      const answer = judge(context, condition);
      if (answer.kind === "proved") return holds;
      if (answer.kind === "refuted" && answer.satisfiable === false) return hopeless;
      if (canWait(context, atomsOfCondition(condition))) return waits;
      return { kind: "fails", wanting: partsOf(condition).filter((part) => decide(context, part) !== "yes") };
    }
  }
}

/** What `and` joins, as it is best read. */
function partsOf(condition: Condition): Condition[] {
  if (condition.kind === "and") return [condition.left, condition.right].flatMap(partsOf);
  if (condition.kind !== "compare" || (condition.operator !== "<" && condition.operator !== "<=")) return [condition];
  return [readable(condition.operator, condition.left, condition.right)];
}

function isFixed(context: Context, { size }: Extract<Demand, { kind: "fixed" }>): Standing {
  const open = atomsOf(size).filter(({ role }) => role === "axis");
  if (open.length === 0) return holds;
  return canWait(context, open) ? waits : hopeless;
}

type Range = Extract<Demand, { kind: "range" }>;

function isInRange(context: Context, demand: Range): Standing {
  const cases = casesOf(demand.index);
  const open = cases?.filter((each) => !isCaseInRange(context, each, demand));
  if (open?.length === 0) return holds;
  if (context.mode === "instance") return hopeless;
  // What a block is given its callers know.
  if (context.isBlock && open?.some(({ value }) => atomsOf(value).some(isData))) return waits;
  if (open?.some(({ value }) => isLoose(value))) return hopeless;
  const ends = open?.map(({ value }) => atEnds(value, demand.size));
  if (!open || !ends || ends.includes(undefined)) return canWait(context, outwards(demand)) ? waits : hopeless;
  const wanting = ends.flatMap((each) => each ?? []).filter((end) => decide(context, end) !== "yes");
  if (open.every((each) => areReached(context, each)) && !isPossible(context, wanting)) return hopeless;
  if (canWait(context, wanting.flatMap(atomsOfCondition))) return waits;
  const together = wanting.reduce<Facts>(assume, context.facts);
  const settles = open.every((each) => isCaseInRange({ ...context, facts: together }, each, demand));
  if (settles) return { kind: "fails", wanting: isSensible(context, wanting) ? withoutImplied(context, wanting) : [] };
  return isPlain([demand.size]) && outwards(demand).every(({ role }) => role === "axis") ? hopeless : waits;
}

/** Whether each end is an index that there is: nothing chooses, and no axis or loop is without entries. */
function areReached(context: Context, { value, given }: Case): boolean {
  const isReached = ({ max }: Atom): boolean => !max || decide(context, compare("<=", one, max)) === "yes";
  return given.length === 0 && varying(value).every(isReached);
}

function isPossible(context: Context, wanting: readonly Condition[]): boolean {
  if (wanting.some((end) => possible(end, context.facts) === false)) return false;
  return !wanting.reduce<Facts>(assume, context.facts).contradictory;
}

/** A `where` that leaves an axis one entry is no mend, nor is one that nobody can read. */
function isSensible(context: Context, wanting: readonly Condition[]): boolean {
  const together = wanting.reduce<Facts>(assume, context.facts);
  const axes = wanting.flatMap(atomsOfCondition).filter(({ role }) => role === "axis");
  const isOne = (axis: Atom): boolean => ask(compare("<=", variable(axis), one), together).kind === "proved";
  const isRunTime = wanting.every((end) => !atomsOfCondition(end).some((symbol) => isOuter(context, symbol)));
  return isRunTime && !axes.some(isOne) && wanting.every((end) => printCondition(end).length <= readableLength);
}

const readableLength = 40;

/** The conditions from which the others follow. */
function withoutImplied(context: Context, conditions: readonly Condition[]): readonly Condition[] {
  return conditions.reduce<readonly Condition[]>((kept, condition, n) => {
    const others = [...kept, ...conditions.slice(n + 1)];
    return decide(context, condition, others.reduce<Facts>(assume, context.facts)) === "yes"
      ? kept
      : [...kept, condition];
  }, []);
}

/** The sizes that an index and its table depend on, those that bound its positions included. */
function outwards({ index, size }: Range): ReturnType<typeof atomsOf> {
  const bounds = atomsOf(index).flatMap((symbol) => (symbol.role === "entry" && symbol.max ? atomsOf(symbol.max) : []));
  return [...atomsOf(index).filter(({ role }) => role !== "entry"), ...bounds, ...atomsOf(size)];
}

function isCaseInRange(context: Context, each: Case, { size }: Range): boolean {
  if (dataOf(each.value)) return boundOnEntry(context, each, size);
  const given = each.given.map((condition) => concreteCondition(context, condition));
  const facts = assumeCase(context.facts, { value: each.value, given });
  return facts.contradictory || decide(context, inside(each.value, size), facts) === "yes";
}

/** What comes from outside is looked at on entry: data that is an index as it stands can be kept in range there. */
function boundOnEntry(context: Context, { value, given }: Case, size: Range["size"]): boolean {
  const data = dataOf(value);
  const symbol = asAtom(value);
  if (!data || !symbol || context.isBlock) return false;
  if (given.some((condition) => decide(context, not(condition)) === "yes")) return true;
  const except = given.flatMap((condition) => exceptionOf(context, condition, symbol) ?? []).at(0);
  if (context.mode === "definition") {
    if (except === undefined) context.facts = assume(context.facts, inside(value, size));
    return true;
  }
  if (!context.bounds.has(data)) return false;
  noteBound(context, { data, size, except });
  return true;
}

/** `-100` of `labels != -100`. */
function exceptionOf(context: Context, condition: Condition, data: ReturnType<typeof asAtom>): number | undefined {
  if (condition.kind !== "compare" || condition.operator !== "!=") return undefined;
  const { left, right } = condition;
  return asAtom(left) === data
    ? numberOf(context, right)
    : asAtom(right) === data
      ? numberOf(context, left)
      : undefined;
}
