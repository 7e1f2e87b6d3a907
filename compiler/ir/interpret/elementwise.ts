/** Entry by entry: elementwise functions, activations, and repetition along new axes. */
import { alignAxes } from "../align.js";
import type { ActivationNode, Axis, ExpandNode, MapName, MapNode } from "../graph.js";
import { entryAt, tabulate, type NDArray } from "./array.js";
import { errorFunction } from "./error-function.js";

const truth = (condition: boolean): number => (condition ? 1 : 0);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Division of whole numbers or reals towards minus infinity, and what it leaves: it has the divisor's sign. */
const floorDivide = (a: number, b: number): number => Math.floor(a / b);
const modulo = (a: number, b: number): number => a - b * floorDivide(a, b);

type Entrywise = (a: number, b: number, c: number) => number;

const functions: Readonly<Record<MapName, Entrywise>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  "floor-divide": floorDivide,
  modulo,
  power: (a, b) => a ** b,
  minimum: (a, b) => Math.min(a, b),
  maximum: (a, b) => Math.max(a, b),
  negate: (a) => -a,
  absolute: (a) => Math.abs(a),
  exp: (a) => Math.exp(a),
  log: (a) => Math.log(a),
  sqrt: (a) => Math.sqrt(a),
  rsqrt: (a) => 1 / Math.sqrt(a),
  sin: (a) => Math.sin(a),
  cos: (a) => Math.cos(a),
  tanh: (a) => Math.tanh(a),
  sigmoid,
  erf: errorFunction,
  floor: (a) => Math.floor(a),
  relu: (a) => Math.max(a, 0),
  equal: (a, b) => truth(a === b),
  "not-equal": (a, b) => truth(a !== b),
  less: (a, b) => truth(a < b),
  "less-equal": (a, b) => truth(a <= b),
  and: (a, b) => truth(a === 1 && b === 1),
  or: (a, b) => truth(a === 1 || b === 1),
  not: (a) => truth(a === 0),
  select: (condition, a, b) => (condition === 1 ? a : b),
  "to-real": (a) => a,
  "to-int": (a) => Math.trunc(a),
};

export function interpretMap(
  { name, operands, out }: MapNode,
  arrays: readonly NDArray[],
  shape: readonly number[],
): NDArray {
  const views = arrays.map((array, n) => broadcast(array, operands[n]?.type.axes ?? [], out.type.axes));
  return tabulate(shape, (index) => {
    const [a = NaN, b = NaN, c = NaN] = views.map((view) => view(index));
    return functions[name](a, b, c);
  });
}

export function interpretExpand({ operand, out }: ExpandNode, array: NDArray, shape: readonly number[]): NDArray {
  return tabulate(shape, broadcast(array, operand.type.axes, out.type.axes));
}

/** An array with the axes `from`, read by indices along the axes `to`. */
export function broadcast(
  array: NDArray,
  from: readonly Axis[],
  to: readonly Axis[],
): (index: readonly number[]) => number {
  const positions = alignAxes(from, to);
  if (!positions) throw new Error("an operand has an axis that the result lacks");
  return (index) =>
    entryAt(
      array,
      positions.map((position) => index[position] ?? -1),
    );
}

/** Hendrycks and Gimpel 2016 (gelu, its tanh form, its sigmoid form); Elfwing et al. 2017 (silu). */
const activations: Readonly<Record<ActivationNode["name"], (x: number) => number>> = {
  gelu: (x) => 0.5 * x * (1 + errorFunction(x / Math.SQRT2)),
  "gelu-tanh": (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  silu: (x) => x * sigmoid(x),
  "quick-gelu": (x) => x * sigmoid(1.702 * x),
};

export function interpretActivation({ name }: ActivationNode, operand: NDArray): NDArray {
  return tabulate(operand.shape, (index) => activations[name](entryAt(operand, index)));
}
