import { special } from "./primitive.js";

/** Along one axis, each line of entries by itself. */
export const alongAxis = [
  special(
    "roll",
    "roll[h: 1, w: -1](x)",
    1,
    "Each entry moved on by so many places along the axis; what leaves at one end comes in at the other.",
    { amounts: true },
  ),
  special("cumsum", "cumsum[a](x)", 1, "The sum of the entries so far, each itself included."),
  special(
    "argsort",
    "argsort[a](x)",
    1,
    "The places of the entries in rising order, as i32; equal ones stay in the order in which they are.",
  ),
  special("argmax", "argmax[a](x)", 1, "The place of the largest entry, as i32; of equal ones, the first."),
];
