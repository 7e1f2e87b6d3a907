/** Whether a polynomial is never negative under the facts. */
import { atom } from "./atom.js";
import { coefficientsIn, degreeIn, factorsOf } from "./common-divisor.js";
import { add, constant, subtract, variable, visitFactors, whole } from "./dim.js";
import { evidentMinimum, isEvidentlyNonnegative, isPositiveDivisor } from "./evident.js";
import { asNonnegative, reduce, withoutPositiveContent, type Facts } from "./facts.js";
import { PastLimit } from "./limits.js";
import { areContradictory, type Constraint } from "./linear.js";
import type { Atom, Dim, Factor, FloorFactor, Polynomial } from "./normal-form.js";
import {
  constantOf,
  constantTerm,
  factorPolynomial,
  isOne,
  multiplyPolynomials,
  negatePolynomial,
  onePolynomial,
  subtractPolynomials,
  zeroPolynomial,
} from "./polynomial.js";
import { substitute } from "./substitute.js";

/** Facts and bounds taken into account, those nearest to the question first. */
const constraintLimit = 60;
/** Products of constraints added so that nonlinear monomials are related to each other. */
const productLimit = 80;
/** Constraints turned into slack unknowns. */
const slackLimit = 12;
/** A question of more monomials is answered only where its signs are evident. */
const termLimit = 48;

/** `d` is never negative. */
export function isNonnegative(d: Dim, facts: Facts): boolean {
  return decide(asNonnegative(reduce(d, facts), false, facts), facts);
}

/** `d` is always positive. */
export function isPositive(d: Dim, facts: Facts): boolean {
  return decide(asNonnegative(reduce(d, facts), true, facts), facts);
}

function decide(p: Polynomial, facts: Facts): boolean {
  try {
    return isNeverNegative(withoutPositiveContent(p), facts);
  } catch (problem) {
    if (problem instanceof PastLimit) return false;
    throw problem;
  }
}

/** `p` is in reduced atoms. May throw `PastLimit`. */
function isNeverNegative(p: Polynomial, facts: Facts): boolean {
  if (isEvidentlyNonnegative(p)) return true;
  if (constantOf(p) !== undefined && facts.nonnegative.length === 0) return false;
  if (p.length > termLimit) return false;
  const unrounded = withoutFloor(p);
  if (unrounded) return decide(asNonnegative(reduce(unrounded.dim, facts), unrounded.strict, facts), facts);
  const system = orthant([p, ...surroundings(p, facts)]);
  const [goal, ...constraints] = system;
  if (!goal) return false;
  if (isEvidentlyNonnegative(goal)) return true;
  return isInfeasible(subtractPolynomials(negatePolynomial(goal), onePolynomial), constraints);
}

/**
 * For an integer `g` and `m > 0`, `g - floor(n / m) >= 0` iff `(g + 1) m - n > 0`, and `g + floor(n / m) >= 0` iff
 * `g m + n >= 0`: the rounding goes, and nothing is lost.
 */
function withoutFloor(p: Polynomial): { readonly dim: Dim; readonly strict: boolean } | undefined {
  for (const factor of factorsOf(p).values()) {
    if (factor.kind !== "floor" || degreeIn(p, factor) !== 1) continue;
    const parts = coefficientsIn(p, factor);
    const sign = constantOf(parts.get(1) ?? zeroPolynomial);
    const { numerator, denominator } = factor.argument;
    if ((sign !== 1n && sign !== -1n) || !isPositiveDivisor(denominator)) continue;
    const bound = parts.get(0) ?? zeroPolynomial;
    if (sign === 1n) {
      return { dim: add(whole(multiplyPolynomials(bound, denominator)), whole(numerator)), strict: false };
    }
    const scaled = add(whole(multiplyPolynomials(bound, denominator)), whole(denominator));
    return { dim: subtract(scaled, whole(numerator)), strict: true };
  }
  return undefined;
}

/** The facts and the atoms' upper bounds that share an unknown with `p`, directly or through others. */
function surroundings(p: Polynomial, facts: Facts): readonly Polynomial[] {
  const facing = [...facts.nonnegative, ...facts.zeros.flatMap((zero) => [zero, negatePolynomial(zero)])];
  const found: Polynomial[] = [];
  const atoms = new Set<Atom>();
  const visit = (polynomial: Polynomial): void => {
    visitFactors(whole(polynomial), (factor) => {
      if (factor.kind !== "atom" || atoms.has(factor.atom)) return;
      atoms.add(factor.atom);
      if (!factor.atom.max) return;
      const room = subtract(reduce(factor.atom.max, facts), variable(factor.atom));
      const bound = asNonnegative(room, true, facts);
      found.push(bound);
      visit(bound);
    });
  };
  visit(p);
  let rest = facing;
  for (let before = -1; before !== found.length && found.length < constraintLimit;) {
    before = found.length;
    rest = rest.filter((fact) => {
      let shares = false;
      visitFactors(whole(fact), (factor) => (shares ||= factor.kind === "atom" && atoms.has(factor.atom)));
      if (!shares) return true;
      found.push(fact);
      visit(fact);
      return false;
    });
  }
  return found.slice(0, constraintLimit);
}

/**
 * The same polynomials in unknowns that are at least 0. An atom `a` with a constraint `a >= rest` becomes `rest + s`, if
 * that leaves no other lower bound to keep; any other becomes `min + s`. The first polynomial is the question.
 */
