/** Whether a fraction comes out whole. */
import { factorsOf } from "./common-divisor.js";
import { divide, isOpaque, whole as polynomialDim } from "./dim.js";
import type { Dim, Polynomial } from "./normal-form.js";
import { constantOf, isOne } from "./polynomial.js";

/** How many known whole fractions are tried in one product. */
const productDepth = 3;
/** How many residues are tried for a constant denominator. */
const residueLimit = 512;

/**
 * Whether `d` is an integer for all values of its atoms, given fractions that are. It looks for a product of known ones
 * that leaves an integer, in all of `d` and then in each of its monomials; and, for a constant denominator, at all
 * residues. It may say no where the answer is yes.
 */
export function isWhole(d: Dim, known: readonly Dim[]): boolean {
  if (isOpaque(d)) return false;
  if (isOne(d.denominator)) return true;
  if (isProductOfWhole(d, known, productDepth) || isWholeByResidues(d)) return true;
  if (known.length === 0 || d.numerator.length === 1) return false;
  return d.numerator.every((m) =>
    isProductOfWhole(divide(polynomialDim([m]), polynomialDim(d.denominator)), known, productDepth),
  );
}

function isProductOfWhole(d: Dim, known: readonly Dim[], depth: number): boolean {
  // What passed a limit on the way has lost its denominator.
  if (isOpaque(d)) return false;
  if (isOne(d.denominator)) return true;
  if (depth === 0) return false;
  const needed = factorsOf(d.denominator);
  for (const fact of known) {
    const offered = factorsOf(fact.denominator);
    const concerns = offered.size === 0 || [...offered.keys()].some((key) => needed.has(key));
    if (!concerns || fact.numerator.length === 0) continue;
    if (isProductOfWhole(divide(d, fact), known, depth - 1)) return true;
  }
  return false;
}

/** Whether `d` is never an integer, as all residues for a constant denominator show. */
export function isNeverWhole(d: Dim): boolean {
  return isDecidedByResidues(d, (residue) => residue !== 0n);
}

function isWholeByResidues(d: Dim): boolean {
  return isDecidedByResidues(d, (residue) => residue === 0n);
}

/** Polynomials depend on their factors' residues only, so a constant denominator can be tried out. */
function isDecidedByResidues(d: Dim, accepts: (residue: bigint) => boolean): boolean {
  const modulus = constantOf(d.denominator);
  if (modulus === undefined || modulus > BigInt(residueLimit)) return false;
  const factors = [...factorsOf(d.numerator).values()];
  if (Number(modulus) ** factors.length > residueLimit) return false;
  const chosen = new Map<string, bigint>();
  const choose = (index: number): boolean => {
    const factor = factors[index];
    if (!factor) {
      const value = evaluateResidue(d.numerator, chosen) % modulus;
      return accepts(value < 0n ? value + modulus : value);
    }
    for (let residue = 0n; residue < modulus; residue++) {
      chosen.set(factor.key, residue);
      if (!choose(index + 1)) return false;
    }
    return true;
  };
  return choose(0);
}

function evaluateResidue(p: Polynomial, chosen: ReadonlyMap<string, bigint>): bigint {
  let sum = 0n;
  for (const { coefficient, powers } of p) {
    let product = coefficient;
    for (const { factor, exponent } of powers) product *= (chosen.get(factor.key) ?? 0n) ** BigInt(exponent);
    sum += product;
  }
  return sum;
}
