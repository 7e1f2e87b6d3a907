/** The passes, in order. Each is a small function from graph to graph. */
import type { Module, Weight } from "../ir/graph.js";
import { mapFunctions } from "../ir/functions.js";
import { alignPositions } from "./align-positions.js";
import { composeViews } from "./compose-views.js";
import { dropRenames } from "./drop-renames.js";
import { fuseLinear } from "./fuse-linear.js";
import { inlineSmall } from "./inline-small.js";
import { nameProducts } from "./name-products.js";
import { tabulate } from "./tabulate.js";
import { storeTransposed } from "./store-transposed.js";

/**
 * Order: products are fused first, so that a `Linear` is one operation; then small blocks are written out, which brings
 * views next to each other; then views compose and renames go. Look-ups that ask for everything go before tables are cut out of
 * what is left. Storage comes last, when all products are in the open.
 */
export const passes = [
  fuseLinear,
  inlineSmall,
  dropRenames,
  fuseLinear,
  composeViews,
  dropRenames,
  alignPositions,
  tabulate,
  nameProducts,
];

export interface Optimized {
  readonly module: Module;
  /** Weights kept with their two axes swapped. */
  readonly transposed: ReadonlySet<Weight>;
}

export function optimize(module: Module): Optimized {
  const done = passes.reduce((current, pass) => mapFunctions(current, pass), module);
  return storeTransposed(done);
}
