/** What is known of the atoms; immutable. Facts come from `where`, from `if`, and from what was asked and proved. */
import { atom } from "./atom.js";
import { coefficientsIn, degreeIn, factorsOf, monomialContent } from "./common-divisor.js";
import { compare, divides, substituteCondition, type Condition } from "./condition.js";
import {
  add,
  asBigint,
  constant,
  divide,
  isOpaque,
  multiply,
  one,
  subtract,
  variable,
  visitFactors,
  whole,
  zero,
} from "./dim.js";
import { isEvidentlyNonnegative, isEvidentlyPositive, isPositiveDivisor } from "./evident.js";
import type { Atom, AtomFactor, Dim, Polynomial } from "./normal-form.js";
import {
  constantOf,
  divideExactly,
  dividePolynomials,
  factorPolynomial,
  isOne,
  isZero,
  monomial,
  negatePolynomial,
  onePolynomial,
  subtractPolynomials,
  zeroPolynomial,
} from "./polynomial.js";
import { rebuild, substitute } from "./substitute.js";
import { isWhole } from "./whole.js";

export interface Facts {
  /** As assumed, in the user's atoms. */
  readonly conditions: readonly Condition[];
  /** Atoms eliminated, each by a dim in which no eliminated atom occurs. */
  readonly solved: ReadonlyMap<Atom, Dim>;
  /** Fresh atoms, each with the quotient it stands for, in atoms that are not fresh. */
  readonly quotients: ReadonlyMap<Atom, Dim>;
  /** Fractions that come out whole. */
  readonly whole: readonly Dim[];
  /** Polynomials that are 0 and could not be solved for an atom. */
  readonly zeros: readonly Polynomial[];
  /** Polynomials that are not negative. */
  readonly nonnegative: readonly Polynomial[];
  /** What is decided by cases: disjunctions, inequalities `!=`, and negated divisibilities. */
  readonly cases: readonly Condition[];
  /** No valuation satisfies the facts; everything follows from them. */
  readonly contradictory: boolean;
}

export const noFacts: Facts = {
  conditions: [],
  solved: new Map(),
  quotients: new Map(),
  whole: [],
  zeros: [],
  nonnegative: [],
  cases: [],
  contradictory: false,
};

/** How many consequences one assumption may have before the rest is left as it stands. */
const consequenceLimit = 200;
const rewriteRounds = 4;

type Draft = { -readonly [Key in keyof Facts]: Facts[Key] };

/** The facts together with `c`. */
export function assume(facts: Facts, c: Condition): Facts {
  const draft: Draft = { ...facts, conditions: [...facts.conditions, c] };
  const pending: Condition[] = [c];
  for (let count = 0; pending.length > 0 && !draft.contradictory; count++) {
    const next = pending.shift()!;
    // Past the limit nothing more is concluded; the condition itself is kept, so that witnesses still respect it.
    if (count >= consequenceLimit) break;
    pending.push(...conclude(draft, next));
  }
  return draft;
}

/** Adds one condition to the draft and returns the conditions to be looked at again because of it. */
function conclude(draft: Draft, c: Condition): readonly Condition[] {
  switch (c.kind) {
    case "constant":
      draft.contradictory ||= !c.value;
      return [];
    case "and":
      return [c.left, c.right];
    case "flag":
      return concludeZero(draft, subtract(variable(c.atom), one));
    case "not":
      if (c.operand.kind === "flag") return concludeZero(draft, variable(c.operand.atom));
      draft.cases = [...draft.cases, c];
      return [];
    case "or":
      draft.cases = [...draft.cases, c];
      return [];
    case "divides":
      return concludeWhole(draft, divide(c.dividend, c.divisor));
    case "compare":
      if (c.operator === "==") return concludeZero(draft, subtract(c.left, c.right));
      if (c.operator === "!=") {
        if (isZero(reduce(subtract(c.left, c.right), draft).numerator)) draft.contradictory = true;
        draft.cases = [...draft.cases, c];
        return [];
      }
      return concludeOrder(draft, subtract(c.right, c.left), c.operator === "<");
  }
}

/** A dim in the atoms that are left when the solved ones are replaced; what is known to be whole is no longer rounded. */
export function reduce(d: Dim, facts: Facts): Dim {
  let result = substitute(d, (a) => facts.solved.get(a));
  if (isOne(result.denominator) && asBigint(result) !== undefined) return result;
  for (let round = 0; round < rewriteRounds; round++) {
    const next = rewriteZeros(
      rebuild(result, (factor) =>
        factor.kind === "floor" && isWhole(factor.argument, facts.whole) ? factor.argument : undefined,
      ),
      facts,
    );
    if (next.key === result.key) break;
    result = next;
  }
  return result;
}

