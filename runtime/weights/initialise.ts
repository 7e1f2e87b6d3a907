import * as tf from "@tensorflow/tfjs-core";
import { checkFits } from "../capacity.js";
import { normalRandom, seedOf, uniformRandom } from "../random.js";
import type { Tensor } from "../tensor.js";
import type { Initialiser } from "./initialiser.js";
import { leavesOf, plant, type Parameters, type Weights } from "./parameters.js";
import { product } from "./layout.js";

/** New weights, each as its initialiser says: the same for the same seed, on every backend. */
export function initialiseWeights<P>(parameters: P & Parameters, seed: number): Weights<P> {
  const leaves = leavesOf(parameters);
  checkFits(leaves.map(({ param, address }) => ({ name: address, bytes: 4 * product(param.sizes) })));
  const tensors = new Map<string, Tensor>();
  for (const { param, address } of leaves) {
    const values = draw(param.initialiser, product(param.sizes), seedOf(address, seed));
    tensors.set(address, tf.keep(tf.tensor(values, [...param.sizes], "float32")));
  }
  return plant<P>(parameters, tensors);
}

function draw(initialiser: Initialiser, count: number, seed: number): Float32Array {
  const values = new Float32Array(count);
  if (initialiser.kind === "constant") return values.fill(initialiser.value);
  const uniform = uniformRandom(seed);
  if (initialiser.kind === "uniform") {
    const { low, high } = initialiser;
    return values.map(() => low + (high - low) * uniform());
  }
  const normal = normalRandom(uniform);
  return values.map(() => initialiser.deviation * normal());
}
