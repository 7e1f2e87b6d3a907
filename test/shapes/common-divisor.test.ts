import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { add, atom, constant, isOpaque, multiply, variable, type Dim } from "../../compiler/shapes/index.js";
import { commonDivisor } from "../../compiler/shapes/common-divisor.js";
import { divideExactly, dividePolynomials, addPolynomials, multiplyPolynomials, samePolynomial } from "../../compiler/shapes/polynomial.js"; // prettier-ignore

const [x, y, z] = ["x", "y", "z"].map((name) => variable(atom(name, "config"))) as [Dim, Dim, Dim];
const monomials = [constant(1), x, y, z, multiply(x, y), multiply(x, x), multiply(y, z)];
const polynomial = fc
  .array(fc.tuple(fc.constantFrom(...monomials), fc.integer({ min: -4, max: 4 })), { minLength: 1, maxLength: 3 })
  .map((terms) => terms.reduce((sum, [m, n]) => add(sum, multiply(m, constant(n))), constant(0)))
  .filter((d) => d.numerator.length > 0 && !isOpaque(d))
  .map((d) => d.numerator);

describe("commonDivisor", () => {
  it("divides both, and is divided by every common factor", () => {
    fc.assert(
      fc.property(polynomial, polynomial, polynomial, (p, q, shared) => {
        const [a, b] = [multiplyPolynomials(p, shared), multiplyPolynomials(q, shared)];
        const divisor = commonDivisor(a, b);
        expect(divideExactly(a, divisor)).toBeDefined();
        expect(divideExactly(b, divisor)).toBeDefined();
        expect(divideExactly(divisor, shared)).toBeDefined();
        expect(divisor[0]!.coefficient > 0n).toBe(true);
        expect(samePolynomial(divisor, commonDivisor(b, a))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("dividePolynomials", () => {
  it("leaves a remainder that depends on the dividend modulo the divisor only", () => {
    fc.assert(
      fc.property(polynomial, polynomial, polynomial, (a, b, more) => {
        const { quotient, remainder } = dividePolynomials(a, b);
        expect(samePolynomial(addPolynomials(multiplyPolynomials(quotient, b), remainder), a)).toBe(true);
        const shifted = addPolynomials(a, multiplyPolynomials(more, b));
        expect(samePolynomial(dividePolynomials(shifted, b).remainder, remainder)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
