/** The greatest common divisor of polynomials over the integers, by primitive pseudo-remainder sequences. */
import { limits, PastLimit } from "./limits.js";
import type { Factor, Monomial, Polynomial, Power } from "./normal-form.js";
import {
  addPolynomials,
  divideExactly,
  factorPolynomial,
  isZero,
  monomial,
  multiplyPolynomials,
  negatePolynomial,
  onePolynomial,
  powerPolynomial,
  scaleMonomial,
  subtractPolynomials,
  zeroPolynomial,
} from "./polynomial.js";

export function commonDivisorOfIntegers(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** The greatest common divisor, with a positive leading coefficient; of 0 and 0 it is 0. */
export function commonDivisor(a: Polynomial, b: Polynomial): Polynomial {
  const budget = { steps: limits.divisorSteps };
  return search(a, b, budget);
}

interface Budget {
  steps: number;
}

function search(a: Polynomial, b: Polynomial, budget: Budget): Polynomial {
  if (--budget.steps < 0) throw new PastLimit("common divisor");
  if (isZero(a)) return positive(b);
  if (isZero(b)) return positive(a);
  const left = monomialContent(a);
  const right = monomialContent(b);
  const shared = [commonMonomial(left, right)];
  if (a.length === 1 || b.length === 1) return shared;
  const x = withoutContent(a, left);
  const y = withoutContent(b, right);
  return multiplyPolynomials(shared, searchPrimitive(x, y, budget));
}

/** Neither operand is 0, nor has it a monomial as a divisor. */
function searchPrimitive(a: Polynomial, b: Polynomial, budget: Budget): Polynomial {
  const inA = factorsOf(a);
  const inB = factorsOf(b);
  // A factor of only one side cannot occur in the divisor, which then divides each of that side's coefficients.
  const onlyA = [...inA.values()].find((factor) => !inB.has(factor.key));
  if (onlyA) return contentOver(a, onlyA, b, budget);
  const onlyB = [...inB.values()].find((factor) => !inA.has(factor.key));
  if (onlyB) return contentOver(b, onlyB, a, budget);
  const main = [...inA.values()][0];
  if (!main) return onePolynomial;
  const contentA = contentOver(a, main, zeroPolynomial, budget);
  const contentB = contentOver(b, main, zeroPolynomial, budget);
  let greater = exactly(a, contentA);
  let lesser = exactly(b, contentB);
  if (degreeIn(greater, main) < degreeIn(lesser, main)) [greater, lesser] = [lesser, greater];
  while (!isZero(lesser)) {
    if (--budget.steps < 0) throw new PastLimit("common divisor");
    const rest = pseudoRemainder(greater, lesser, main, budget);
    greater = lesser;
    lesser = isZero(rest) ? rest : exactly(rest, contentOver(rest, main, zeroPolynomial, budget));
  }
  return positive(multiplyPolynomials(greater, search(contentA, contentB, budget)));
}

/** The common divisor of `start` and every coefficient of `p` as a polynomial in `main`. */
function contentOver(p: Polynomial, main: Factor, start: Polynomial, budget: Budget): Polynomial {
  let content = start;
  for (const coefficient of coefficientsIn(p, main).values()) content = search(content, coefficient, budget);
  return content;
}

function pseudoRemainder(a: Polynomial, b: Polynomial, main: Factor, budget: Budget): Polynomial {
  const degree = degreeIn(b, main);
  const lead = coefficientsIn(b, main).get(degree)!;
  let rest = a;
  while (!isZero(rest) && degreeIn(rest, main) >= degree) {
    if (--budget.steps < 0) throw new PastLimit("common divisor");
    const excess = degreeIn(rest, main) - degree;
    const top = coefficientsIn(rest, main).get(degree + excess)!;
    const lift = multiplyPolynomials(top, powerPolynomial(factorPolynomial(main), excess));
    rest = subtractPolynomials(multiplyPolynomials(rest, lead), multiplyPolynomials(b, lift));
  }
  return rest;
}

export function degreeIn(p: Polynomial, main: Factor): number {
  let degree = 0;
  for (const m of p) degree = Math.max(degree, exponentIn(m, main));
  return degree;
}

function exponentIn(m: Monomial, main: Factor): number {
  return m.powers.find((power) => power.factor.key === main.key)?.exponent ?? 0;
}

/** `p` as a polynomial in `main`: exponent to coefficient. */
export function coefficientsIn(p: Polynomial, main: Factor): ReadonlyMap<number, Polynomial> {
  const coefficients = new Map<number, Polynomial>();
  for (const m of p) {
    const exponent = exponentIn(m, main);
    const others = m.powers.filter((power) => power.factor.key !== main.key);
    const rest = monomial(m.coefficient, others);
    coefficients.set(exponent, addPolynomials(coefficients.get(exponent) ?? zeroPolynomial, [rest]));
  }
  return coefficients;
}

export function factorsOf(p: Polynomial): ReadonlyMap<string, Factor> {
  const factors = new Map<string, Factor>();
  for (const m of p) for (const { factor } of m.powers) factors.set(factor.key, factor);
  return factors;
}

/** The greatest monomial that divides all of `p`. */
export function monomialContent(p: Polynomial): Monomial {
  return p.reduce(
    commonMonomial,
    scaleMonomial(p[0]!, p[0]!.coefficient < 0n ? -p[0]!.coefficient : p[0]!.coefficient),
  );
}

function commonMonomial(a: Monomial, b: Monomial): Monomial {
  const powers: Power[] = [];
  for (const power of a.powers) {
    const exponent = Math.min(power.exponent, exponentIn(b, power.factor));
    if (exponent > 0) powers.push({ factor: power.factor, exponent });
  }
  return monomial(commonDivisorOfIntegers(a.coefficient, b.coefficient), powers);
}

function withoutContent(p: Polynomial, content: Monomial): Polynomial {
  return content.degree === 0 && content.coefficient === 1n ? p : exactly(p, [content]);
}

function exactly(p: Polynomial, divisor: Polynomial): Polynomial {
  const quotient = divideExactly(p, divisor);
  if (!quotient) throw new RangeError("a content must divide its polynomial");
  return quotient;
}

function positive(p: Polynomial): Polynomial {
  return (p[0]?.coefficient ?? 1n) < 0n ? negatePolynomial(p) : p;
}
