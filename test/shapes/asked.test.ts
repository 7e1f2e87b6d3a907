import { describe, expect, it } from "vitest";
import {
  ask,
  assume,
  atom,
  compare,
  constant,
  divides,
  flag,
  floorDivide,
  multiply,
  noFacts,
  variable,
  type Answer,
  type Atom,
} from "../../compiler/shapes/index.js";
import { createRecent } from "../../compiler/shapes/recent.js";

const witnessOf = (answer: Answer): ReadonlyMap<Atom, number> | undefined =>
  answer.kind === "refuted" ? answer.witness : undefined;

describe("a question that was asked of other atoms", () => {
  const askOf = (a: Atom, b: Atom): Answer =>
    ask(compare("<", variable(a), variable(b)), assume(noFacts, divides(constant(3), variable(a))));

  it("is refuted by values of its own atoms", () => {
    for (let round = 0; round < 2; round++) {
      const [a, b] = [atom("a", "config"), atom("b", "config")];
      const witness = witnessOf(askOf(a, b));
      expect(new Set(witness?.keys())).toEqual(new Set([a, b]));
      expect((witness?.get(a) ?? 1) % 3).toBe(0);
      expect(witness?.get(a)).toBeGreaterThanOrEqual(witness?.get(b) ?? Infinity);
    }
  });

  it("is another one where they may have other values, or stand for each other", () => {
    const isPositive = (min: number): string => ask(compare("<", constant(0), variable(atom("n", "config", { min }))), noFacts).kind; // prettier-ignore
    expect([1, 0, 1].map(isPositive)).toEqual(["proved", "refuted", "proved"]);
    const below = (size: number): string =>
      ask(compare("<", variable(atom("i", "loop", { below: constant(size) })), constant(8)), noFacts).kind;
    expect([8, 9, 8].map(below)).toEqual(["proved", "refuted", "proved"]);
    const [a, b] = [variable(atom("a", "config")), variable(atom("b", "config"))];
    const product = multiply(a, floorDivide(b, a));
    expect(ask(compare("<=", product, b), noFacts).kind).toBe("proved");
    expect(ask(compare("<=", multiply(b, floorDivide(a, b)), b), noFacts).kind).toBe("refuted");
  });

  it("is told with the values that are preferred for them", () => {
    const told = (value: number): number | undefined => {
      const n = atom("n", "config");
      return witnessOf(ask(compare("<", variable(n), constant(5)), noFacts, { preferred: new Map([[n, value]]) }))?.get(
        n,
      );
    };
    expect([12, 768, 12].map(told)).toEqual([12, 768, 12]);
  });

  it("is another one under other facts", () => {
    const answer = (isGiven: boolean): string => {
      const given = atom("given", "config", { min: 0 });
      return ask(flag(given), isGiven ? assume(noFacts, flag(given)) : noFacts).kind;
    };
    expect([true, false, true].map(answer)).toEqual(["proved", "refuted", "proved"]);
  });
});

it("forgets what was not asked for lately", () => {
  const recent = createRecent<number>(2);
  for (const [n, key] of ["a", "b", "c"].entries()) recent.set(key, n);
  expect(recent.get("a")).toBe(0); // As young as `c` again.
  recent.set("d", 3);
  expect(["a", "b", "d"].map((key) => recent.get(key))).toEqual([0, undefined, 3]);
});
