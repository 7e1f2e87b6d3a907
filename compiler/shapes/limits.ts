/**
 * How far the algebra goes before it gives up. Past a limit a dim becomes opaque (nothing is known of it, so questions
 * about it are answered "unknown"); a model's own dims stay orders of magnitude below.
 */
export const limits = {
  /** Monomials in a polynomial. */
  terms: 256,
  /** Sum of exponents in a monomial. */
  degree: 48,
  /** Magnitude of a coefficient: a product of two such is still cheap. */
  coefficient: 2n ** 512n,
  /** Nodes in a dim, those of nested floors included. */
  size: 2048,
  /** Operands of a minimum or maximum. */
  operands: 32,
  /** Steps of one greatest common divisor. */
  divisorSteps: 400,
} as const;

/** Thrown inside the algebra past a limit, and caught where a dim is made; it never leaves this folder. */
export class PastLimit extends Error {}
