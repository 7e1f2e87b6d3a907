import { describe, expect, it } from "vitest";
import {
  add,
  and,
  ask,
  askDivides,
  askEqual,
  assume,
  atom,
  compare,
  constant,
  divides,
  evaluateCondition,
  flag,
  floorDivide,
  ceilDivide,
  maximum,
  minimum,
  modulo,
  multiply,
  noFacts,
  normalise,
  not,
  one,
  or,
  possible,
  power,
  printDim,
  quotient,
  subtract,
  variable,
  zero,
  type Atom,
  type Condition,
  type Dim,
  type Facts,
} from "../../compiler/shapes/index.js";

const config = (name: string): Dim => variable(atom(name, "config"));
const axis = (name: string): Dim => variable(atom(name, "axis"));
const loop = (name: string, below: Dim): Dim => variable(atom(name, "loop", { below }));
const c = constant;
const times = (...factors: Dim[]): Dim => factors.reduce(multiply, one);
const given = (...conditions: Condition[]): Facts => conditions.reduce(assume, noFacts);

const proved = { kind: "proved" };

describe("heads", () => {
  const d = config("d");
  const heads = config("heads");
  const kvHeads = config("kv_heads");
  const headDim = config("head_dim");

  it("merge to d where they divide it", () => {
    const facts = given(divides(heads, d));
    expect(askEqual(times(heads, quotient(d, heads)), d, facts)).toEqual(proved);
    expect(askEqual(times(heads, floorDivide(d, heads)), d, facts)).toEqual(proved);
    expect(askDivides(heads, d, facts)).toEqual(proved);
    expect(askDivides(heads, d, noFacts)).toMatchObject({ kind: "refuted", satisfiable: true });
    expect(askEqual(times(heads, floorDivide(d, heads)), d, noFacts)).toMatchObject({
      kind: "refuted",
      satisfiable: true,
    });
  });

  it.each([
    ["heads first", [divides(heads, d), divides(kvHeads, heads)]],
    ["kv_heads first", [divides(kvHeads, heads), divides(heads, d)]],
  ])("split in groups, %s", (_, conditions) => {
    const facts = given(...conditions);
    const r = quotient(heads, kvHeads, facts);
    expect(askEqual(times(kvHeads, r), heads, facts)).toEqual(proved);
    expect(askEqual(times(r, kvHeads, headDim), times(heads, headDim), facts)).toEqual(proved);
    expect(askDivides(kvHeads, d, facts)).toEqual(proved);
    expect(askDivides(kvHeads, heads, facts)).toEqual(proved);
    expect(askEqual(times(kvHeads, r, quotient(d, heads)), d, facts)).toEqual(proved);
    expect(askDivides(times(kvHeads, r), d, facts)).toEqual(proved);
    expect(printDim(normalise(floorDivide(d, heads), facts))).toBe("d / heads");
    expect(printDim(normalise(floorDivide(d, kvHeads), facts))).toBe("d / kv_heads");
  });

  it("split by a stated product", () => {
    const [g, r] = [config("g"), config("r")];
    const facts = given(compare("==", times(g, r), heads), compare("==", g, kvHeads));
    expect(askDivides(kvHeads, heads, facts)).toEqual(proved);
    expect(askEqual(r, quotient(heads, kvHeads), facts)).toEqual(proved);
    expect(askEqual(times(r, kvHeads, headDim), times(heads, headDim), facts)).toEqual(proved);
  });

  it("keep a second divisor of the same variable", () => {
    const facts = given(divides(heads, d), divides(c(8), d), divides(kvHeads, d));
    expect(askDivides(c(8), d, facts)).toEqual(proved);
    expect(askDivides(kvHeads, d, facts)).toEqual(proved);
    expect(askEqual(times(kvHeads, floorDivide(d, kvHeads)), d, facts)).toEqual(proved);
    expect(askDivides(c(4), d, facts)).toEqual(proved);
    expect(askDivides(times(c(8), heads), d, facts)).toMatchObject({ kind: "refuted", satisfiable: true });
  });

  it("divisors of one variable join to their least common multiple", () => {
    const facts = given(divides(c(8), d), divides(c(6), d));
    expect(askDivides(c(24), d, facts)).toEqual(proved);
    expect(askDivides(c(48), d, facts)).toMatchObject({ kind: "refuted", satisfiable: true });
  });
});

