/** Writes a dim as a person would: positive terms first, the constant last, parentheses only where they are needed. */
import { coefficientsIn, degreeIn, factorsOf } from "./common-divisor.js";
import { isEvidentlyNonnegative, isPositiveDivisor } from "./evident.js";
import type { Atom, Dim, ExtremumFactor, Factor, FloorFactor, Monomial, Polynomial } from "./normal-form.js";
import {
  addPolynomials,
  constantOf,
  constantTerm,
  constantPolynomial,
  divideExactly,
  dividePowers,
  factorPolynomial,
  floorDivideIntegers,
  isOne,
  monomial,
  multiplyPolynomials,
  negatePolynomial,
  subtractPolynomials,
} from "./polynomial.js";

/** How a target language writes the parts of a dim. Operands come with the parentheses they need. */
export interface DimStyle {
  atom(a: Atom): string;
  number(n: bigint): string;
  negate(term: string): string;
  multiply(factors: readonly string[]): string;
  power(base: string, exponent: number): string;
  /** The exact quotient; it binds as products do. */
  quotient(a: string, b: string): string;
  floor(a: string, b: string): string;
  /** Whether what `floor` writes is closed in itself, as a call is; else it binds as products do. */
  readonly floorIsClosed: boolean;
  /** The remainder; it binds as rounded division does. */
  modulo(a: string, b: string): string;
  /** Whether the remainder of a negative number is negative, so that it can be written for others only. */
  readonly moduloTruncates: boolean;
  extremum(kind: ExtremumFactor["kind"], operands: readonly string[]): string;
  readonly opaque: string;
}

/** As written in a `.tfm` file. */
export const sourceStyle: DimStyle = {
  atom: (a) => a.name,
  number: String,
  negate: (term) => `-${term}`,
  multiply: (factors) => factors.join("*"),
  power: (base, exponent) => `${base}^${exponent}`,
  quotient: (a, b) => `${a} / ${b}`,
  floor: (a, b) => `${a} // ${b}`,
  floorIsClosed: false,
  modulo: (a, b) => `${a} % ${b}`,
  moduloTruncates: false,
  extremum: (kind, operands) => `${kind === "minimum" ? "min" : "max"}(${operands.join(", ")})`,
  opaque: "?",
};

/** As written in TypeScript, with `atom` naming the unknowns. */
export function typescriptStyle(atom: (a: Atom) => string): DimStyle {
  return {
    atom,
    number: String,
    // `-a ** b` is a syntax error in TypeScript.
    negate: (term) => (term.includes("**") ? `-(${term})` : `-${term}`),
    multiply: (factors) => factors.join(" * "),
    power: (base, exponent) => `${base} ** ${exponent}`,
    quotient: (a, b) => `${a} / ${b}`,
    floor: (a, b) => `Math.floor(${a} / ${b})`,
    floorIsClosed: true,
    modulo: (a, b) => `${a} % ${b}`,
    moduloTruncates: true,
    extremum: (kind, operands) => `Math.${kind === "minimum" ? "min" : "max"}(${operands.join(", ")})`,
    opaque: "NaN",
  };
}

/** A dim as `.tfm` source: `4*d`, `d / heads`, `(image - 1) // 2`. */
export function printDim(d: Dim): string {
  return renderDim(d, sourceStyle);
}

export function renderDim(d: Dim, style: DimStyle): string {
  return renderSum(d, style).text;
}

/** How tightly a piece of text binds. A rounded division is not a product: `-a // b` is not `-(a // b)`. */
const binds = { sum: 0, division: 1, product: 2, power: 3, closed: 4 } as const;
type Binding = (typeof binds)[keyof typeof binds];

interface Piece {
  readonly text: string;
  readonly binding: Binding;
}

interface Term extends Piece {
  readonly negative: boolean;
  readonly constant: boolean;
}

function within(piece: Piece, least: Binding): string {
  return piece.binding >= least ? piece.text : `(${piece.text})`;
}

function renderSum(d: Dim, style: DimStyle): Piece {
  const { entire, proper } = splitEntire(d);
  const terms = renderTerms(entire, style);
  if (proper.length > 0) {
    const negative = proper.every((m) => m.coefficient < 0n);
    const dividend = join(renderTerms(negative ? negatePolynomial(proper) : proper, style), style);
    const top = within(dividend, binds.division);
    const bottom = within(join(renderTerms(d.denominator, style), style), binds.power);
    const text = style.quotient(top, bottom);
    // What begins with a rounded division binds like one: `-a // b / c` is not `-(a // b / c)`.
    const binding = dividend.binding === binds.division ? binds.division : binds.product;
    terms.push({ text, binding, negative, constant: constantOf(proper) !== undefined });
  }
  return join(terms, style);
}

/** The left side of a division. */
function renderTop(p: Polynomial, style: DimStyle): string {
  return within(join(renderTerms(p, style), style), binds.division);
}

function join(terms: readonly Term[], style: DimStyle): Piece {
  const ordered = [...terms].sort((a, b) => rank(a) - rank(b));
  const [first, ...rest] = ordered;
  if (!first) return { text: style.number(0n), binding: binds.closed };
  if (rest.length === 0 && !first.negative) return first;
  let text = first.negative ? style.negate(within(first, binds.product)) : first.text;
  for (const term of rest) text += (term.negative ? " - " : " + ") + term.text;
  return { text, binding: rest.length === 0 ? binds.product : binds.sum };
}

function rank(term: Term): number {
  return (term.negative ? 2 : 0) + (term.constant ? 1 : 0);
}

