/** Numbers for a program's config and axes under which all its facts hold. */
import type { Fact } from "./draft.js";
import { holds } from "./facts.js";
import type { Random } from "./random.js";
import { evaluate, sizeUnder, type Quantity, type Size } from "./size.js";

export interface Choice {
  /** By name: entries of the config and sizes of axes. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly valuation: ReadonlyMap<Quantity, number>;
  /** What a config writes, as text. */
  readonly settings: ReadonlyMap<string, string>;
  /** Entries that may be left out, since their default says the same. */
  readonly byDefault: ReadonlySet<string>;
}

/** Undefined where a thousand tries find none. */
export function chooseValuation(
  random: Random,
  quantities: readonly Quantity[],
  facts: readonly Fact[],
  flags: readonly string[],
  reals: readonly string[],
): Choice | undefined {
  for (let n = 0; n < 1000; n++) {
    const valuation = new Map<Quantity, number>();
    const given = new Set<Quantity>();
    for (const each of quantities) choose(random, each, valuation, given);
    if (!facts.every((fact) => holds(fact, valuation)) || [...valuation.values()].some((size) => size > 40)) continue;
    if (facts.some((fact) => Number.isNaN(sizeUnder(fact.kind === "divides" ? fact.dividend : fact.small, valuation)))) continue; // prettier-ignore
    const settings = new Map<string, string>();
    const byDefault = new Set<string>();
    for (const [of, size] of valuation) {
      if (of.role === "config") settings.set(of.name, String(size));
      if (of.role === "config" && !given.has(of)) byDefault.add(of.name);
    }
    for (const flag of flags) settings.set(flag, String(random.chance(0.5)));
    for (const real of reals) settings.set(real, random.pick(["0.25", "1.5", "-2.0"]));
    const numbers = new Map([...valuation].map(([{ name }, size]) => [name, size]));
    return { numbers, valuation, settings, byDefault };
  }
  return undefined;
}

/** Chooses what a quantity depends on first; sizes of one program differ where they can. */
function choose(random: Random, of: Quantity, chosen: Map<Quantity, number>, given: Set<Quantity>): number {
  const known = chosen.get(of);
  if (known !== undefined) return known;
  const under = (size: Size): number => evaluate(size, (each) => choose(random, each, chosen, given));
  const step = of.multipleOf.map(under).reduce(leastCommonMultiple, 1);
  const limit = Math.min(...of.atMost.map(under), Infinity);
  const fallback = of.fallback && under(of.fallback);
  if (
    fallback !== undefined &&
    fallback % step === 0 &&
    fallback <= limit &&
    fallback >= of.atLeast &&
    random.chance(0.6)
  ) {
    // prettier-ignore
    chosen.set(of, fallback);
    return fallback;
  }
  given.add(of);
  const least = Math.ceil(of.atLeast / step);
  const most = Math.max(least, Math.min(Math.floor(limit / step), least + (step > 2 ? 1 : 4)));
  let size = step * least;
  for (let n = 0; n < 6; n++) {
    size = step * (least + random.below(most - least + 1));
    if (![...chosen.values()].includes(size)) break;
  }
  chosen.set(of, size);
  return size;
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
