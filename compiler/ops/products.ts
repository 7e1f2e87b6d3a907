import { special } from "./primitive.js";

/** Sums of products. */
export const products = [
  special(
    "dot",
    "dot[d](a, b)",
    2,
    "The sum over the named axes of the product; axes that both keep go together. `dot[](a, b)` is the outer product.",
  ),
  special(
    "conv",
    "conv[h, w](x, weight, stride: 2, padding: 1, groups: 1)",
    2,
    "The cross-correlation of x [.., c, h, w] with weight [out, c / groups, kh, kw]: [.., out, h', w'], where " +
      "h' = (h + 2 * padding - kh) // stride + 1. One or two axes; padding is with zeros, on both sides.",
    { named: ["stride", "padding", "groups"] },
  ),
];
