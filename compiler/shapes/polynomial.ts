/** Arithmetic of polynomials over the integers in the normal form of `normal-form.ts`. */
import { limits, PastLimit } from "./limits.js";
import type { Factor, Monomial, Polynomial, Power } from "./normal-form.js";

/** A total order: atoms by age, then the other factors by key. */
export function compareFactors(a: Factor, b: Factor): number {
  if (a.kind === "atom" && b.kind === "atom") return a.atom.id - b.atom.id;
  if (a.kind === "atom") return -1;
  if (b.kind === "atom") return 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/** Graded lexicographic, earlier factors weighing more: a product of greater monomials is greater. */
export function compareMonomials(a: Monomial, b: Monomial): number {
  if (a.degree !== b.degree) return a.degree - b.degree;
  for (let index = 0; index < a.powers.length && index < b.powers.length; index++) {
    const left = a.powers[index]!;
    const right = b.powers[index]!;
    const order = compareFactors(left.factor, right.factor);
    if (order !== 0) return -order;
    if (left.exponent !== right.exponent) return left.exponent - right.exponent;
  }
  return a.powers.length - b.powers.length;
}

const most = limits.coefficient;
const least = -most;

/** `powers` must ascend. */
export function monomial(coefficient: bigint, powers: readonly Power[]): Monomial {
  let degree = 0;
  let key = "";
  for (const { factor, exponent } of powers) {
    degree += exponent;
    key += (key && "*") + (exponent === 1 ? factor.key : `${factor.key}^${exponent}`);
  }
  if (degree > limits.degree) throw new PastLimit("degree");
  return withCoefficient(coefficient, powers, key, degree);
}

/** `m` with another coefficient. */
export function scaleMonomial(m: Monomial, coefficient: bigint): Monomial {
  return coefficient === m.coefficient ? m : withCoefficient(coefficient, m.powers, m.key, m.degree);
}

/** Written out: it is made so often that an object which is spread would cost more than all else. */
function withCoefficient(coefficient: bigint, powers: readonly Power[], key: string, degree: number): Monomial {
  if (coefficient >= most || coefficient <= least) throw new PastLimit("coefficient");
  return { coefficient, powers, key, degree };
}

function multiplyMonomials(a: Monomial, b: Monomial): Monomial {
  const coefficient = a.coefficient * b.coefficient;
  if (b.powers.length === 0) return scaleMonomial(a, coefficient);
  if (a.powers.length === 0) return scaleMonomial(b, coefficient);
  const powers: Power[] = [];
  let i = 0;
  let j = 0;
  while (i < a.powers.length || j < b.powers.length) {
    const left = a.powers[i];
    const right = b.powers[j];
    const order = !left ? 1 : !right ? -1 : compareFactors(left.factor, right.factor);
    if (order === 0) powers.push({ factor: left!.factor, exponent: left!.exponent + right!.exponent });
    else powers.push(order < 0 ? left! : right!);
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return monomial(coefficient, powers);
}

/** The powers of `a` over those of `b`, or undefined where an exponent would be negative. */
export function dividePowers(a: Monomial, b: Monomial): readonly Power[] | undefined {
  const powers: Power[] = [];
  let j = 0;
  for (const power of a.powers) {
    const divisor = b.powers[j];
    if (divisor && divisor.factor.key === power.factor.key) {
      if (divisor.exponent > power.exponent) return undefined;
      if (power.exponent > divisor.exponent)
        powers.push({ factor: power.factor, exponent: power.exponent - divisor.exponent });
      j++;
    } else powers.push(power);
  }
  return j === b.powers.length ? powers : undefined;
}

export const zeroPolynomial: Polynomial = [];
export const onePolynomial: Polynomial = [monomial(1n, [])];

export function constantPolynomial(n: bigint): Polynomial {
  return n === 0n ? zeroPolynomial : [monomial(n, [])];
}

export function factorPolynomial(factor: Factor): Polynomial {
  return [monomial(1n, [{ factor, exponent: 1 }])];
}

export function isZero(p: Polynomial): boolean {
  return p.length === 0;
}

/** The value of a polynomial without factors. */
export function constantOf(p: Polynomial): bigint | undefined {
  if (p.length === 0) return 0n;
  return p.length === 1 && p[0]!.powers.length === 0 ? p[0]!.coefficient : undefined;
}

/** The monomial that has no factors, as a number; it stands last. */
export function constantTerm(p: Polynomial): bigint {
  const last = p.at(-1);
  return last && last.powers.length === 0 ? last.coefficient : 0n;
}

export function isOne(p: Polynomial): boolean {
  return constantOf(p) === 1n;
}

export function samePolynomial(a: Polynomial, b: Polynomial): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every((m, i) => m.coefficient === b[i]!.coefficient && m.key === b[i]!.key);
}

export function addPolynomials(a: Polynomial, b: Polynomial): Polynomial {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const sum: Monomial[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i];
    const right = b[j];
    const order = !left ? -1 : !right ? 1 : left.key === right.key ? 0 : compareMonomials(left, right);
    if (order === 0) {
      const coefficient = left!.coefficient + right!.coefficient;
      if (coefficient !== 0n) sum.push(scaleMonomial(left!, coefficient));
    } else sum.push(order > 0 ? left! : right!);
    if (order >= 0) i++;
    if (order <= 0) j++;
  }
  if (sum.length > limits.terms) throw new PastLimit("terms");
  return sum;
}

