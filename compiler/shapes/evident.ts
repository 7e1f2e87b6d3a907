/** What can be read off a polynomial's own coefficients and its atoms' least values, without any facts. */
import type { Factor, Polynomial } from "./normal-form.js";

/** The least value of `p`, where it is plain: all coefficients positive, and of factors that are never negative. */
export function evidentMinimum(p: Polynomial): bigint | undefined {
  let sum = 0n;
  for (const m of p) {
    if (m.powers.length === 0) {
      sum += m.coefficient;
      continue;
    }
    if (m.coefficient < 0n) return undefined;
    let product = m.coefficient;
    for (const { factor, exponent } of m.powers) {
      const least = factorMinimum(factor);
      if (least === undefined || least < 0n) return undefined;
      product *= least ** BigInt(exponent);
    }
    sum += product;
  }
  return sum;
}

export function isEvidentlyPositive(p: Polynomial): boolean {
  const least = evidentMinimum(p);
  return least !== undefined && least > 0n;
}

export function isEvidentlyNonnegative(p: Polynomial): boolean {
  const least = evidentMinimum(p);
  return least !== undefined && least >= 0n;
}

/** Whether `p` is positive wherever something may be divided by it, that is, wherever it is not 0. */
export function isPositiveDivisor(p: Polynomial): boolean {
  return isEvidentlyNonnegative(p);
}

function factorMinimum(factor: Factor): bigint | undefined {
  switch (factor.kind) {
    case "atom":
      return Number.isSafeInteger(factor.atom.min) ? BigInt(factor.atom.min) : undefined;
    case "floor":
      return isEvidentlyNonnegative(factor.argument.numerator) && isPositiveDivisor(factor.argument.denominator)
        ? 0n
        : undefined;
    case "minimum":
    case "maximum": {
      const nonnegative = factor.operands.map(
        (d) => isEvidentlyNonnegative(d.numerator) && isPositiveDivisor(d.denominator),
      );
      return (factor.kind === "minimum" ? nonnegative.every(Boolean) : nonnegative.some(Boolean)) ? 0n : undefined;
    }
    case "opaque":
      return undefined;
  }
}