function orthant(polynomials: readonly Polynomial[]): readonly Polynomial[] {
  let system = polynomials;
  const shifted = new Set<Atom>();
  for (let index = 1; index < system.length && shifted.size < slackLimit;) {
    const bound = system[index]!;
    const slack = slackFor(bound, shifted);
    if (!slack) {
      index++;
      continue;
    }
    system = replaceIn(
      system.filter((other) => other !== bound),
      slack.atom,
      slack.value,
    );
    index = 1;
  }
  const atoms = new Set<Atom>();
  for (const p of system)
    visitFactors(whole(p), (factor) => {
      if (factor.kind === "atom") atoms.add(factor.atom);
    });
  const moved = new Map<Atom, Dim>();
  for (const a of atoms) {
    if (a.min === 0 || a.min === Number.MIN_SAFE_INTEGER) continue;
    moved.set(a, add(constant(a.min), variable(atom(a.name, a.role, { min: 0 }))));
  }
  return system.map((p) => substitute(whole(p), (a) => moved.get(a)).numerator);
}

function slackFor(bound: Polynomial, shifted: Set<Atom>): { atom: Atom; value: Dim } | undefined {
  for (const factor of factorsOf(bound).values()) {
    if (factor.kind !== "atom" || shifted.has(factor.atom) || degreeIn(bound, factor) !== 1) continue;
    const parts = coefficientsIn(bound, factor);
    if (constantOf(parts.get(1) ?? zeroPolynomial) !== 1n) continue;
    const rest = whole(negatePolynomial(parts.get(0) ?? zeroPolynomial));
    const least = evidentMinimum(rest.numerator);
    if (least === undefined || least < BigInt(factor.atom.min)) continue;
    let within = false;
    visitFactors(rest, (inner) => (within ||= inner.key === factor.key));
    if (within) continue;
    const slack = atom(`${factor.atom.name}'`, factor.atom.role, { min: 0 });
    shifted.add(slack);
    return { atom: factor.atom, value: add(rest, variable(slack)) };
  }
  return undefined;
}

function replaceIn(system: readonly Polynomial[], a: Atom, value: Dim): readonly Polynomial[] {
  return system.map((p) => substitute(whole(p), (other) => (other === a ? value : undefined)).numerator);
}

/** Whether no integers satisfy all of `constraints` and `denied`, each at least 0. */
function isInfeasible(denied: Polynomial, constraints: readonly Polynomial[]): boolean {
  const rounded = roundings([denied, ...constraints]);
  const all = [denied, ...constraints, ...rounded];
  all.push(...products(all, multipliers(denied, rounded)));
  const nonnegative = new Set<string>();
  for (const p of all) {
    for (const m of p) {
      if (m.powers.every(({ factor, exponent }) => exponent % 2 === 0 || isNonnegativeFactor(factor)))
        nonnegative.add(m.key);
    }
  }
  return areContradictory(all.map(linearise), nonnegative);
}

function isNonnegativeFactor(factor: Factor): boolean {
  return isEvidentlyNonnegative(factorPolynomial(factor));
}

function linearise(p: Polynomial): Constraint {
  const coefficients = new Map<string, bigint>();
  for (const m of p) if (m.powers.length > 0) coefficients.set(m.key, m.coefficient);
  return { coefficients, constant: constantTerm(p) };
}

/** `0 <= n - m floor(n / m) <= m - 1` for the floors in the system, and the extrema's operands beyond them. */
function roundings(system: readonly Polynomial[]): readonly Polynomial[] {
  const seen = new Set<string>();
  const found: Polynomial[] = [];
  const visit = (p: Polynomial): void => {
    for (const factor of factorsOf(p).values()) {
      if (seen.has(factor.key) || found.length >= constraintLimit) continue;
      seen.add(factor.key);
      const bounds = factor.kind === "floor" ? floorBounds(factor) : extremumBounds(factor);
      found.push(...bounds);
      bounds.forEach(visit);
    }
  };
  system.forEach(visit);
  return found;
}

function floorBounds(factor: FloorFactor): readonly Polynomial[] {
  const { numerator, denominator } = factor.argument;
  if (!isPositiveDivisor(denominator)) return [];
  const rest = subtractPolynomials(numerator, multiplyPolynomials(denominator, factorPolynomial(factor)));
  return [rest, subtractPolynomials(subtractPolynomials(denominator, onePolynomial), rest)];
}

function extremumBounds(factor: Factor): readonly Polynomial[] {
  if (factor.kind !== "minimum" && factor.kind !== "maximum") return [];
  const value = factorPolynomial(factor);
  return factor.operands
    .filter((operand) => isOne(operand.denominator))
    .map(({ numerator }) =>
      factor.kind === "minimum" ? subtractPolynomials(numerator, value) : subtractPolynomials(value, numerator),
    );
}

/** The factors, never negative, by which multiplying a constraint may give the products that the question speaks of. */
function multipliers(denied: Polynomial, rounded: readonly Polynomial[]): readonly Factor[] {
  const found = new Map<string, Factor>();
  for (const p of [denied, ...rounded]) {
    for (const { powers, degree } of p) {
      if (degree < 2) continue;
      for (const { factor } of powers) if (isNonnegativeFactor(factor)) found.set(factor.key, factor);
    }
  }
  return [...found.values()];
}

function products(system: readonly Polynomial[], by: readonly Factor[]): readonly Polynomial[] {
  const wanted = new Set<string>();
  for (const p of system) for (const m of p) if (m.degree >= 2) wanted.add(m.key);
  const found: Polynomial[] = [];
  for (const p of system) {
    for (const factor of by) {
      if (found.length >= productLimit) return found;
      const product = multiplyPolynomials(p, factorPolynomial(factor));
      if (product.some((m) => m.degree >= 2 && wanted.has(m.key))) found.push(product);
    }
  }
  return found;
}