function scalePolynomial(p: Polynomial, by: bigint): Polynomial {
  return by === 0n ? zeroPolynomial : by === 1n ? p : p.map((m) => scaleMonomial(m, m.coefficient * by));
}

export function negatePolynomial(p: Polynomial): Polynomial {
  return scalePolynomial(p, -1n);
}

export function subtractPolynomials(a: Polynomial, b: Polynomial): Polynomial {
  return addPolynomials(a, negatePolynomial(b));
}

/** Multiplying all of a polynomial by one monomial keeps the order. */
function shift(p: Polynomial, by: Monomial): Polynomial {
  return p.map((m) => multiplyMonomials(m, by));
}

export function multiplyPolynomials(a: Polynomial, b: Polynomial): Polynomial {
  if (a.length === 0 || b.length === 0) return zeroPolynomial;
  if (isOne(a)) return b;
  if (isOne(b)) return a;
  if (a.length === 1) return shift(b, a[0]!);
  if (b.length === 1) return shift(a, b[0]!);
  if (a.length * b.length > limits.terms * 8) throw new PastLimit("terms");
  const products = new Map<string, Monomial>();
  for (const left of a) {
    for (const right of b) {
      const product = multiplyMonomials(left, right);
      const other = products.get(product.key);
      products.set(product.key, other ? scaleMonomial(other, other.coefficient + product.coefficient) : product);
    }
  }
  const sum = [...products.values()].filter((m) => m.coefficient !== 0n).sort((x, y) => compareMonomials(y, x));
  if (sum.length > limits.terms) throw new PastLimit("terms");
  return sum;
}

export function powerPolynomial(base: Polynomial, exponent: number): Polynomial {
  let result = onePolynomial;
  for (let step = 0; step < exponent; step++) result = multiplyPolynomials(result, base);
  return result;
}

/** Rounds towards minus infinity; the divisor is not 0. */
export function floorDivideIntegers(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

export interface Division {
  readonly quotient: Polynomial;
  readonly remainder: Polynomial;
}

/**
 * Long division `a = quotient * b + remainder` over the integers. No monomial of the remainder is a multiple of `b`'s
 * leading one with a coefficient outside [0, leading coefficient); so the remainder depends on `a` modulo `b` only.
 */
export function dividePolynomials(a: Polynomial, b: Polynomial): Division {
  const lead = b[0];
  if (!lead) throw new RangeError("division by the zero polynomial");
  const divisor = lead.coefficient < 0n ? negatePolynomial(b) : b;
  const head = divisor[0]!;
  let rest = a;
  let quotient = zeroPolynomial;
  const remainder: Monomial[] = [];
  for (let steps = 0; rest.length > 0; steps++) {
    if (steps > limits.terms * 8) throw new PastLimit("terms");
    const first = rest[0]!;
    const powers = dividePowers(first, head);
    const count = powers ? floorDivideIntegers(first.coefficient, head.coefficient) : 0n;
    if (powers && count !== 0n) {
      const step = monomial(count, powers);
      quotient = addPolynomials(quotient, [step]);
      rest = subtractPolynomials(rest, shift(divisor, step));
      if (rest[0]?.key !== first.key) continue;
    }
    remainder.push(rest[0]!);
    rest = rest.slice(1);
  }
  return { quotient: lead.coefficient < 0n ? negatePolynomial(quotient) : quotient, remainder };
}

/** `a / b` where it comes out whole. */
export function divideExactly(a: Polynomial, b: Polynomial): Polynomial | undefined {
  if (isOne(b)) return a;
  const { quotient, remainder } = dividePolynomials(a, b);
  return remainder.length === 0 ? quotient : undefined;
}
