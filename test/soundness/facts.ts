/** What must be true of sizes: known already, stated from now on by a `where`, or out of reach. */
import { cover, type Draft, type Fact } from "./draft.js";
import { factorsOf, number, print, quantitiesOf, quantity, sameSize, sizeUnder, substitute, type Quantity, type Size, type Valuation } from "./size.js"; // prettier-ignore

/** Makes sure that the fact holds wherever the draft's body is read; false where it cannot be stated simply. */
export function establish(draft: Draft, fact: Fact): boolean {
  if (isKnown(draft, fact)) return true;
  const undo = constrain(fact);
  if (!undo) return false;
  if (draft.quantities.some((each) => least(each) > most(quantity(each)))) {
    undo();
    return false;
  }
  state(draft, fact);
  return true;
}

/** Limits the choice of the quantity that the fact is about; gives what takes that back, or undefined where there is none. */
function constrain(fact: Fact): (() => void) | undefined {
  if (fact.kind === "at-most" && fact.small.kind === "number") {
    const of = chosen(fact.large);
    if (!of) return undefined;
    const before = of.atLeast;
    of.atLeast = Math.max(before, fact.small.value);
    return () => (of.atLeast = before);
  }
  const [about, other] = fact.kind === "divides" ? [fact.dividend, fact.divisor] : [fact.small, fact.large];
  const of = chosen(about);
  if (!of || quantitiesOf(other).some((each) => reaches(each, of))) return undefined;
  if (fact.kind === "divides" && (factorsOf(other).length > 2 || of.multipleOf.length > 1)) return undefined;
  const limits = fact.kind === "divides" ? of.multipleOf : of.atMost;
  limits.push(other);
  return () => limits.pop();
}

/** The quantity that a size is, if its choice can be limited: turns of a loop stay few, and open axes are what they are. */
function chosen(size: Size): Quantity | undefined {
  if (size.kind !== "quantity") return undefined;
  const { name } = size.quantity;
  return name === ".." || name === "batch" || name.startsWith("depth") ? undefined : size.quantity;
}

/** What a choice is at least and at most, as far as numbers tell. */
const least = ({ atLeast, multipleOf }: Quantity): number =>
  multipleOf.reduce((all, size) => (size.kind === "number" ? Math.max(all, size.value) : all), atLeast);

const most = (size: Size): number => {
  if (size.kind === "number") return size.value;
  return size.kind === "quantity" ? Math.min(Infinity, ...size.quantity.atMost.map(most)) : Infinity;
};

function state(draft: Draft, fact: Fact): void {
  draft.facts.push(fact);
  const all = factSizes(fact).flatMap(quantitiesOf);
  const isOfConfig = all.every(({ role }) => role === "config");
  // What only a call can tell must be said at a model; what a config or a caller decides need not.
  const mustSay = (draft.kind === "model" || draft.kind === "task") && !isOfConfig;
  if (!mustSay && draft.random.chance(isOfConfig ? 0.5 : 0.3)) return cover(draft, "fact left to the config");
  cover(draft, "where");
  draft.where.push(printFact(fact));
}

const printFact = (fact: Fact): string =>
  fact.kind === "divides"
    ? `${bracketed(fact.dividend)} % ${bracketed(fact.divisor)} == 0`
    : `${print(fact.small)} <= ${print(fact.large)}`;

export const bracketed = (size: Size): string => (size.kind === "binary" ? `(${print(size)})` : print(size));

const factSizes = (fact: Fact): Size[] =>
  fact.kind === "divides" ? [fact.dividend, fact.divisor] : [fact.small, fact.large];

/** Whether a choice of `from` depends on one of `to`. */
function reaches(from: Quantity, to: Quantity): boolean {
  if (from === to) return true;
  const next = [...from.multipleOf, ...from.atMost, ...(from.fallback ? [from.fallback] : [])];
  return next.flatMap(quantitiesOf).some((each) => reaches(each, to));
}

function isKnown({ facts }: Draft, fact: Fact): boolean {
  if (fact.kind === "divides") {
    const { divisor, dividend } = fact;
    if (sameSize(divisor, number(1)) || sameSize(divisor, dividend)) return true;
    if (divisor.kind === "number" && dividend.kind === "number") return dividend.value % divisor.value === 0;
    if (factorsOf(dividend).some((factor) => sameSize(factor, divisor))) return true;
    return facts.some((f) => f.kind === "divides" && sameSize(f.divisor, divisor) && sameSize(f.dividend, dividend));
  }
  const { small, large } = fact;
  if (sameSize(small, large)) return true;
  if (small.kind === "number" && small.value <= 1 && large.kind === "quantity") return true;
  if (small.kind === "number" && large.kind === "number") return small.value <= large.value;
  return facts.some((f) => f.kind === "at-most" && sameSize(f.small, small) && sameSize(f.large, large));
}

export const substituteFact = (fact: Fact, by: ReadonlyMap<Quantity, Size>): Fact =>
  fact.kind === "divides"
    ? { kind: "divides", divisor: substitute(fact.divisor, by), dividend: substitute(fact.dividend, by) }
    : { kind: "at-most", small: substitute(fact.small, by), large: substitute(fact.large, by) };

export function holds(fact: Fact, valuation: Valuation): boolean {
  return fact.kind === "divides"
    ? sizeUnder(fact.dividend, valuation) % sizeUnder(fact.divisor, valuation) === 0
    : sizeUnder(fact.small, valuation) <= sizeUnder(fact.large, valuation);
}
