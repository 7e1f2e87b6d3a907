import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areContradictory, type Constraint } from "../../compiler/shapes/linear.js";

const unknowns = ["x", "y", "z"] as const;
const all = new Set<string>(unknowns);
const of = (constant: number, x = 0, y = 0, z = 0): Constraint => ({
  constant: BigInt(constant),
  coefficients: new Map([["x", BigInt(x)], ["y", BigInt(y)], ["z", BigInt(z)]]), // prettier-ignore
});

const small: [number, number, number][] = [];
for (let x = 0; x < 9; x++) for (let y = 0; y < 9; y++) for (let z = 0; z < 9; z++) small.push([x, y, z]);

describe("areContradictory", () => {
  it("finds contradictions of sums", () => {
    // x - y >= 1, y - z >= 1, z - x >= 0
    expect(areContradictory([of(-1, 1, -1), of(-1, 0, 1, -1), of(0, -1, 0, 1)], all)).toBe(true);
    expect(areContradictory([of(-1, 1, -1), of(-1, 0, 1, -1)], all)).toBe(false);
    expect(areContradictory([of(-1, -1)], all)).toBe(true);
    expect(areContradictory([of(-1, -1)], new Set())).toBe(false);
  });

  it("rounds to integers", () => {
    // 1 <= 2x <= 1
    expect(areContradictory([of(-1, 2), of(1, -2)], all)).toBe(true);
  });

  it("never contradicts what has a solution", () => {
    const coefficient = fc.integer({ min: -3, max: 3 });
    const constraint = fc.tuple(fc.integer({ min: -6, max: 6 }), coefficient, coefficient, coefficient);
    fc.assert(
      fc.property(fc.array(constraint, { minLength: 1, maxLength: 6 }), (rows) => {
        const contradictory = areContradictory(rows.map(([constant, x, y, z]) => of(constant, x, y, z)), all); // prettier-ignore
        if (!contradictory) return;
        const solution = small.find(([x, y, z]) => rows.every(([c, p, q, r]) => c + p * x + q * y + r * z >= 0));
        expect(solution).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  it("finds every contradiction of two unknowns over the rationals", () => {
    const coefficient = fc.integer({ min: -2, max: 2 });
    const constraint = fc.tuple(fc.integer({ min: -4, max: 4 }), coefficient, coefficient);
    fc.assert(
      fc.property(fc.array(constraint, { minLength: 1, maxLength: 4 }), (rows) => {
        // A feasible polyhedron in the quadrant has a vertex where two of its lines meet.
        const lines = [...rows, [0, 1, 0], [0, 0, 1]];
        const feasible = lines.some(([c1 = 0, a1 = 0, b1 = 0]) =>
          lines.some(([c2 = 0, a2 = 0, b2 = 0]) => {
            const determinant = a1 * b2 - a2 * b1;
            if (determinant === 0) return false;
            const x = (b1 * c2 - b2 * c1) / determinant;
            const y = (a2 * c1 - a1 * c2) / determinant;
            return lines.every(([c = 0, a = 0, b = 0]) => c + a * x + b * y >= -1e-9);
          }),
        );
        if (!feasible) expect(areContradictory(rows.map(([constant, x, y]) => of(constant, x, y)), all)).toBe(true); // prettier-ignore
      }),
      { numRuns: 2000 },
    );
  });
});
