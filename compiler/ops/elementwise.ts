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

/** erf by its Maclaurin series, or by the continued fraction of erfc for |x| > 2 (Abramowitz and Stegun 7.1.5, 7.1.14); to 1e-15. */
export function errorFunction(x: number): number {
  const z = Math.abs(x);
  if (z > 6) return Math.sign(x);
  if (z <= 2) {
    let term = z;
    let sum = z;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 100; n++) {
      term *= (-z * z) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (z + fraction);
  return Math.sign(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction));
}
