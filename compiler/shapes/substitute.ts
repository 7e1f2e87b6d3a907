import { add, asFactor, divide, multiply, opaque, power, whole } from "./dim.js";
import { extremum } from "./extremum.js";
import { floor } from "./floor.js";
import type { Atom, Dim, Factor, Monomial, Polynomial } from "./normal-form.js";
import { isOne, monomial } from "./polynomial.js";

/** Replaces every atom for which `f` has a dim, all at once. An opaque dim becomes another opaque dim. */
export function substitute(d: Dim, f: (a: Atom) => Dim | undefined): Dim {
  return rebuild(d, (factor) => (factor.kind === "atom" ? f(factor.atom) : undefined));
}

/**
 * Rebuilds a dim bottom up. `replace` sees each factor after the dims within it were rebuilt; a factor for which it has
 * no dim stays.
 */
export function rebuild(d: Dim, replace: (factor: Factor) => Dim | undefined): Dim {
  const done = new Map<string, Dim | undefined>();
  /** What a factor becomes; undefined where it stays. */
  const ofFactor = (factor: Factor): Dim | undefined => {
    if (done.has(factor.key)) return done.get(factor.key);
    const result = ofNewFactor(factor);
    done.set(factor.key, result);
    return result;
  };
  const ofNewFactor = (factor: Factor): Dim | undefined => {
    switch (factor.kind) {
      case "atom":
        return replace(factor);
      case "opaque":
        return opaque();
      case "floor": {
        const argument = ofDim(factor.argument);
        return argument === factor.argument ? replace(factor) : again(floor(argument), factor);
      }
      case "minimum":
      case "maximum": {
        const operands = factor.operands.map(ofDim);
        const stays = operands.every((each, n) => each === factor.operands[n]);
        return stays ? replace(factor) : again(extremum(factor.kind, operands), factor);
      }
    }
  };
  /** What rebuilding made of a floor or an extremum may still be one, for `replace` to look at. */
  const again = (rebuilt: Dim, before: Factor): Dim => {
    const factor = asFactor(rebuilt);
    return (factor && factor.kind === before.kind && replace(factor)) || rebuilt;
  };
  const ofMonomial = ({ coefficient, powers }: Monomial): Dim => {
    const stays = powers.filter(({ factor }) => !ofFactor(factor));
    let product = whole([monomial(coefficient, stays)]);
    for (const { factor, exponent } of powers) {
      const becomes = ofFactor(factor);
      if (becomes) product = multiply(product, power(becomes, exponent));
    }
    return product;
  };
  const changes = ({ powers }: Monomial): boolean => powers.some(({ factor }) => ofFactor(factor));
  const ofPolynomial = (p: Polynomial): Dim =>
    p.filter(changes).reduce((sum, m) => add(sum, ofMonomial(m)), whole(p.filter((m) => !changes(m))));
  const ofDim = (dim: Dim): Dim => {
    if (!dim.numerator.some(changes) && !dim.denominator.some(changes)) return dim;
    const top = ofPolynomial(dim.numerator);
    return isOne(dim.denominator) ? top : divide(top, ofPolynomial(dim.denominator));
  };
  return ofDim(d);
}
