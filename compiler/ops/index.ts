/** Every primitive by its name. Lookup order: a file's own declarations, its imports, the standard library, then these. */
import { elementwise } from "./elementwise.js";
import type { Primitive, ReducePrimitive, SpecialPrimitive } from "./primitive.js";

export type { Primitive, ElementwisePrimitive, ReducePrimitive, SpecialPrimitive } from "./primitive.js";

const reduces: readonly ReducePrimitive[] = [
  { kind: "reduce", name: "sum", reduce: "sum", doc: "The sum over the named axes." },
  { kind: "reduce", name: "mean", reduce: "mean", doc: "The mean over the named axes." },
  { kind: "reduce", name: "largest", reduce: "max", doc: "The largest entry over the named axes." },
  { kind: "reduce", name: "smallest", reduce: "min", doc: "The smallest entry over the named axes." },
];

const specials: readonly SpecialPrimitive[] = [
  {
    kind: "special",
    name: "dot",
    doc: "dot[d](a, b): the sum over the named axes of the product; dot[](a, b) is the outer product.",
  },
  { kind: "special", name: "softmax", doc: "softmax[a](x): exp(x) over its sum along the axis." },
  { kind: "special", name: "log_softmax", doc: "log_softmax[a](x): the logarithm of the softmax, computed stably." },
  { kind: "special", name: "select", doc: "select(condition, a, b): a where the condition holds, else b." },
  { kind: "special", name: "real", doc: "An int or bool as a real." },
  { kind: "special", name: "int", doc: "A bool or (towards zero) a real as an int." },
  { kind: "special", name: "concat", doc: "concat[a](x, y): joined along an axis that both have." },
  { kind: "special", name: "stack", doc: "stack[a](x, y): joined along a new last axis." },
  {
    kind: "special",
    name: "dropout",
    doc: "dropout(x, p): in training, drops entries with probability p and scales the rest by 1 / (1 - p).",
  },
  { kind: "special", name: "id", doc: "Its argument." },
  { kind: "special", name: "stop_gradient", doc: "Its argument, a constant for the gradient." },
];

export const primitives: ReadonlyMap<string, Primitive> = new Map(
  [...elementwise, ...reduces, ...specials].map((primitive) => [primitive.name, primitive]),
);