describe("images", () => {
  const [image, patch, win] = [config("image"), config("patch"), config("win")];

  it("merge three times, with windows at every stage", () => {
    const facts = given(divides(times(c(8), patch, win), image));
    let h = quotient(image, patch, facts);
    for (let stage = 0; stage < 4; stage++) {
      expect(askDivides(win, h, facts)).toEqual(proved);
      expect(askEqual(times(quotient(h, win), win), h, facts)).toEqual(proved);
      expect(askEqual(times(floorDivide(h, win), win), h, facts)).toEqual(proved);
      if (stage === 3) break;
      expect(askDivides(c(2), h, facts)).toEqual(proved);
      h = quotient(h, c(2), facts);
    }
    expect(printDim(h)).toBe("image / (8*patch)");
    expect(askDivides(c(2), h, facts)).toMatchObject({ kind: "refuted", satisfiable: true });
  });

  it("have as many patches as a strided convolution makes", () => {
    const facts = given(divides(patch, image));
    const made = add(floorDivide(subtract(image, patch), patch), one);
    expect(askEqual(made, quotient(image, patch), facts)).toEqual(proved);
    expect(askEqual(made, floorDivide(image, patch), noFacts)).toEqual(proved);
  });

  it("need their parity in the facts", () => {
    const d = config("d");
    const halved = times(floorDivide(d, c(2)), c(2));
    expect(askEqual(halved, d, noFacts)).toMatchObject({ kind: "refuted", satisfiable: true });
    expect(askEqual(halved, d, given(divides(c(2), d)))).toEqual(proved);
    expect(askEqual(halved, d, given(compare("==", modulo(d, c(2)), zero)))).toEqual(proved);
    expect(askEqual(halved, d, given(compare("==", modulo(d, c(2)), one)))).toMatchObject({ satisfiable: false });
  });
});

describe("rounding", () => {
  const [x, time] = [axis("x"), axis("time")];

  it("merges two strided convolutions", () => {
    const conv = (t: Dim): Dim => add(floorDivide(subtract(t, c(3)), c(2)), one);
    expect(askEqual(conv(conv(time)), add(floorDivide(subtract(time, c(7)), c(4)), one), noFacts)).toEqual(proved);
    expect(printDim(conv(conv(time)))).toBe("(time - 3) // 4");
  });

  it("merges nested floors of symbolic divisors", () => {
    const [a, b] = [config("a"), config("b")];
    const nested = floorDivide(add(floorDivide(x, a), c(5)), b);
    expect(askEqual(nested, floorDivide(add(x, times(c(5), a)), times(a, b)), noFacts)).toEqual(proved);
  });

  it("is bounded by its argument", () => {
    expect(ask(compare("<=", times(c(8), floorDivide(x, c(8))), x), noFacts)).toEqual(proved);
    expect(ask(compare("<", modulo(x, c(8)), c(8)), noFacts)).toEqual(proved);
    expect(ask(compare("<=", zero, modulo(x, c(8))), noFacts)).toEqual(proved);
    expect(ask(compare("<=", x, times(c(8), ceilDivide(x, c(8)))), noFacts)).toEqual(proved);
    const n = config("n");
    expect(ask(compare("<", modulo(x, n), n), noFacts)).toEqual(proved);
    expect(ask(compare("<=", floorDivide(x, n), x), noFacts)).toEqual(proved);
  });
});

