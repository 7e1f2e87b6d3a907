/** Dims: immutable, in normal form, and made only here. Every operation is total; past the limits it is opaque. */
import { commonDivisor } from "./common-divisor.js";
import { limits, PastLimit } from "./limits.js";
import type { Atom, AtomFactor, Dim, Factor, Polynomial } from "./normal-form.js";
import {
  addPolynomials,
  constantOf,
  constantPolynomial,
  divideExactly,
  factorPolynomial,
  isOne,
  isZero,
  multiplyPolynomials,
  negatePolynomial,
  onePolynomial,
  powerPolynomial,
  samePolynomial,
  zeroPolynomial,
} from "./polynomial.js";

export type { Dim } from "./normal-form.js";

/** Runs `make`, whose result becomes opaque where it passes a limit. */
export function bounded(make: () => Dim): Dim {
  try {
    return make();
  } catch (problem) {
    if (problem instanceof PastLimit) return opaque();
    throw problem;
  }
}

function polynomialKey(p: Polynomial): string {
  return p.map((m) => (m.key ? `${m.coefficient}*${m.key}` : `${m.coefficient}`)).join("+") || "0";
}

function polynomialSize(p: Polynomial): number {
  let size = 0;
  for (const m of p) {
    size++;
    for (const { factor } of m.powers) size += factor.size;
  }
  return size;
}

/** Numerator and denominator must have no common divisor, and the denominator a positive leading coefficient. */
function reducedFraction(numerator: Polynomial, denominator: Polynomial): Dim {
  const size = polynomialSize(numerator) + polynomialSize(denominator);
  if (size > limits.size) throw new PastLimit("size");
  const whole = isOne(denominator);
  const key = whole ? polynomialKey(numerator) : `(${polynomialKey(numerator)})/(${polynomialKey(denominator)})`;
  return { numerator, denominator, key, size };
}

/** The fraction in lowest terms; the denominator is not 0. May throw `PastLimit`. */
export function fraction(numerator: Polynomial, denominator: Polynomial): Dim {
  if (isOne(denominator)) return reducedFraction(numerator, denominator);
  const divisor = commonDivisor(numerator, denominator);
  let top = divideExactly(numerator, divisor) ?? numerator;
  let bottom = divideExactly(denominator, divisor) ?? denominator;
  if (bottom[0]!.coefficient < 0n) [top, bottom] = [negatePolynomial(top), negatePolynomial(bottom)];
  return reducedFraction(top, bottom);
}

/** A polynomial as a dim. May throw `PastLimit`. */
export function whole(p: Polynomial): Dim {
  return reducedFraction(p, onePolynomial);
}

let opaqueCount = 0;

/** A dim of which nothing is known, different from every other. */
export function opaque(): Dim {
  const factor: Factor = { kind: "opaque", key: `?${++opaqueCount}`, size: 1 };
  return whole(factorPolynomial(factor));
}

export const zero: Dim = whole(zeroPolynomial);
export const one: Dim = whole(onePolynomial);

/** An integer. A number past 2^53 has lost digits, so it is opaque; give a bigint instead. */
export function constant(n: number | bigint): Dim {
  if (typeof n === "number" && !Number.isSafeInteger(n)) {
    if (Number.isInteger(n)) return opaque();
    throw new RangeError(`a dim is an integer, not ${n}`);
  }
  return bounded(() => whole(constantPolynomial(BigInt(n))));
}

export function variable(a: Atom): Dim {
  const factor: AtomFactor = { kind: "atom", atom: a, key: `a${a.id}`, size: 1 };
  return whole(factorPolynomial(factor));
}

export function factorDim(factor: Factor): Dim {
  return bounded(() => whole(factorPolynomial(factor)));
}

export function add(a: Dim, b: Dim): Dim {
  return bounded(() => {
    if (samePolynomial(a.denominator, b.denominator))
      return fraction(addPolynomials(a.numerator, b.numerator), a.denominator);
    const left = multiplyPolynomials(a.numerator, b.denominator);
    const right = multiplyPolynomials(b.numerator, a.denominator);
    return fraction(addPolynomials(left, right), multiplyPolynomials(a.denominator, b.denominator));
  });
}

export function negate(a: Dim): Dim {
  return bounded(() => reducedFraction(negatePolynomial(a.numerator), a.denominator));
}