/** The monomials that the denominator divides one by one, as a person would split `(d + heads) / heads`, and the rest. */
function splitEntire({ numerator, denominator }: Dim): { entire: Polynomial; proper: Polynomial } {
  if (isOne(denominator)) return { entire: numerator, proper: [] };
  const [divisor, ...others] = denominator;
  const entire: Monomial[] = [];
  const proper: Monomial[] = [];
  for (const m of numerator) {
    const powers = divisor && others.length === 0 ? dividePowers(m, divisor) : undefined;
    if (divisor && powers && m.coefficient % divisor.coefficient === 0n)
      entire.push(monomial(m.coefficient / divisor.coefficient, powers));
    else proper.push(m);
  }
  return { entire, proper };
}

function renderTerms(p: Polynomial, style: DimStyle): Term[] {
  const remainder = findRemainder(p, style);
  if (remainder) return [renderRemainder(remainder, style), ...renderTerms(remainder.rest, style)];
  const absorbed = absorbConstant(p);
  return (absorbed?.rest ?? p).map((m) => renderMonomial(m, style, absorbed));
}

/** `times * (dividend % divisor) + rest` */
interface Remainder {
  readonly times: Monomial;
  readonly dividend: Polynomial;
  readonly divisor: Polynomial;
  readonly rest: Polynomial;
}

/** Finds `n - m * floor(n / m)` in a sum, where writing it as a remainder makes the sum shorter. */
function findRemainder(p: Polynomial, style: DimStyle): Remainder | undefined {
  for (const factor of factorsOf(p).values()) {
    if (factor.kind !== "floor" || degreeIn(p, factor) !== 1) continue;
    const { numerator: dividend, denominator: divisor } = factor.argument;
    if (style.moduloTruncates && !(isEvidentlyNonnegative(dividend) && isPositiveDivisor(divisor))) continue;
    const times = divideExactly(negatePolynomial(coefficientsIn(p, factor).get(1) ?? []), divisor);
    if (times?.length !== 1) continue;
    const whole = subtractPolynomials(dividend, multiplyPolynomials(divisor, factorPolynomial(factor)));
    const rest = subtractPolynomials(p, multiplyPolynomials(times, whole));
    if (rest.length + 1 < p.length) return { times: times[0]!, dividend, divisor, rest };
  }
  return undefined;
}

function renderRemainder({ times, dividend, divisor }: Remainder, style: DimStyle): Term {
  const bottom = within(join(renderTerms(divisor, style), style), binds.power);
  const piece: Piece = { text: style.modulo(renderTop(dividend, style), bottom), binding: binds.division };
  return { ...renderProduct(times, [piece], style), constant: false };
}

interface Absorbed {
  readonly rest: Polynomial;
  readonly floor: FloorFactor;
  readonly numerator: Polynomial;
}

/** `(x + 1) // 2 - 1` is better written `(x - 1) // 2`: the floor as it is to be written, and what is left beside it. */
function absorbConstant(p: Polynomial): Absorbed | undefined {
  const last = constantTerm(p);
  const floors = p.filter((m) => m.powers.some(({ factor }) => factor.kind === "floor"));
  const [only, ...others] = floors;
  const power = only?.powers[0];
  if (last === 0n || !only || others.length > 0 || only.powers.length !== 1 || power?.exponent !== 1) return undefined;
  if (power.factor.kind !== "floor" || last % only.coefficient !== 0n) return undefined;
  const { numerator, denominator } = power.factor.argument;
  if (constantOf(denominator) === undefined || constantTerm(numerator) === 0n) return undefined;
  const count = constantPolynomial(floorDivideIntegers(last, only.coefficient));
  return {
    rest: subtractPolynomials(p, constantPolynomial(last)),
    floor: power.factor,
    numerator: addPolynomials(numerator, multiplyPolynomials(count, denominator)),
  };
}

function renderMonomial(m: Monomial, style: DimStyle, absorbed: Absorbed | undefined): Term {
  return { ...renderProduct(m, [], style, absorbed), constant: m.powers.length === 0 };
}

/** A monomial and what else is multiplied with it. */
function renderProduct(
  m: Monomial,
  more: readonly Piece[],
  style: DimStyle,
  absorbed?: Absorbed,
): Omit<Term, "constant"> {
  const negative = m.coefficient < 0n;
  const size = negative ? -m.coefficient : m.coefficient;
  const pieces: Piece[] = m.powers.map(({ factor, exponent }) => {
    const base = renderFactor(factor, style, absorbed?.floor.key === factor.key ? absorbed.numerator : undefined);
    if (exponent === 1) return base;
    return { text: style.power(within(base, binds.closed), exponent), binding: binds.power };
  });
  pieces.push(...more);
  if (size !== 1n || pieces.length === 0) pieces.unshift({ text: style.number(size), binding: binds.closed });
  if (pieces.length === 1) return { ...pieces[0]!, negative };
  const text = style.multiply(pieces.map((piece) => within(piece, binds.power)));
  return { text, binding: binds.product, negative };
}

function renderFactor(factor: Factor, style: DimStyle, numerator: Polynomial | undefined): Piece {
  switch (factor.kind) {
    case "atom":
      return { text: style.atom(factor.atom), binding: binds.closed };
    case "opaque":
      return { text: style.opaque, binding: binds.closed };
    case "floor": {
      const top = renderTop(numerator ?? factor.argument.numerator, style);
      const bottom = within(join(renderTerms(factor.argument.denominator, style), style), binds.power);
      return { text: style.floor(top, bottom), binding: style.floorIsClosed ? binds.closed : binds.division };
    }
    case "minimum":
    case "maximum": {
      const operands = factor.operands.map((d) => renderSum(d, style).text);
      return { text: style.extremum(factor.kind, operands), binding: binds.closed };
    }
  }
}
