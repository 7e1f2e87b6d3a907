import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  add,
  asConstant,
  atomsOf,
  constant,
  dimKey,
  evaluate,
  isOpaque,
  multiply,
  negate,
  one,
  quotient,
  sameDim,
  substitute,
  subtract,
  zero,
  type Atom,
  type Dim,
} from "../../compiler/shapes/index.js";
import { build, meaning, shortTree, tree, valuation } from "./random.js";

const runs = { numRuns: Number(process.env["RUNS"] ?? 500) };

describe("a dim", () => {
  it("has the value of the expression it was built from", () => {
    fc.assert(
      fc.property(tree, valuation, (t, values) => {
        const expected = meaning(t, values);
        fc.pre(expected !== undefined);
        expect(evaluate(build(t), (a) => values.get(a))).toBe(expected);
      }),
      runs,
    );
  });

  it("is a ring", () => {
    const dim = tree.map(build).filter((d) => !isOpaque(d));
    const same = (x: Dim, y: Dim): void => {
      if (!isOpaque(x) && !isOpaque(y)) expect(dimKey(x)).toBe(dimKey(y));
    };
    fc.assert(
      fc.property(dim, dim, dim, (x, y, z) => {
        same(subtract(add(x, y), y), x);
        same(add(x, y), add(y, x));
        same(add(add(x, y), z), add(x, add(y, z)));
        same(multiply(x, y), multiply(y, x));
        same(multiply(x, add(y, z)), add(multiply(x, y), multiply(x, z)));
        same(multiply(multiply(x, y), z), multiply(x, multiply(y, z)));
        same(subtract(x, x), zero);
        same(multiply(x, one), x);
        same(negate(negate(x)), x);
        if (!sameDim(y, zero)) same(multiply(y, quotient(x, y)), x);
        if (!sameDim(y, zero)) same(quotient(multiply(x, y), y), x);
        if (!sameDim(y, zero) && !sameDim(z, zero)) same(quotient(quotient(x, y), z), quotient(x, multiply(y, z)));
      }),
      runs,
    );
  });

  it("substitutes as it evaluates", () => {
    fc.assert(
      fc.property(tree, fc.array(shortTree, { minLength: 4, maxLength: 4 }), valuation, (t, replacements, values) => {
        const d = build(t);
        const dims = new Map<Atom, Dim>();
        const inner = new Map<Atom, number>(values);
        for (const [index, a] of [...values.keys()].entries()) {
          const value = meaning(replacements[index]!, values);
          // A dim may stand for an atom only if it stays within the atom's bounds.
          if (value === undefined || value < a.min || value > 30 || a.max) continue;
          dims.set(a, build(replacements[index]!));
          inner.set(a, value);
        }
        const expected = meaning(t, inner);
        fc.pre(expected !== undefined);
        const found = evaluate(substitute(d, (a) => dims.get(a)), (a) => values.get(a)); // prettier-ignore
        const cancelled = found === undefined && [...dims.values(), d].some(isOpaque);
        if (!cancelled) expect(found).toBe(expected);
      }),
      runs,
    );
  });

  it("without atoms is a constant", () => {
    fc.assert(
      fc.property(tree, (t) => {
        const d = build(t);
        fc.pre(atomsOf(d).length === 0);
        const expected = meaning(t, new Map());
        if (expected !== undefined) expect(asConstant(d)).toBe(expected);
      }),
      runs,
    );
  });

  it("never loses digits", () => {
    const large = multiply(constant(2 ** 40), constant(2 ** 40));
    expect(asConstant(large)).toBeUndefined();
    expect(dimKey(large)).toBe(String(2n ** 80n));
    expect(asConstant(quotient(large, constant(2 ** 40)))).toBe(2 ** 40);
    expect(isOpaque(constant(1e300))).toBe(true);
    expect(() => constant(1.5)).toThrow(RangeError);
  });
});
