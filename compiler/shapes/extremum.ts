/** The lesser and the greater of dims. */
import { asFactor, factorDim, opaque, subtract } from "./dim.js";
import { isEvidentlyNonnegative, isPositiveDivisor } from "./evident.js";
import { limits } from "./limits.js";
import type { Dim, ExtremumFactor } from "./normal-form.js";

export function minimum(a: Dim, b: Dim): Dim {
  return extremum("minimum", [a, b]);
}

export function maximum(a: Dim, b: Dim): Dim {
  return extremum("maximum", [a, b]);
}

/** Nested extrema of the same kind are one; an operand that another one evidently beats is left out. */
export function extremum(kind: ExtremumFactor["kind"], operands: readonly Dim[]): Dim {
  const flat = operands.flatMap((d) => nestedOperands(kind, d) ?? [d]);
  if (flat.length > limits.operands) return opaque();
  const kept: Dim[] = [];
  for (const candidate of flat) {
    if (kept.some((other) => beats(kind, other, candidate))) continue;
    const rest = kept.filter((other) => !beats(kind, candidate, other));
    kept.length = 0;
    kept.push(...rest, candidate);
  }
  const [only] = kept;
  if (only && kept.length === 1) return only;
  kept.sort((a, b) => (a.key < b.key ? -1 : 1));
  const key = `${kind}(${kept.map((d) => d.key).join(",")})`;
  const size = kept.reduce((sum, d) => sum + d.size, 1);
  return factorDim({ kind, operands: kept, key, size });
}

function nestedOperands(kind: ExtremumFactor["kind"], d: Dim): readonly Dim[] | undefined {
  const factor = asFactor(d);
  return factor?.kind === kind ? factor.operands : undefined;
}

/** Whether `b` can be left out beside `a`. */
function beats(kind: ExtremumFactor["kind"], a: Dim, b: Dim): boolean {
  const excess = kind === "minimum" ? subtract(b, a) : subtract(a, b);
  return isEvidentlyNonnegative(excess.numerator) && isPositiveDivisor(excess.denominator);
}