describe("indices", () => {
  it("stay within a table of relative positions", () => {
    const w = config("w");
    const [q, k] = [loop("q", w), loop("k", w)];
    const index = subtract(add(subtract(q, k), w), one);
    expect(ask(compare("<=", zero, index), noFacts)).toEqual(proved);
    expect(ask(compare("<=", index, subtract(times(c(2), w), c(2))), noFacts)).toEqual(proved);
    expect(ask(compare("<", index, subtract(times(c(2), w), c(2))), noFacts)).toMatchObject({ satisfiable: true });
  });

  it("of shared groups stay within the groups", () => {
    const [depth, groups] = [config("depth"), config("groups")];
    const i = loop("i", depth);
    const shared = floorDivide(times(i, groups), depth);
    expect(ask(compare("<", shared, groups), noFacts)).toEqual(proved);
    expect(ask(compare("<=", zero, shared), noFacts)).toEqual(proved);
  });

  it("of merged axes stay within the product", () => {
    const [heads, kv] = [config("heads"), config("kv_heads")];
    const facts = given(divides(kv, heads));
    const r = quotient(heads, kv, facts);
    const [gi, ri] = [loop("gi", kv), loop("ri", r)];
    expect(ask(compare("<", add(times(gi, r), ri), heads), facts)).toEqual(proved);
  });

  it("follow from the length of a sequence", () => {
    const [seq, ctx] = [axis("seq"), config("ctx")];
    const i = loop("i", seq);
    const facts = given(compare("<=", seq, ctx));
    expect(ask(compare("<", subtract(seq, one), ctx), facts)).toEqual(proved);
    expect(ask(compare("<", i, ctx), facts)).toEqual(proved);
    expect(ask(compare("<", i, ctx), noFacts)).toMatchObject({ kind: "refuted", satisfiable: true });
    expect(askEqual(add(subtract(seq, one), one), seq, noFacts)).toEqual(proved);
  });
});

describe("refutation", () => {
  const [d, heads] = [config("d"), config("heads")];

  it("shows the defaults as a witness, where they are one", () => {
    const [a, b] = [atom("d", "config"), atom("heads", "config")];
    const preferred = new Map<Atom, number>([[a, 768], [b, 10]]); // prettier-ignore
    const answer = askEqual(variable(a), times(c(4), variable(a)), noFacts, { preferred });
    expect(answer).toMatchObject({ kind: "refuted", satisfiable: false });
    expect(answer.kind === "refuted" && answer.witness.get(a)).toBe(768);
    const split = askDivides(variable(b), variable(a), noFacts, { preferred });
    expect(split).toMatchObject({ kind: "refuted", satisfiable: true });
    expect(split.kind === "refuted" && [split.witness.get(a), split.witness.get(b)]).toEqual([768, 10]);
  });

  it("gives a witness that satisfies the facts", () => {
    const facts = given(divides(heads, d), divides(c(64), d), compare("<", c(3), heads));
    const answer = askEqual(quotient(d, heads), c(64), facts);
    if (answer.kind !== "refuted") throw new Error(answer.kind);
    for (const fact of facts.conditions) expect(evaluateCondition(fact, (a) => answer.witness.get(a))).toBe(true);
  });

  it("tells a contradiction from a matter of values", () => {
    expect(possible(compare("==", d, times(c(4), d)), noFacts)).toBe(false);
    expect(possible(compare("==", d, heads), noFacts)).toBe(true);
    expect(possible(compare("==", times(c(2), d), add(times(c(2), heads), one)), noFacts)).toBe(false);
    expect(possible(compare("<", d, heads), given(compare("<=", heads, d)))).toBe(false);
  });
});

