import { errorFunction } from "../ir/interpret/error-function.js";
import type { ElementwisePrimitive } from "./primitive.js";

const real = (
  name: string,
  map: ElementwisePrimitive["map"],
  onNumbers: (a: number) => number,
  doc: string,
): ElementwisePrimitive => ({
  kind: "elementwise",
  name,
  map,
  arity: 1,
  operand: "f32",
  onNumbers,
  doc,
});

/** Elementwise functions of one or two operands, which broadcast by label. */
export const elementwise: readonly ElementwisePrimitive[] = [
  real("exp", "exp", Math.exp, "e to the power of x."),
  real("log", "log", Math.log, "The natural logarithm."),
  real("sqrt", "sqrt", Math.sqrt, "The square root."),
  real("rsqrt", "rsqrt", (x) => 1 / Math.sqrt(x), "One over the square root."),
  real("sin", "sin", Math.sin, "The sine, of radians."),
  real("cos", "cos", Math.cos, "The cosine, of radians."),
  real("tanh", "tanh", Math.tanh, "The hyperbolic tangent."),
  real("sigmoid", "sigmoid", (x) => 1 / (1 + Math.exp(-x)), "1 / (1 + exp(-x))."),
  real("erf", "erf", errorFunction, "The error function."),
  real("floor", "floor", Math.floor, "The largest whole number that is not above x, as a real."),
  {
    kind: "elementwise",
    name: "abs",
    map: "absolute",
    arity: 1,
    operand: "number",
    onNumbers: Math.abs,
    doc: "The magnitude.",
  },
  {
    kind: "elementwise",
    name: "min",
    map: "minimum",
    arity: 2,
    operand: "number",
    onNumbers: Math.min,
    doc: "The smaller of two.",
  },
  {
    kind: "elementwise",
    name: "max",
    map: "maximum",
    arity: 2,
    operand: "number",
    onNumbers: Math.max,
    doc: "The larger of two.",
  },
];
