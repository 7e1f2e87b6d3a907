import { describe, expect, it } from "vitest";
import {
  add,
  and,
  assume,
  atom,
  compare,
  constant,
  divides,
  flag,
  floorDivide,
  modulo,
  multiply,
  noFacts,
  normalise,
  not,
  printDim,
  quotient,
  sameDim,
  subtract,
  variable,
  type Condition,
  type Facts,
} from "../../compiler/shapes/index.js";

const config = (name: string) => variable(atom(name, "config"));
const c = constant;
const given = (...conditions: Condition[]): Facts => conditions.reduce(assume, noFacts);

describe("facts", () => {
  const [d, heads, kv, g, r] = [config("d"), config("heads"), config("kv_heads"), config("g"), config("r")];

  it("print what they divide in the user's terms", () => {
    const facts = given(divides(kv, heads), divides(heads, d));
    expect(printDim(normalise(d, facts))).toBe("d");
    expect(printDim(normalise(floorDivide(d, heads), facts))).toBe("d / heads");
    expect(printDim(normalise(floorDivide(multiply(d, kv), heads), facts))).toBe("d*kv_heads / heads");
    expect(printDim(normalise(modulo(d, kv), facts))).toBe("0");
    expect(printDim(normalise(floorDivide(add(d, c(1)), heads), facts))).toBe("1 // heads + d / heads");
  });

  it("leave what they do not speak of", () => {
    expect(printDim(normalise(floorDivide(d, heads), noFacts))).toBe("d // heads");
    expect(printDim(normalise(floorDivide(d, g), given(divides(heads, d))))).toBe("d // g");
  });

  it("orient equalities", () => {
    const facts = given(compare("==", r, quotient(heads, kv)), compare("==", g, kv));
    expect(sameDim(normalise(multiply(g, r), facts), normalise(heads, facts))).toBe(true);
    expect(sameDim(normalise(g, facts), normalise(kv, facts))).toBe(true);
  });

  it("chain remainders other than 0", () => {
    const facts = given(compare("==", modulo(d, c(4)), c(1)), divides(c(3), d));
    expect(printDim(normalise(modulo(d, c(12)), facts))).toBe("9");
    expect(printDim(normalise(modulo(d, c(2)), facts))).toBe("1");
  });

  it("know when no values satisfy them", () => {
    const bias = atom("bias", "config", { min: 0, below: c(2) });
    expect(given(compare("==", d, multiply(c(4), d))).contradictory).toBe(true);
    expect(given(flag(bias), not(flag(bias))).contradictory).toBe(true);
    expect(given(compare("==", d, c(10)), divides(c(3), d)).contradictory).toBe(true);
    expect(given(compare("==", d, c(0))).contradictory).toBe(true);
    expect(given(and(compare("==", d, heads), compare("!=", heads, d))).contradictory).toBe(true);
    expect(given(compare("<", d, heads)).contradictory).toBe(false);
  });

  it("are immutable", () => {
    const facts = given(divides(heads, d));
    const more = assume(facts, compare("==", heads, c(12)));
    expect(printDim(normalise(d, facts))).toBe("d");
    expect(printDim(normalise(heads, facts))).toBe("heads");
    expect(printDim(normalise(heads, more))).toBe("12");
    expect(facts.conditions).toHaveLength(1);
  });

  it("keep an equation that cannot be solved", () => {
    const [x, y] = [config("x"), config("y")];
    const square = multiply(x, x);
    const facts = given(compare("==", subtract(square, multiply(y, y)), c(5)));
    expect(sameDim(normalise(square, facts), normalise(add(multiply(y, y), c(5)), facts))).toBe(true);
  });
});