describe("cases", () => {
  const [a, b] = [config("a"), config("b")];

  it("decide extrema", () => {
    expect(askEqual(add(minimum(a, b), maximum(a, b)), add(a, b), noFacts)).toEqual(proved);
    expect(ask(compare("<=", minimum(a, b), a), noFacts)).toEqual(proved);
    expect(askEqual(minimum(a, b), a, given(compare("<=", a, b)))).toEqual(proved);
    expect(askEqual(minimum(a, b), a, noFacts)).toMatchObject({ kind: "refuted", satisfiable: true });
    expect(askEqual(minimum(add(a, one), add(b, one)), add(minimum(a, b), one), noFacts)).toEqual(proved);
  });

  it("decide disjunctions", () => {
    const facts = given(or(compare("==", a, c(8)), compare("==", a, c(16))));
    expect(askDivides(c(8), a, facts)).toEqual(proved);
    expect(ask(compare("<=", a, c(16)), facts)).toEqual(proved);
    expect(askDivides(c(16), a, facts)).toMatchObject({ kind: "refuted", satisfiable: true });
  });

  it("decide flags", () => {
    const bias = atom("bias", "config", { min: 0, below: c(2) });
    const facts = given(or(not(flag(bias)), compare("==", a, b)));
    expect(askEqual(a, b, assume(facts, flag(bias)))).toEqual(proved);
    expect(askEqual(a, b, facts)).toMatchObject({ kind: "refuted" });
    expect(ask(flag(bias), assume(noFacts, not(flag(bias))))).toMatchObject({ kind: "refuted", satisfiable: false });
    expect(ask(or(flag(bias), not(flag(bias))), noFacts)).toEqual(proved);
  });

  it("follow from contradictory facts", () => {
    const facts = given(compare("==", a, b), compare("<", a, b));
    expect(askEqual(a, c(7), facts)).toEqual(proved);
  });

  it("join conjunctions", () => {
    const facts = given(and(divides(c(2), a), divides(c(3), a)));
    expect(ask(and(divides(c(6), a), compare("<=", c(6), a)), facts)).toEqual(proved);
  });
});

describe("work", { timeout: 20_000 }, () => {
  const names = Array.from({ length: 10_000 }, (_, index) => config(`x${index}`));
  const hurried = (work: () => void): void => {
    const start = performance.now();
    work();
    expect(performance.now() - start).toBeLessThan(10_000);
  };

  it("is bounded for great powers", () =>
    hurried(() => {
      const [a, b] = [config("a"), config("b")];
      const great = power(add(a, b), 1e9);
      expect(askEqual(great, a, noFacts)).toEqual({ kind: "unknown" });
      expect(askEqual(power(c(2), 1e9), a, noFacts)).toEqual({ kind: "unknown" });
      expect(askEqual(great, great, noFacts)).toEqual(proved);
    }));

  it("is bounded for many terms", () =>
    hurried(() => {
      const sum = names.reduce(add, zero);
      expect(ask(compare("<", sum, one), noFacts).kind).toBe("unknown");
      const rest = names.slice(0, 200).reduce((total, x) => add(total, floorDivide(x, c(3))), zero);
      expect(ask(compare("<=", rest, names[0]!), noFacts).kind).not.toBe("proved");
    }));

  it("concludes nothing from what passed a limit", () => {
    const [a, b] = [config("a"), config("b")];
    const great = power(add(a, b), 40);
    const greater = power(add(a, add(b, one)), 40);
    expect(askDivides(great, greater, noFacts).kind).not.toBe("proved");
    expect(askDivides(quotient(a, zero), a, noFacts).kind).not.toBe("proved");
    expect(askDivides(zero, a, noFacts)).toMatchObject({ kind: "refuted", satisfiable: false });
    expect(askDivides(power(c(2), 1e9), a, noFacts)).toEqual({ kind: "unknown" });
  });

  it("is bounded for many facts", () =>
    hurried(() => {
      let facts = noFacts;
      for (let index = 0; index + 1 < 60; index++)
        facts = assume(
          facts,
          compare("<=", times(names[index]!, names[index + 1]!), times(c(index + 1), names[index + 2]!)),
        );
      expect(ask(compare("<", names[0]!, names[50]!), facts).kind).not.toBe("proved");
    }));

  it("is bounded for many cases", () =>
    hurried(() => {
      const [a, b] = [names[0]!, names[1]!];
      const differing = names.slice(2, 40).map((x) => or(compare("==", x, a), compare("==", x, b)));
      const facts = differing.reduce(assume, noFacts);
      const least = names.slice(2, 60).reduce(minimum, a);
      expect(ask(compare("<=", least, b), facts).kind).not.toBe("proved");
      const question = names.slice(2, 40).map((x) => compare("<=", x, maximum(a, b))).reduce(and); // prettier-ignore
      expect(ask(question, facts).kind).not.toBe("refuted");
    }));

  it("is bounded for nested quotients", () =>
    hurried(() => {
      let nested = one;
      for (const x of names.slice(0, 60)) nested = quotient(x, add(x, nested));
      expect(ask(compare("<", nested, one), noFacts).kind).not.toBe("refuted");
    }));
});
