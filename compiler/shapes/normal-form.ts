/**
 * The normal form of a dim, as data.
 *
 * A dim is a reduced fraction of two polynomials over the integers, whose variables ("factors") are atoms, floors and
 * minima/maxima. An exact quotient `a / b` is division in the rational numbers: that it comes out whole is an obligation
 * raised where the quotient is written, so `b * (a / b)` is `a` by arithmetic, not by a rewrite.
 *
 * Invariants: monomials descend in the order of `compareMonomials`, no coefficient is 0, powers ascend in the order of
 * `compareFactors` with exponents >= 1; numerator and denominator have no common divisor, and the denominator's leading
 * coefficient is positive. Equal dims therefore have equal keys.
 */

/** An unknown. Identity is the object; the name is only for printing. */
export interface Atom {
  readonly id: number;
  readonly name: string;
  /** `entry`: any entry of a tensor of integers, a position for instance; another one in each place that reads it. */
  readonly role: "config" | "axis" | "loop" | "entry";
  /** The smallest value it can take: 1 for sizes, 0 for loop counters. */
  readonly min: number;
  /** Exclusive upper bound, for instance `depth` for the `i` of `repeat i < depth`. */
  readonly max?: Dim;
}

export type Factor = AtomFactor | FloorFactor | ExtremumFactor | OpaqueFactor;

interface FactorCommon {
  /** Equal iff the factors are the same. */
  readonly key: string;
  /** How many nodes it is made of; bounded by `limits.size`. */
  readonly size: number;
}

export interface AtomFactor extends FactorCommon {
  readonly kind: "atom";
  readonly atom: Atom;
}

/** The greatest integer not above `argument`, which is a proper fraction. */
export interface FloorFactor extends FactorCommon {
  readonly kind: "floor";
  readonly argument: Dim;
}

/** Two or more different operands, ascending by key. */
export interface ExtremumFactor extends FactorCommon {
  readonly kind: "minimum" | "maximum";
  readonly operands: readonly Dim[];
}

/** A value past the limits, of which nothing is known; no two are the same. */
export interface OpaqueFactor extends FactorCommon {
  readonly kind: "opaque";
}

export interface Power {
  readonly factor: Factor;
  readonly exponent: number;
}

export interface Monomial {
  readonly coefficient: bigint;
  readonly powers: readonly Power[];
  /** Names the product of powers, without the coefficient. */
  readonly key: string;
  /** Sum of the exponents. */
  readonly degree: number;
}

export type Polynomial = readonly Monomial[];

export interface Dim {
  readonly numerator: Polynomial;
  readonly denominator: Polynomial;
  /** Equal iff the normal forms are equal. */
  readonly key: string;
  readonly size: number;
}
