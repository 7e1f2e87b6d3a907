import { divide, type Dim } from "./dim.js";
import { normalise, type Facts } from "./facts.js";

/**
 * The exact quotient `a / b`, so that `b * (a / b)` is `a`; in normal form under the facts, if they are given. That it
 * comes out whole is an obligation of its own: ask it with `askDivides`.
 */
export function quotient(a: Dim, b: Dim, facts?: Facts): Dim {
  const exact = divide(a, b);
  return facts ? normalise(exact, facts) : exact;
}