export function subtract(a: Dim, b: Dim): Dim {
  return add(a, negate(b));
}

export function multiply(a: Dim, b: Dim): Dim {
  return bounded(() =>
    fraction(multiplyPolynomials(a.numerator, b.numerator), multiplyPolynomials(a.denominator, b.denominator)),
  );
}

/** Division in the rational numbers. Division by 0 is opaque. */
export function divide(a: Dim, b: Dim): Dim {
  if (isZero(b.numerator)) return opaque();
  return bounded(() =>
    fraction(multiplyPolynomials(a.numerator, b.denominator), multiplyPolynomials(a.denominator, b.numerator)),
  );
}

/** `n` is an integer; a negative one divides. */
export function power(a: Dim, n: number): Dim {
  if (!Number.isInteger(n)) throw new RangeError(`a dim's exponent is an integer, not ${n}`);
  if (n < 0) return divide(one, power(a, -n));
  const base = isOne(a.denominator) ? constantOf(a.numerator) : undefined;
  if (base === 0n || base === 1n) return n === 0 ? one : a;
  if (base === -1n) return n % 2 === 0 ? one : a;
  if (n > limits.degree && base === undefined) return opaque();
  if (base !== undefined && n > 512) return opaque();
  return bounded(() => reducedFraction(powerPolynomial(a.numerator, n), powerPolynomial(a.denominator, n)));
}

/** Equal normal forms: equal for all values of the atoms, floors and extrema taken as unknowns. */
export function sameDim(a: Dim, b: Dim): boolean {
  return a.key === b.key;
}

/** A key for maps: equal iff `sameDim`. */
export function dimKey(d: Dim): string {
  return d.key;
}

export function asBigint(d: Dim): bigint | undefined {
  return isOne(d.denominator) ? constantOf(d.numerator) : undefined;
}

/** The integer a dim is, if it is one that a number holds exactly. */
export function asConstant(d: Dim): number | undefined {
  const value = asBigint(d);
  if (value === undefined) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** `d` is `plus - minus`, and neither has a minus sign in it. */
export function signedParts(d: Dim): { readonly plus: Dim; readonly minus: Dim } {
  const over = (sign: (coefficient: bigint) => boolean): Dim =>
    bounded(() =>
      fraction(
        d.numerator.filter(({ coefficient }) => sign(coefficient)),
        d.denominator,
      ),
    );
  return { plus: over((c) => c > 0n), minus: negate(over((c) => c < 0n)) };
}

/** The factor a dim consists of, and nothing else. */
export function asFactor(d: Dim): Factor | undefined {
  const [only, ...others] = d.numerator;
  if (!only || others.length > 0 || only.coefficient !== 1n || !isOne(d.denominator)) return undefined;
  const [first, ...more] = only.powers;
  return first && more.length === 0 && first.exponent === 1 ? first.factor : undefined;
}

export function asAtom(d: Dim): Atom | undefined {
  const factor = asFactor(d);
  return factor?.kind === "atom" ? factor.atom : undefined;
}

/** Every factor of a dim, those within floors and extrema included, each once. */
export function visitFactors(d: Dim, visit: (factor: Factor) => void): void {
  const seen = new Set<string>();
  const walk = (dim: Dim): void => {
    for (const polynomial of [dim.numerator, dim.denominator]) {
      for (const { powers } of polynomial) {
        for (const { factor } of powers) {
          if (seen.has(factor.key)) continue;
          seen.add(factor.key);
          visit(factor);
          if (factor.kind === "floor") walk(factor.argument);
          if (factor.kind === "minimum" || factor.kind === "maximum") factor.operands.forEach(walk);
        }
      }
    }
  };
  walk(d);
}

/** The atoms a dim depends on, oldest first; not those that only bound them. */
export function atomsOf(d: Dim): readonly Atom[] {
  const atoms: Atom[] = [];
  visitFactors(d, (factor) => {
    if (factor.kind === "atom") atoms.push(factor.atom);
  });
  return atoms.sort((a, b) => a.id - b.id);
}

/** Whether a limit was passed on the way to this dim, or a division by 0 met: no question about it can be answered. */
export function isOpaque(d: Dim): boolean {
  let found = false;
  visitFactors(d, (factor) => {
    found ||= factor.kind === "opaque";
  });
  return found;
}
