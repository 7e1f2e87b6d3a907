import { composeViews } from "../../compiler/4-optimize/compose-views.js";
import { dropRenames } from "../../compiler/4-optimize/drop-renames.js";
import { fuseLinear } from "../../compiler/4-optimize/fuse-linear.js";
import { inlineSmall } from "../../compiler/4-optimize/inline-small.js";
import { nameProducts } from "../../compiler/4-optimize/name-products.js";
import { tabulate } from "../../compiler/4-optimize/tabulate.js";
import type { Function } from "../../compiler/ir/graph.js";

/** Passes over one function, in no order. */
export const passes: Readonly<Record<string, (made: Function) => Function>> = {
  fuseLinear,
  inlineSmall,
  dropRenames,
  composeViews,
  tabulate,
  nameProducts,
};
