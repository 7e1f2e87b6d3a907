// MixtureOfExperts (moe.tfm), config switch_like. Written by tfmc 0.1.0: change the .tfm file, not this one.
// A mixture of experts behind a norm (Shazeer et al. 2017), with its residual and the loss that balances the experts (Fedus et al. 2021): the top expert alone, by its probability, or the top few, by shares that sum to one.
import * as tf from "@tensorflow/tfjs-core";
import {
  argsort,
  at,
  initialiseWeights,
  input,
  linear,
  loadWeights,
  normal,
  ones,
  param,
  repeat,
  rmsNorm,
  saveWeights,
  silu,
  sizeOf,
  take,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of switch_like. */
export const config = { d: 768, experts: 8, used: 1, ff: 3072, eps: 1e-6, renormalise: false };
/** Every weight: its shape, how it starts, and its place in the checkpoint moe. */
export const parameters = {
  norm: { weight: param("f32[d]", [768], ones) },
  router: { weight: param("f32[d, experts]", [768, 8], normal(0.02), { name: "router.weight", order: [1, 0] }) },
  expert: repeat(8, "i", {
    gate: {
      weight: param("f32[d, ff]", [768, 3072], normal(0.02), { name: "experts.{i}.gate_proj.weight", order: [1, 0] }),
    },
    up: {
      weight: param("f32[d, ff]", [768, 3072], normal(0.02), { name: "experts.{i}.up_proj.weight", order: [1, 0] }),
    },
    down: {
      weight: param("f32[ff, d]", [3072, 768], normal(0.02), { name: "experts.{i}.down_proj.weight", order: [1, 0] }),
    },
  }),
};

export type MixtureOfExpertsWeights = Weights<typeof parameters>;
type RouterWeights = MixtureOfExpertsWeights["router"];
type GluWeights = MixtureOfExpertsWeights["expert"][number];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<MixtureOfExpertsWeights> {
  return loadWeights(parameters, source);
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): MixtureOfExpertsWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: MixtureOfExpertsWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/** The `k` largest entries of the last axis; the others become 0. Of equal ones the first stay. */
function keepTop(x: Tensor<"f32[rows, seq, experts]">): Tensor<"f32[rows, seq, experts]"> {
  return tf.tidy(() => tf.where(tf.less(argsort(argsort(tf.neg(x), 2), 2), tf.scalar(config.used, "int32")), x, 0));
}

/**
 * Which experts a token uses (Shazeer et al. 2017): how likely the router finds each, and the share in the result that
 * the `k` likeliest get by that, all others none. With `renormalise` shares sum to one (Mixtral); without, they stay as
 * they are (Switch).
 */
function router(
  weights: RouterWeights,
  x: Tensor<"f32[rows, seq, d]">,
): [Tensor<"f32[rows, seq, experts]">, Tensor<"f32[rows, seq, experts]">] {
  const linear2 = linear(x, weights.weight);
  const gate = tf.softmax(linear2);
  linear2.dispose();
  const kept = keepTop(gate);
  return [gate, kept];
}

/** A gated feed-forward network (Shazeer 2020): act(x·gate) * (x·up), projected back. */
function glu(weights: GluWeights, x: Tensor<"f32[rows, seq, d]">): Tensor<"f32[rows, seq, d]"> {
  return tf.tidy(() =>
    linear(tf.mul(silu(linear(x, weights.gate.weight)), linear(x, weights.up.weight)), weights.down.weight),
  );
}

/** Networks of one kind, each of which gives its share of the result. */
function experts(
  weights: MixtureOfExpertsWeights,
  x: Tensor<"f32[rows, seq, d]">,
  share: Tensor<"f32[rows, seq, experts]">,
): Tensor<"f32[rows, seq, d]"> {
  const rows = sizeOf(x, 0);
  const seq = sizeOf(x, 1);
  let y: Tensor<"f32[rows, seq, d]"> = tf.fill([rows, seq, config.d], 0);
  for (let e = 0; e < config.experts; e++) {
    const expert = glu(at(weights.expert, e), x);
    const y2 = tf.tidy(() => tf.add(y, tf.mul(tf.expandDims(take(share, 2, e), 2), expert)));
    expert.dispose();
    const next = y2;
    y.dispose();
    y = next;
  }

  return y;
}

/**
 * Experts used alike (Fedus et al. 2021): 1 where they are, more where few do the work. `gate` holds each expert's
 * probability, `kept` what was kept of it.
 */
function loadBalance(
  gate: Tensor<"f32[rows, seq, experts]">,
  kept: Tensor<"f32[rows, seq, experts]">,
): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const used = tf.cast(tf.less(0, kept), "float32");
    return tf.mul(8, tf.sum(tf.mul(tf.div(tf.sum(used, [0, 1]), tf.sum(used)), tf.mean(gate, [0, 1]))));
  });
}

/**
 * A mixture of experts behind a norm (Shazeer et al. 2017), with its residual and the loss that balances the experts
 * (Fedus et al. 2021): the top expert alone, by its probability, or the top few, by shares that sum to one.
 */
function mixtureOfExperts2(
  weights: MixtureOfExpertsWeights,
  hidden: Tensor<"f32[rows, seq, d]">,
): [Tensor<"f32[rows, seq, d]">, Tensor<"f32[rows, seq, experts]">, Tensor<"f32[]">] {
  const y = rmsNorm(hidden, weights.norm.weight, 1e-6);
  const [router_probs, share] = router(weights.router, y);
  const experts2 = experts(weights, y, share);
  y.dispose();
  const hidden2 = tf.add(hidden, experts2);
  experts2.dispose();
  const aux_loss = loadBalance(router_probs, share);
  share.dispose();
  return [hidden2, router_probs, aux_loss];
}

export interface MixtureOfExpertsInputs {
  readonly hidden: Input<"f32[rows, seq, d]">;
}

/**
 * A mixture of experts behind a norm (Shazeer et al. 2017), with its residual and the loss that balances the experts
 * (Fedus et al. 2021): the top expert alone, by its probability, or the top few, by shares that sum to one.
 */
export function mixtureOfExperts(
  weights: MixtureOfExpertsWeights,
  inputs: MixtureOfExpertsInputs,
): {
  readonly hidden: Tensor<"f32[rows, seq, d]">;
  readonly router_probs: Tensor<"f32[rows, seq, experts]">;
  readonly aux_loss: Tensor<"f32[]">;
} {
  return tf.tidy(() => {
    const hidden = input("hidden", inputs.hidden, { dtype: "float32", rank: 3, sizes: [null, null, config.d] });
    const [hidden2, router_probs, aux_loss] = mixtureOfExperts2(weights, hidden);
    return { hidden: hidden2, router_probs, aux_loss };
  });
}
