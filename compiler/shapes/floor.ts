/** Rounded division, and what is made of it. `a // b` rounds towards minus infinity. */
import { commonDivisorOfIntegers } from "./common-divisor.js";
import { add, bounded, divide, factorDim, fraction, multiply, negate, one, subtract, whole } from "./dim.js";
import { evidentMinimum, isPositiveDivisor } from "./evident.js";
import type { Dim, FloorFactor, Polynomial } from "./normal-form.js";
import {
  constantOf,
  constantPolynomial,
  constantTerm,
  dividePolynomials,
  factorPolynomial,
  floorDivideIntegers,
  isOne,
  isZero,
  subtractPolynomials,
} from "./polynomial.js";

/**
 * The greatest integer not above `d`, where polynomials over the integers count as integers. What the denominator
 * divides is pulled out, constants are reduced, nested floors merge: `floor((floor(x / a) + c) / b)` is
 * `floor((x + c a) / (a b))` for integers `c` and `b > 0`.
 */
export function floor(d: Dim): Dim {
  if (isOne(d.denominator)) return d;
  return bounded(() => {
    const { quotient, remainder } = dividePolynomials(d.numerator, d.denominator);
    return add(whole(quotient), floorOfProper(fraction(remainder, d.denominator)));
  });
}

/** `d` has no polynomial part. */
function floorOfProper(d: Dim): Dim {
  const { numerator, denominator } = d;
  if (isOne(denominator)) return d;
  const smallest = evidentMinimum(denominator);
  if (smallest !== undefined && smallest >= 0n) {
    const least = smallest > 0n ? smallest : 1n;
    const value = constantOf(numerator);
    if (value !== undefined && value >= 0n && value < least) return whole(constantPolynomial(0n));
    if (value !== undefined && value < 0n && value >= -least) return whole(constantPolynomial(-1n));
    const merged = mergeNested(numerator, denominator) ?? roundConstant(numerator, denominator);
    if (merged) return floor(merged);
  }
  const factor: FloorFactor = { kind: "floor", argument: d, key: `floor(${d.key})`, size: d.size + 1 };
  return factorDim(factor);
}

/** The denominator is positive. */
function mergeNested(numerator: Polynomial, denominator: Polynomial): Dim | undefined {
  for (const { coefficient, powers } of numerator) {
    const [power, ...others] = powers;
    if (coefficient !== 1n || !power || power.exponent !== 1 || others.length > 0) continue;
    const inner = power.factor;
    if (inner.kind !== "floor" || !isPositiveDivisor(inner.argument.denominator)) continue;
    const rest = subtractPolynomials(numerator, factorPolynomial(inner));
    const elsewhere = [...rest, ...denominator].some((m) => m.powers.some((p) => p.factor.key === inner.key));
    if (!elsewhere) return divide(add(inner.argument, whole(rest)), whole(denominator));
  }
  return undefined;
}

/** `floor((g x + c) / (g y))` is `floor((x + floor(c / g)) / y)` for `y > 0`. */
function roundConstant(numerator: Polynomial, denominator: Polynomial): Dim | undefined {
  const last = constantTerm(numerator);
  if (last === 0n) return undefined;
  let shared = 0n;
  for (const m of denominator) shared = commonDivisorOfIntegers(shared, m.coefficient);
  for (const m of numerator) if (m.powers.length > 0) shared = commonDivisorOfIntegers(shared, m.coefficient);
  if (shared === 1n) return undefined;
  const excess = last - floorDivideIntegers(last, shared) * shared;
  if (excess === 0n) return undefined;
  return fraction(subtractPolynomials(numerator, constantPolynomial(excess)), denominator);
}

export function floorDivide(a: Dim, b: Dim): Dim {
  return floor(divide(a, b));
}

/** Rounds towards plus infinity; where both are plain integers it is `(a + b - 1) // b`. */
export function ceilDivide(a: Dim, b: Dim): Dim {
  if (isOne(a.denominator) && isOne(b.denominator) && isPositiveDivisor(b.numerator))
    return floorDivide(add(a, subtract(b, one)), b);
  return negate(floor(negate(divide(a, b))));
}

/** `a - b * (a // b)`: has the sign of `b`. */
export function modulo(a: Dim, b: Dim): Dim {
  if (isZero(b.numerator)) return divide(a, b);
  return subtract(a, multiply(b, floorDivide(a, b)));
}
