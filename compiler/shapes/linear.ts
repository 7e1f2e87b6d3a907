/** Fourier-Motzkin elimination: whether linear constraints over unknowns that are never negative contradict each other. */
import { commonDivisorOfIntegers } from "./common-divisor.js";
import { floorDivideIntegers } from "./polynomial.js";

/** `constant + sum of coefficient * unknown >= 0`, for integer unknowns. */
export interface Constraint {
  readonly coefficients: ReadonlyMap<string, bigint>;
  readonly constant: bigint;
}

/** Past this many constraints the search gives up. */
const constraintLimit = 300;

/** Coefficients stay below this, or the search gives up. */
const magnitudeLimit = 2n ** 256n;

/**
 * Whether no integers satisfy all constraints with the unknowns named in `nonnegative` at least 0. Complete over the
 * rational numbers up to the limits; false also stands for "cannot tell".
 */
export function areContradictory(constraints: readonly Constraint[], nonnegative: ReadonlySet<string>): boolean {
  const system = new Map<string, Constraint>();
  for (const constraint of constraints) {
    if (insert(system, constraint, nonnegative)) return true;
  }
  for (;;) {
    const unknown = cheapestUnknown(system, nonnegative);
    if (unknown === undefined) return false;
    const lower: Constraint[] = [];
    const upper: Constraint[] = [];
    for (const [key, constraint] of system) {
      const coefficient = constraint.coefficients.get(unknown);
      if (coefficient === undefined) continue;
      system.delete(key);
      (coefficient > 0n ? lower : upper).push(constraint);
    }
    if (nonnegative.has(unknown)) lower.push({ coefficients: new Map([[unknown, 1n]]), constant: 0n });
    for (const below of lower) {
      for (const above of upper) {
        const combined = combine(below, above, unknown);
        if (insert(system, combined, nonnegative)) return true;
        if (system.size > constraintLimit || tooLarge(combined)) return false;
      }
    }
  }
}

function tooLarge({ coefficients, constant }: Constraint): boolean {
  const exceeds = (n: bigint): boolean => n > magnitudeLimit || -n > magnitudeLimit;
  return exceeds(constant) || [...coefficients.values()].some(exceeds);
}

/** Adds a constraint in lowest terms, its constant rounded down since the unknowns are integers; true if it never holds. */
function insert(system: Map<string, Constraint>, given: Constraint, nonnegative: ReadonlySet<string>): boolean {
  const entries = [...given.coefficients].filter(([, c]) => c !== 0n).sort(([a], [b]) => (a < b ? -1 : 1));
  const shared = entries.reduce((divisor, [, c]) => commonDivisorOfIntegers(divisor, c), 0n);
  if (shared === 0n) return given.constant < 0n;
  const reduced = entries.map(([unknown, c]): [string, bigint] => [unknown, c / shared]);
  const constant = floorDivideIntegers(given.constant, shared);
  const signs = reduced.map(([unknown, c]) => (nonnegative.has(unknown) ? (c > 0n ? 1 : -1) : 0));
  if (constant >= 0n && signs.every((sign) => sign === 1)) return false;
  if (constant < 0n && signs.every((sign) => sign === -1)) return true;
  const key = reduced.map(([unknown, c]) => `${c}*${unknown}`).join("+");
  const other = system.get(key);
  if (!other || constant < other.constant) system.set(key, { coefficients: new Map(reduced), constant });
  return false;
}

function combine(below: Constraint, above: Constraint, unknown: string): Constraint {
  const up = below.coefficients.get(unknown) ?? 0n;
  const down = -(above.coefficients.get(unknown) ?? 0n);
  const coefficients = new Map<string, bigint>();
  for (const [other, c] of below.coefficients) if (other !== unknown) coefficients.set(other, c * down);
  for (const [other, c] of above.coefficients)
    if (other !== unknown) coefficients.set(other, (coefficients.get(other) ?? 0n) + c * up);
  return { coefficients, constant: below.constant * down + above.constant * up };
}

/** The unknown whose elimination makes the fewest new constraints. */
function cheapestUnknown(
  system: ReadonlyMap<string, Constraint>,
  nonnegative: ReadonlySet<string>,
): string | undefined {
  const counts = new Map<string, { lower: number; upper: number }>();
  for (const { coefficients } of system.values()) {
    for (const [unknown, c] of coefficients) {
      const count = counts.get(unknown) ?? { lower: nonnegative.has(unknown) ? 1 : 0, upper: 0 };
      if (c > 0n) count.lower++;
      else count.upper++;
      counts.set(unknown, count);
    }
  }
  let best: string | undefined;
  let least = Infinity;
  for (const [unknown, { lower, upper }] of counts) {
    if (lower * upper - lower - upper < least) {
      least = lower * upper - lower - upper;
      best = unknown;
    }
  }
  return best;
}
