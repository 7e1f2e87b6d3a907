import { commonDivisorOfIntegers } from "./common-divisor.js";
import type { Atom, Dim, Factor, Polynomial } from "./normal-form.js";
import { floorDivideIntegers } from "./polynomial.js";

type Valuation = (a: Atom) => number | undefined;

/**
 * A dim's value. Undefined if an atom is unknown, a division does not come out whole or is by 0, the dim is opaque, or
 * the value is past 2^53.
 */
export function evaluate(d: Dim, f: Valuation): number | undefined {
  const exact = evaluateExactly(d, f);
  if (exact === undefined) return undefined;
  const value = Number(exact);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** As `evaluate`, of any magnitude. */
export function evaluateExactly(d: Dim, f: Valuation): bigint | undefined {
  const value = evaluateFraction(d, f);
  return value?.denominator === 1n ? value.numerator : undefined;
}

interface Value {
  readonly numerator: bigint;
  /** Positive, and without a common divisor with the numerator. */
  readonly denominator: bigint;
}

function evaluateFraction(d: Dim, f: Valuation): Value | undefined {
  const top = evaluatePolynomial(d.numerator, f);
  const bottom = evaluatePolynomial(d.denominator, f);
  if (top === undefined || bottom === undefined || bottom === 0n) return undefined;
  const shared = commonDivisorOfIntegers(top, bottom) * (bottom < 0n ? -1n : 1n);
  return { numerator: top / shared, denominator: bottom / shared };
}

function evaluatePolynomial(p: Polynomial, f: Valuation): bigint | undefined {
  let sum = 0n;
  for (const { coefficient, powers } of p) {
    let product = coefficient;
    for (const { factor, exponent } of powers) {
      const value = evaluateFactor(factor, f);
      if (value === undefined) return undefined;
      product *= value ** BigInt(exponent);
    }
    sum += product;
  }
  return sum;
}

function evaluateFactor(factor: Factor, f: Valuation): bigint | undefined {
  switch (factor.kind) {
    case "atom": {
      const value = f(factor.atom);
      return value === undefined || !Number.isSafeInteger(value) ? undefined : BigInt(value);
    }
    case "floor": {
      const value = evaluateFraction(factor.argument, f);
      return value && floorDivideIntegers(value.numerator, value.denominator);
    }
    case "minimum":
    case "maximum": {
      let best: bigint | undefined;
      for (const operand of factor.operands) {
        const value = evaluateExactly(operand, f);
        if (value === undefined) return undefined;
        if (best === undefined || (factor.kind === "minimum" ? value < best : value > best)) best = value;
      }
      return best;
    }
    case "opaque":
      return undefined;
  }
}
