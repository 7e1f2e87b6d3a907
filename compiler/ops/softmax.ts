import { special } from "./primitive.js";

/** Entries of one axis in proportion to their exponentials. */
export const softmaxes = [
  special("softmax", "softmax[a](x)", 1, "exp(x) over its sum along the axis."),
  special("log_softmax", "log_softmax[a](x)", 1, "The logarithm of the softmax, computed stably."),
];