function rewriteZeros(d: Dim, facts: Facts): Dim {
  let result = d;
  for (const p of facts.zeros) {
    if (p[0]?.coefficient !== 1n) continue;
    const { remainder } = dividePolynomials(result.numerator, p);
    result = divide(whole(remainder), whole(result.denominator));
  }
  return result;
}

/**
 * The dim's normal form under the facts, in the user's atoms: two dims that the facts' equations make equal have, as
 * far as rewriting goes, the same one.
 */
export function normalise(d: Dim, facts: Facts): Dim {
  return restore(reduce(d, facts), facts);
}

function restore(d: Dim, facts: Facts): Dim {
  return facts.quotients.size === 0 ? d : substitute(d, (a) => facts.quotients.get(a));
}

// ------------------------------------------------------------------------------------------------------- conclusions

/** `d` is 0. */
function concludeZero(draft: Draft, d: Dim): readonly Condition[] {
  const p = withoutPositiveContent(reduce(d, draft).numerator);
  const value = constantOf(p);
  if (value !== undefined) {
    draft.contradictory ||= value !== 0n;
    return [];
  }
  const candidates = linearAtoms(p, zeroPolynomial);
  for (const { atom: a, coefficient, rest } of candidates) {
    const sign = constantOf(coefficient);
    if (sign === 1n || sign === -1n) return eliminate(draft, a, whole(sign === 1n ? negatePolynomial(rest) : rest));
  }
  for (const { atom: a, coefficient, rest } of candidates) {
    if (!isEvidentlyPositive(coefficient) && !isEvidentlyPositive(negatePolynomial(coefficient))) continue;
    const value = divide(whole(negatePolynomial(rest)), whole(coefficient));
    return [divides(whole(value.denominator), whole(value.numerator)), ...eliminate(draft, a, value)];
  }
  const rounded = equalFloor(p);
  if (rounded) return rounded;
  draft.zeros = [...draft.zeros, (p[0]?.coefficient ?? 1n) < 0n ? negatePolynomial(p) : p];
  return [];
}

/** Where `p` is 0 iff a floor in it has a certain value: `floor(y) == v` iff `v` is whole and `0 <= y - v < 1`. */
function equalFloor(p: Polynomial): readonly Condition[] | undefined {
  for (const factor of factorsOf(p).values()) {
    if (factor.kind !== "floor" || degreeIn(p, factor) !== 1) continue;
    const parts = coefficientsIn(p, factor);
    const coefficient = parts.get(1) ?? zeroPolynomial;
    if (!isEvidentlyPositive(coefficient) && !isEvidentlyPositive(negatePolynomial(coefficient))) continue;
    const value = divide(whole(negatePolynomial(parts.get(0) ?? zeroPolynomial)), whole(coefficient));
    const excess = subtract(factor.argument, value);
    return [
      divides(whole(value.denominator), whole(value.numerator)),
      compare("<=", zero, excess),
      compare("<", excess, one),
    ];
  }
  return undefined;
}

/** `d` is an integer. */
function concludeWhole(draft: Draft, d: Dim): readonly Condition[] {
  const fact = reduce(d, draft);
  const { numerator, denominator } = fact;
  if (isOpaque(fact) || isWhole(fact, draft.whole)) return [];
  const modulus = constantOf(denominator);
  if (constantOf(numerator) !== undefined && modulus !== undefined) {
    draft.contradictory = true;
    return [];
  }
  for (const { atom: a, coefficient, rest } of linearAtoms(numerator, denominator)) {
    const inverse = inverseOf(constantOf(coefficient), modulus);
    if (inverse === undefined) continue;
    const offset = multiply(constant(inverse), whole(rest));
    const dividend = add(variable(a), offset);
    const definition = restore(divide(dividend, whole(denominator)), draft);
    const quotient = freshQuotient(a, dividend, denominator);
    draft.quotients = new Map(draft.quotients).set(quotient, definition);
    return eliminate(draft, a, subtract(multiply(whole(denominator), variable(quotient)), offset));
  }
  draft.whole = [...draft.whole, fact];
  // A positive integer is at least 1.
  if (!isEvidentlyPositive(numerator) || !isPositiveDivisor(denominator)) return [];
  return [compare("<=", whole(denominator), whole(numerator))];
}

/** `d` is not negative, or (strictly) positive. */
function concludeOrder(draft: Draft, d: Dim, strict: boolean): readonly Condition[] {
  const p = withoutPositiveContent(asNonnegative(reduce(d, draft), strict, draft));
  const value = constantOf(p);
  if (value !== undefined) draft.contradictory ||= value < 0n;
  else if (!isEvidentlyNonnegative(p)) draft.nonnegative = [...draft.nonnegative, p];
  return [];
}

