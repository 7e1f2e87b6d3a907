/** Every primitive by its name. Lookup order: a file's own declarations, its imports, the standard library, then these. */
import { alongAxis } from "./along-axis.js";
import { conversions } from "./convert.js";
import { elementwise } from "./elementwise.js";
import { joins } from "./join.js";
import { newAxes } from "./new-axes.js";
import type { Primitive } from "./primitive.js";
import { products } from "./products.js";
import { reduces } from "./reduce.js";
import { softmaxes } from "./softmax.js";

export type { Primitive, ElementwisePrimitive, ReducePrimitive, SpecialName, SpecialPrimitive } from "./primitive.js";

/** By family, for readers; the order has no meaning. */
const all: readonly Primitive[] = [
  ...elementwise,
  ...reduces,
  ...products,
  ...softmaxes,
  ...alongAxis,
  ...newAxes,
  ...joins,
  ...conversions,
];

export const primitives: ReadonlyMap<string, Primitive> = new Map(all.map((primitive) => [primitive.name, primitive]));
