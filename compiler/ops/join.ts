import { special } from "./primitive.js";

/** Several tensors as one. */
export const joins = [
  special("concat", "concat[a](x, y)", Infinity, "Joined along an axis that all have."),
  special("stack", "stack[a](x, y)", Infinity, "Joined along a new last axis."),
];