/** A polynomial that is not negative iff `d` is not negative, or (strictly) positive. */
export function asNonnegative(d: Dim, strict: boolean, facts: Facts): Polynomial {
  const { numerator, denominator } = d;
  if (isPositiveDivisor(denominator)) {
    if (!strict) return numerator;
    if (!isOne(denominator) && isWhole(d, facts.whole)) return subtractPolynomials(numerator, denominator);
    return subtractPolynomials(withoutPositiveContent(numerator), onePolynomial);
  }
  // The denominator is not 0, so its square is positive.
  const product = multiply(whole(numerator), whole(denominator)).numerator;
  return strict ? subtractPolynomials(product, onePolynomial) : product;
}

function freshQuotient(a: Atom, dividend: Dim, divisor: Polynomial): Atom {
  const positiveDivisor = isPositiveDivisor(divisor);
  const min =
    positiveDivisor && isEvidentlyPositive(dividend.numerator)
      ? 1
      : positiveDivisor && isEvidentlyNonnegative(dividend.numerator)
        ? 0
        : Number.MIN_SAFE_INTEGER;
  return atom(`${a.name}'`, a.role, { min });
}

/** `value`, in which `a` does not occur, from now on stands for `a`. All that mentioned `a` is looked at again. */
function eliminate(draft: Draft, a: Atom, value: Dim): readonly Condition[] {
  const replace = (other: Atom): Dim | undefined => (other === a ? value : undefined);
  const solved = new Map<Atom, Dim>();
  for (const [other, dim] of draft.solved) solved.set(other, substitute(dim, replace));
  draft.solved = solved.set(a, value);
  const mentions = (d: Dim): boolean => {
    let found = false;
    visitFactors(d, (factor) => (found ||= factor.kind === "atom" && factor.atom === a));
    return found;
  };
  const again: Condition[] = [compare("<=", constant(a.min), value)];
  if (a.max) again.push(compare("<", value, a.max));
  draft.whole = draft.whole.filter((fact) => {
    if (!mentions(fact)) return true;
    again.push(divides(whole(fact.denominator), whole(fact.numerator)));
    return false;
  });
  draft.zeros = draft.zeros.filter((p) => {
    if (!mentions(whole(p))) return true;
    again.push(compare("==", whole(p), zero));
    return false;
  });
  draft.nonnegative = draft.nonnegative.filter((p) => {
    if (!mentions(whole(p))) return true;
    again.push(compare("<=", zero, whole(p)));
    return false;
  });
  again.push(...draft.cases.map((c) => substituteCondition(c, replace)));
  draft.cases = [];
  return again;
}

interface LinearAtom {
  readonly atom: Atom;
  readonly coefficient: Polynomial;
  readonly rest: Polynomial;
}

/** The atoms in which `p` is linear and which occur nowhere else, not in `apart` either; the newest first. */
function linearAtoms(p: Polynomial, apart: Polynomial): readonly LinearAtom[] {
  const factors = [...factorsOf(p).values()];
  const hidden = new Set<string>(factorsOf(apart).keys());
  for (const factor of [...factors, ...factorsOf(apart).values()]) {
    if (factor.kind === "atom") continue;
    visitFactors(whole(factorPolynomial(factor)), (inner) => hidden.add(inner.key));
  }
  return factors
    .filter((factor): factor is AtomFactor => factor.kind === "atom" && !hidden.has(factor.key))
    .filter((factor) => degreeIn(p, factor) === 1)
    .sort((a, b) => b.atom.id - a.atom.id)
    .map((factor) => {
      const parts = coefficientsIn(p, factor);
      return {
        atom: factor.atom,
        coefficient: parts.get(1) ?? zeroPolynomial,
        rest: parts.get(0) ?? zeroPolynomial,
      };
    });
}

/** Divides by the common monomial as far as it is positive, which changes neither the zeros nor the sign. */
export function withoutPositiveContent(p: Polynomial): Polynomial {
  if (isZero(p)) return p;
  const content = monomialContent(p);
  const powers = content.powers.filter(({ factor }) => isEvidentlyPositive(factorPolynomial(factor)));
  return divideExactly(p, [monomial(content.coefficient, powers)]) ?? p;
}

/** The inverse of an integer modulo another, or of 1 and -1 modulo anything. */
function inverseOf(n: bigint | undefined, modulus: bigint | undefined): bigint | undefined {
  if (n === undefined) return undefined;
  if (n === 1n || n === -1n) return n;
  if (modulus === undefined) return undefined;
  let [a, b, x, y] = [((n % modulus) + modulus) % modulus, modulus, 1n, 0n];
  while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return a === 1n ? x : undefined;
}
