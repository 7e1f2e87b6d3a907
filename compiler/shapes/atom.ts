import type { Atom, Dim } from "./normal-form.js";

export type { Atom } from "./normal-form.js";

let count = 0;

/**
 * A new unknown integer, different from every other. Its least value is `min`, by default 0 for loop counters and 1
 * otherwise; `below` is an exclusive upper bound.
 */
export function atom(
  name: string,
  role: Atom["role"],
  options: { readonly min?: number; readonly below?: Dim } = {},
): Atom {
  return {
    id: ++count,
    name,
    role,
    min: options.min ?? (role === "loop" ? 0 : 1),
    ...(options.below && { max: options.below }),
  };
}
