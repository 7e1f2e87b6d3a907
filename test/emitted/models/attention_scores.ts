// AttentionScores (attention_scores.tfm), config scores. Written by tfmc 0.1.0: change the .tfm file, not this one.
import * as tf from "@tensorflow/tfjs-core";
import {
  contract,
  initialiseWeights,
  input,
  linear,
  loadWeights,
  normal,
  param,
  rearrange,
  saveWeights,
  sizeOf,
  take,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of scores. */
export const config = { n: 512, m: 512, narrow: 64, scaled: 64, hidden: 64 };
/** Every weight: its shape, how it starts, and its place in the checkpoint attention_scores. */
export const parameters = {
  dot: {
    k_proj: { weight: param("f32[m, narrow]", [512, 64], normal(0.02), { name: "dot.k_proj.weight", order: [1, 0] }) },
    q_proj: { weight: param("f32[n, narrow]", [512, 64], normal(0.02), { name: "dot.q_proj.weight", order: [1, 0] }) },
  },
  scaled_dot: {
    k_proj: {
      weight: param("f32[m, scaled]", [512, 64], normal(0.02), { name: "scaled_dot.k_proj.weight", order: [1, 0] }),
    },
    q_proj: {
      weight: param("f32[n, scaled]", [512, 64], normal(0.02), { name: "scaled_dot.q_proj.weight", order: [1, 0] }),
    },
  },
  additive: {
    k_proj: {
      weight: param("f32[m, hidden]", [512, 64], normal(0.02), { name: "additive.k_proj.weight", order: [1, 0] }),
    },
    q_proj: {
      weight: param("f32[n, hidden]", [512, 64], normal(0.02), { name: "additive.q_proj.weight", order: [1, 0] }),
    },
    v: { weight: param("f32[hidden, 1]", [64, 1], normal(0.02), { name: "additive.v.weight", order: [1, 0] }) },
  },
  multiplicative: { weight: param("f32[n, m]", [512, 512], normal(0.02)) },
};

export type AttentionScoresWeights = Weights<typeof parameters>;
type DotScoreWeights = AttentionScoresWeights["dot"];
type DotScore2Weights = AttentionScoresWeights["scaled_dot"];
type AdditiveScoreWeights = AttentionScoresWeights["additive"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<AttentionScoresWeights> {
  return loadWeights(parameters, source);
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): AttentionScoresWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: AttentionScoresWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/**
 * Four ways to tell how well a query and a memory go together: the dot product, as it is (Luong et al. 2015) and scaled
 * (Vaswani et al. 2017), a small network (Bahdanau et al. 2015, "additive"), and a product with a matrix between (Luong
 * et al. 2015, "general").
 */
function dotScore(
  weights: DotScoreWeights,
  query: Tensor<"f32[batch, i, n]">,
  memory: Tensor<"f32[batch, j, m]">,
): Tensor<"f32[batch, i, j]"> {
  return tf.tidy(() =>
    contract(linear(query, weights.q_proj.weight), linear(memory, weights.k_proj.weight), "a b c, a o c -> a b o"),
  );
}

/** What is read of the memory by these scores, and the weight of each of its entries. */
function read(
  score: Tensor<"f32[batch, i, j]">,
  memory: Tensor<"f32[batch, j, m]">,
  keep: Tensor<"bool[batch, j]">,
): [Tensor<"f32[batch, i, m]">, Tensor<"f32[batch, i, j]">] {
  return tf.tidy(() => {
    const weights2 = tf.softmax(tf.where(tf.expandDims(keep, 1), score, -Infinity));
    return [contract(weights2, memory, "a b c, a c p -> a b p"), weights2];
  });
}

/**
 * Four ways to tell how well a query and a memory go together: the dot product, as it is (Luong et al. 2015) and scaled
 * (Vaswani et al. 2017), a small network (Bahdanau et al. 2015, "additive"), and a product with a matrix between (Luong
 * et al. 2015, "general").
 */
function dotScore2(
  weights: DotScore2Weights,
  query: Tensor<"f32[batch, i, n]">,
  memory: Tensor<"f32[batch, j, m]">,
): Tensor<"f32[batch, i, j]"> {
  return tf.tidy(() => {
    const product = tf.mul(
      0.125,
      contract(linear(query, weights.q_proj.weight), linear(memory, weights.k_proj.weight), "a b c, a o c -> a b o"),
    );
    return product;
  });
}

function additiveScore(
  weights: AdditiveScoreWeights,
  query: Tensor<"f32[batch, i, n]">,
  memory: Tensor<"f32[batch, j, m]">,
): Tensor<"f32[batch, i, j]"> {
  return tf.tidy(() => {
    const j = sizeOf(memory, 1);
    const batch = sizeOf(query, 0);
    const i = sizeOf(query, 1);
    const both2 = tf.add(
      tf.broadcastTo(linear(query, weights.q_proj.weight), [j, batch, i, config.hidden]),
      tf.expandDims(tf.transpose(linear(memory, weights.k_proj.weight), [1, 0, 2]), 2),
    );
    return take(rearrange(linear(tf.tanh(both2), weights.v.weight), "j batch i 1 -> batch i j 1"), 3, 0);
  });
}

function attentionScores2(
  weights: AttentionScoresWeights,
  q: Tensor<"f32[batch, i, n]">,
  memory: Tensor<"f32[batch, j, m]">,
  keep: Tensor<"bool[batch, j]">,
): [
  Tensor<"f32[batch, i, m]">,
  Tensor<"f32[batch, i, j]">,
  Tensor<"f32[batch, i, m]">,
  Tensor<"f32[batch, i, j]">,
  Tensor<"f32[batch, i, m]">,
  Tensor<"f32[batch, i, j]">,
  Tensor<"f32[batch, i, m]">,
  Tensor<"f32[batch, i, j]">,
] {
  const dot = dotScore(weights.dot, q, memory);
  const [context_dot, weights_dot] = read(dot, memory, keep);
  dot.dispose();
  const scaled_dot = dotScore2(weights.scaled_dot, q, memory);
  const [context_scaled_dot, weights_scaled_dot] = read(scaled_dot, memory, keep);
  scaled_dot.dispose();
  const additive = additiveScore(weights.additive, q, memory);
  const [context_additive, weights_additive] = read(additive, memory, keep);
  additive.dispose();
  const multiplicative = linear(q, weights.multiplicative.weight);
  const multiplicative2 = contract(multiplicative, memory, "a b c, a o c -> a b o");
  multiplicative.dispose();
  const [context_multiplicative, weights_multiplicative] = read(multiplicative2, memory, keep);
  multiplicative2.dispose();
  return [
    context_dot,
    weights_dot,
    context_scaled_dot,
    weights_scaled_dot,
    context_additive,
    weights_additive,
    context_multiplicative,
    weights_multiplicative,
  ];
}

export interface AttentionScoresInputs {
  readonly q: Input<"f32[batch, i, n]">;
  readonly memory: Input<"f32[batch, j, m]">;
  readonly keep?: Input<"bool[batch, j]">;
}

/** context_dot f32[batch, i, m], weights_dot f32[batch, i, j], context_scaled_dot f32[batch, i, m], weights_scaled_dot f32[batch, i, j], context_additive f32[batch, i, m], weights_additive f32[batch, i, j], context_multiplicative f32[batch, i, m], weights_multiplicative f32[batch, i, j]. */
export function attentionScores(
  weights: AttentionScoresWeights,
  inputs: AttentionScoresInputs,
): {
  readonly context_dot: Tensor<"f32[batch, i, m]">;
  readonly weights_dot: Tensor<"f32[batch, i, j]">;
  readonly context_scaled_dot: Tensor<"f32[batch, i, m]">;
  readonly weights_scaled_dot: Tensor<"f32[batch, i, j]">;
  readonly context_additive: Tensor<"f32[batch, i, m]">;
  readonly weights_additive: Tensor<"f32[batch, i, j]">;
  readonly context_multiplicative: Tensor<"f32[batch, i, m]">;
  readonly weights_multiplicative: Tensor<"f32[batch, i, j]">;
} {
  return tf.tidy(() => {
    const q = input("q", inputs.q, { dtype: "float32", rank: 3, sizes: [null, null, config.n] });
    const batch = sizeOf(q, 0);
    const memory = input("memory", inputs.memory, { dtype: "float32", rank: 3, sizes: [batch, null, config.m] });
    const j = sizeOf(memory, 1);
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, j], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, j] });
    const [
      context_dot,
      weights_dot,
      context_scaled_dot,
      weights_scaled_dot,
      context_additive,
      weights_additive,
      context_multiplicative,
      weights_multiplicative,
    ] = attentionScores2(weights, q, memory, keep);
    return {
      context_dot,
      weights_dot,
      context_scaled_dot,
      weights_scaled_dot,
      context_additive,
      weights_additive,
      context_multiplicative,
      weights_multiplicative,
    };
  });
}
