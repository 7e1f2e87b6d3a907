import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atEnds } from "../../compiler/2-check/ends.js";
import { readable } from "../../compiler/2-check/demand.js";
import {
  add,
  atom,
  compare,
  constant,
  evaluateCondition,
  floorDivide,
  modulo,
  multiply,
  printCondition,
  subtract,
  variable,
  type Dim,
} from "../../compiler/shapes/index.js";

const [seq, ctx] = [atom("seq", "axis"), atom("ctx", "config")];
const number = fc.integer({ min: -3, max: 3 });
const linear: fc.Arbitrary<Dim> = fc
  .tuple(number, number, number)
  .map(([a, b, c]) =>
    add(add(multiply(constant(a), variable(seq)), multiply(constant(b), variable(ctx))), constant(c)),
  );
const pairs = Array.from({ length: 25 }, (_, n) => [1 + (n % 5), 1 + Math.floor(n / 5)] as const);

describe("an order as it is best read", () => {
  test("says the same", () => {
    fc.assert(
      fc.property(linear, linear, fc.constantFrom("<" as const, "<=" as const), (left, right, operator) => {
        const [plain, read] = [compare(operator, left, right), readable(operator, left, right)];
        for (const [s, c] of pairs) {
          const value = (symbol: typeof seq): number => (symbol === seq ? s : c);
          expect(evaluateCondition(read, value), printCondition(read)).toBe(evaluateCondition(plain, value));
        }
      }),
    );
  });

  test("has no minus sign, and no constant that can go", () => {
    const last = subtract(variable(seq), constant(1));
    expect(printCondition(readable("<", last, variable(ctx)))).toBe("seq <= ctx");
    expect(printCondition(readable("<=", constant(0), subtract(variable(ctx), variable(seq))))).toBe("seq <= ctx");
    expect(printCondition(readable("<=", constant(5), variable(seq)))).toBe("5 <= seq");
  });
});

test("what must hold at the ends holds of every index that is in range throughout", () => {
  const position = atom("p", "entry", { min: 0, below: variable(seq) });
  const p = variable(position);
  const index = fc
    .tuple(linear, number, fc.integer({ min: 1, max: 4 }), fc.constantFrom("plain", "floor", "modulo"))
    .map(([rest, factor, by, kind]) => {
      const moved = kind === "floor" ? floorDivide(p, constant(by)) : kind === "modulo" ? modulo(p, constant(by)) : p;
      return add(rest, multiply(constant(factor), moved));
    });
  fc.assert(
    fc.property(index, (at) => {
      const ends = atEnds(at, variable(ctx)) ?? [];
      for (const [s, c] of pairs) {
        const isWithin = (n: number): boolean => {
          const value = (symbol: typeof seq): number => (symbol === seq ? s : symbol === ctx ? c : n);
          return (
            evaluateCondition(compare("<=", constant(0), at), value) === true &&
            evaluateCondition(compare("<", at, variable(ctx)), value) === true
          );
        };
        if (!Array.from({ length: s }, (_, n) => n).every(isWithin)) continue;
        for (const end of ends)
          expect(
            evaluateCondition(end, (symbol) => (symbol === seq ? s : c)),
            printCondition(end),
          ).toBe(true);
      }
    }),
  );
});
