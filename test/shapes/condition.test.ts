import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  and,
  atom,
  atomsOfCondition,
  compare,
  constant,
  divides,
  evaluateCondition,
  flag,
  modulo,
  multiply,
  not,
  or,
  printCondition,
  quotient,
  substituteCondition,
  subtract,
  variable,
  zero,
} from "../../compiler/shapes/index.js";
import { atoms, bias, box, claim, state, truth } from "./random.js";

const [seqAtom, ctxAtom] = [atom("seq", "axis"), atom("ctx", "config")];
const [seq, ctx] = [variable(seqAtom), variable(ctxAtom)];
const small = box(4);

describe("a condition", () => {
  it("sees divisibility in a fraction: half of it is even iff it is a multiple of four", () => {
    const half = quotient(seq, constant(2));
    expect(printCondition(compare("==", modulo(half, constant(2)), zero))).toBe("seq % 4 == 0");
    const share = quotient(seq, multiply(constant(4), ctx));
    expect(printCondition(compare("==", modulo(share, constant(2)), zero))).toBe("seq % (8*ctx) == 0");
  });

  it("has the truth of the claim it states", () => {
    fc.assert(
      fc.property(claim, fc.constantFrom(...small), (claimed, values) => {
        const expected = truth(claimed, values);
        fc.pre(expected !== undefined);
        const stated = state(claimed);
        expect(evaluateCondition(stated, (a) => values.get(a))).toBe(expected);
        expect(evaluateCondition(not(stated), (a) => values.get(a))).toBe(!expected);
        const settled = substituteCondition(stated, (a) => constant(values.get(a) ?? 0));
        expect(evaluateCondition(settled, () => undefined)).toBe(expected);
        for (const a of atomsOfCondition(stated)) expect([...atoms, bias]).toContain(a);
      }),
      { numRuns: 700 },
    );
  });

  it("recognises divisibility written as a remainder", () => {
    const [d, heads] = [variable(atom("d", "config")), variable(atom("heads", "config"))];
    expect(compare("==", modulo(d, heads), zero)).toEqual(divides(heads, d));
    expect(compare("!=", modulo(d, heads), zero)).toEqual(not(divides(heads, d)));
    expect(compare("==", multiply(seq, modulo(d, heads)), zero)).toEqual(divides(heads, d));
    expect(compare("==", modulo(d, heads), constant(1)).kind).toBe("compare");
    expect(compare("==", modulo(multiply(d, heads), heads), zero)).toEqual({ kind: "constant", value: true });
  });

  it("is decided where it has no atoms", () => {
    const half = quotient(constant(7), constant(2));
    expect(compare("==", half, constant(3))).toEqual({ kind: "constant", value: false });
    expect(compare(">", half, constant(3))).toEqual({ kind: "constant", value: true });
    expect(compare("<", seq, subtract(seq, constant(1)))).toEqual({ kind: "constant", value: false });
    expect(divides(constant(12), constant(768))).toEqual({ kind: "constant", value: true });
    expect(divides(constant(10), constant(768))).toEqual({ kind: "constant", value: false });
  });

  it("is printed as source", () => {
    const use = flag(bias);
    expect(printCondition(compare("<=", seq, ctx))).toBe("seq <= ctx");
    expect(printCondition(compare(">", seq, ctx))).toBe("ctx < seq");
    expect(printCondition(divides(multiply(constant(8), ctx), seq))).toBe("seq % (8*ctx) == 0");
    expect(printCondition(not(divides(ctx, seq)))).toBe("seq % ctx != 0");
    expect(printCondition(and(use, or(not(use), compare("==", seq, ctx))))).toBe("bias & (!bias | seq == ctx)");
  });

  it("is undefined only where it depends on what has no value", () => {
    const unknown = compare("==", seq, ctx);
    const value = (a: typeof seqAtom): number | undefined => (a === seqAtom ? 3 : undefined);
    expect(evaluateCondition(unknown, value)).toBeUndefined();
    expect(evaluateCondition(or(unknown, compare("<", seq, constant(4))), value)).toBe(true);
    expect(evaluateCondition(and(unknown, compare("<", seq, constant(4))), value)).toBeUndefined();
    expect(evaluateCondition(and(unknown, compare("<", seq, constant(3))), value)).toBe(false);
  });
});
