import { add, asFactor, constant, divide, factorDim, multiply, opaque, power, whole, zero } from "./dim.js";
import { extremum } from "./extremum.js";
import { floor } from "./floor.js";
import type { Atom, Dim, Factor, Polynomial } from "./normal-form.js";
import { isOne } from "./polynomial.js";

/** Replaces every atom for which `f` has a dim, all at once. An opaque dim becomes another opaque dim. */
export function substitute(d: Dim, f: (a: Atom) => Dim | undefined): Dim {
  return rebuild(d, (factor) => (factor.kind === "atom" ? f(factor.atom) : undefined));
}

/**
 * Rebuilds a dim bottom up. `replace` sees each factor after the dims within it were rebuilt; a factor for which it has
 * no dim stays.
 */
export function rebuild(d: Dim, replace: (factor: Factor) => Dim | undefined): Dim {
  const done = new Map<string, Dim>();
  const ofFactor = (factor: Factor): Dim => {
    const known = done.get(factor.key);
    if (known) return known;
    const result = ofNewFactor(factor);
    done.set(factor.key, result);
    return result;
  };
  const ofNewFactor = (factor: Factor): Dim => {
    switch (factor.kind) {
      case "atom":
        return replace(factor) ?? factorDim(factor);
      case "opaque":
        return opaque();
      case "floor":
        return again(floor(ofDim(factor.argument)), factor);
      case "minimum":
      case "maximum":
        return again(extremum(factor.kind, factor.operands.map(ofDim)), factor);
    }
  };
  /** What rebuilding made of a floor or an extremum may still be one, for `replace` to look at. */
  const again = (rebuilt: Dim, before: Factor): Dim => {
    const factor = asFactor(rebuilt);
    return (factor && factor.kind === before.kind && replace(factor)) || rebuilt;
  };
  const ofPolynomial = (p: Polynomial): Dim => {
    let sum = zero;
    for (const { coefficient, powers } of p) {
      let product = constant(coefficient);
      for (const { factor, exponent } of powers) product = multiply(product, power(ofFactor(factor), exponent));
      sum = add(sum, product);
    }
    return sum;
  };
  const changes = (p: Polynomial): boolean =>
    p.some((m) => m.powers.some(({ factor }) => ofFactor(factor).key !== factor.key));
  const ofDim = (dim: Dim): Dim => {
    if (!changes(dim.numerator) && !changes(dim.denominator)) return dim;
    const top = changes(dim.numerator) ? ofPolynomial(dim.numerator) : whole(dim.numerator);
    return isOne(dim.denominator) ? top : divide(top, ofPolynomial(dim.denominator));
  };
  return ofDim(d);
}
