import { special } from "./primitive.js";

/** Axes that the operands do not have: each is named with its size, or by a size of that name. */
export const newAxes = [
  special("expand", "expand[batch, n: 4](x)", 1, "x again and again along new axes in front. A number will do as x.", {
    amounts: true,
  }),
  special("full_like", "full_like(x, 0.0)", 2, "As many entries as x has, on the same axes, all of them this number."),
  special("range", "range[n: 4]()", 0, "0, 1, 2, ... along a new axis, as i32.", { amounts: true }),
  special(
    "one_hot",
    "one_hot[classes: 10](ids)",
    1,
    "1.0 at the place of the new last axis that the id names, else 0.0; an id that names none gives zeros.",
    { amounts: true },
  ),
];
