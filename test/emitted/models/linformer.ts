// Linformer (linformer.tfm), config linformer_512_128. Written by tfmc 0.1.0: change the .tfm file, not this one.
// The projections are learned, so that every text has the same length `n`.
import * as tf from "@tensorflow/tfjs-core";
import {
  attend,
  contract,
  embedding,
  gelu,
  initialiseWeights,
  input,
  layerNorm,
  linear,
  linearTransposed,
  loadWeights,
  normal,
  ones,
  param,
  pick,
  positions,
  rearrange,
  repeat,
  saveWeights,
  sizeOf,
  zeros,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of linformer_512_128. */
export const config = { vocab: 50265, n: 512, few: 128, d: 768, depth: 12, heads: 12, eps: 1e-5 };
/** Every weight: its shape, how it starts, and its place in the checkpoint linformer. */
export const parameters = {
  embed: { weight: param("f32[vocab, d]", [50265, 768], normal(0.02)) },
  positions: { weight: param("f32[n, d]", [512, 768], normal(0.02)) },
  layers: repeat(12, "i", {
    norm1: { weight: param("f32[d]", [768], ones), bias: param("f32[d]", [768], zeros) },
    attn: {
      e: param("f32[few, n]", [128, 512], normal(0.02), "layers.{i}.attn.e_proj.weight"),
      f: param("f32[few, n]", [128, 512], normal(0.02), "layers.{i}.attn.f_proj.weight"),
      q: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.{i}.attn.q_proj.weight", order: [1, 0] }),
        bias: param("f32[d]", [768], zeros, "layers.{i}.attn.q_proj.bias"),
      },
      k: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.{i}.attn.k_proj.weight", order: [1, 0] }),
        bias: param("f32[d]", [768], zeros, "layers.{i}.attn.k_proj.bias"),
      },
      v: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.{i}.attn.v_proj.weight", order: [1, 0] }),
        bias: param("f32[d]", [768], zeros, "layers.{i}.attn.v_proj.bias"),
      },
      o: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.{i}.attn.o_proj.weight", order: [1, 0] }),
        bias: param("f32[d]", [768], zeros, "layers.{i}.attn.o_proj.bias"),
      },
    },
    norm2: { weight: param("f32[d]", [768], ones), bias: param("f32[d]", [768], zeros) },
    ffn: {
      up: {
        weight: param("f32[d, 4*d]", [768, 3072], normal(0.02), { name: "layers.{i}.ffn.up.weight", order: [1, 0] }),
        bias: param("f32[4*d]", [3072], zeros),
      },
      down: {
        weight: param("f32[4*d, d]", [3072, 768], normal(0.02), { name: "layers.{i}.ffn.down.weight", order: [1, 0] }),
        bias: param("f32[d]", [768], zeros),
      },
    },
  }),
  norm: { weight: param("f32[d]", [768], ones), bias: param("f32[d]", [768], zeros) },
};

export type LinformerWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, n, d]">;
type LinformerLayerWeights = LinformerWeights["layers"][number];
type LinformerAttentionWeights = LinformerLayerWeights["attn"];
type FfnWeights = LinformerLayerWeights["ffn"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<LinformerWeights> {
  return loadWeights(parameters, source);
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): LinformerWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: LinformerWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/**
 * Linformer (Wang et al. 2020): keys and values are projected along the sequence to a few, so that attention is linear
 * in its length.
 */
function linformerAttention(weights: LinformerAttentionWeights, x: Hidden): Hidden {
  const q = linear(x, weights.q.weight, weights.q.bias);
  const qh = rearrange(q, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  q.dispose();
  const k = linear(x, weights.k.weight, weights.k.bias);
  const k2 = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const kh = contract(weights.e, k2, "a b, n o b q -> a n o q");
  k2.dispose();
  const v = linear(x, weights.v.weight, weights.v.bias);
  const v2 = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const vh = contract(weights.f, v2, "a b, n o b q -> a n o q");
  v2.dispose();
  const kh2 = rearrange(kh, "few batch heads c -> batch heads few c");
  kh.dispose();
  const vh2 = rearrange(vh, "few batch heads c -> batch heads few c");
  vh.dispose();
  const y = attend(qh, kh2, vh2, { scale: 0.125 });
  tf.dispose([qh, kh2, vh2]);
  const y2 = rearrange(y, "batch heads n c -> batch n (heads c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
  y2.dispose();
  return o;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn(weights: FfnWeights, x: Hidden): Hidden {
  return tf.tidy(() =>
    linear(gelu(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

function linformerLayer(weights: LinformerLayerWeights, x: Hidden): Hidden {
  const norm1 = layerNorm(x, weights.norm1.weight, weights.norm1.bias, 1e-5);
  const attn = linformerAttention(weights.attn, norm1);
  norm1.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const norm2 = layerNorm(x2, weights.norm2.weight, weights.norm2.bias, 1e-5);
  const ffn2 = ffn(weights.ffn, norm2);
  norm2.dispose();
  const x3 = tf.add(x2, ffn2);
  tf.dispose([x2, ffn2]);
  return x3;
}

/** The projections are learned, so that every text has the same length `n`. */
function linformer(weights: LinformerWeights, ids: Tensor<"i32[batch, n]">): Hidden {
  const embed = embedding(weights.embed.weight, ids);
  const n = positions(config.n);
  const weight = embedding(weights.positions.weight, n);
  n.dispose();
  let x: Hidden = tf.add(embed, weight);
  tf.dispose([embed, weight]);
  for (const layer of weights.layers) {
    const next = linformerLayer(layer, x);
    x.dispose();
    x = next;
  }

  const norm = layerNorm(x, weights.norm.weight, weights.norm.bias, 1e-5);
  x.dispose();
  return norm;
}

function masked_lmHead(weights: LinformerWeights, x: Hidden): Tensor<"f32[batch, n, vocab]"> {
  return linearTransposed(x, weights.embed.weight);
}

/** Mean negative log-likelihood of `labels` (nats), over the entries that are not `ignore`. */
function crossEntropy(logits: Tensor<"f32[batch, n, vocab]">, labels: Tensor<"i32[batch, n]">): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const counted = tf.notEqual(labels, tf.scalar(-100, "int32"));
    const t = tf.neg(
      tf.sum(tf.where(counted, pick(tf.logSoftmax(logits), tf.where(counted, labels, tf.scalar(0, "int32"))), 0)),
    );
    return tf.div(t, tf.sum(tf.cast(counted, "float32")));
  });
}

function masked_lmLossOf(weights: LinformerWeights, x: Hidden, labels: Tensor<"i32[batch, n]">): Tensor<"f32[]"> {
  const logits = linearTransposed(x, weights.embed.weight);
  const logits2 = crossEntropy(logits, labels);
  logits.dispose();
  return logits2;
}

export interface EncodeInputs {
  readonly ids: Input<"i32[batch, n]">;
}

/** x f32[batch, n, d]. */
export function encode(weights: LinformerWeights, inputs: EncodeInputs): Hidden {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab, sizes: [null, config.n] });
    return linformer(weights, ids);
  });
}

export interface Masked_lmInputs {
  readonly ids: Input<"i32[batch, n]">;
}

/** The words that were masked, as RoBERTa is trained; labels of the others are -100. */
export function masked_lm(weights: LinformerWeights, inputs: Masked_lmInputs): Tensor<"f32[batch, n, vocab]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab, sizes: [null, config.n] });
    const hidden = linformer(weights, ids);
    return masked_lmHead(weights, hidden);
  });
}

export interface Masked_lmLossInputs {
  readonly ids: Input<"i32[batch, n]">;
  readonly labels: Input<"i32[batch, n]">;
}

/** The loss that masked_lm is trained by. */
export function masked_lmLoss(weights: LinformerWeights, inputs: Masked_lmLossInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab, sizes: [null, config.n] });
    const batch = sizeOf(ids, 0);
    const labels = input("labels", inputs.labels, {
      dtype: "int32",
      rank: 2,
      below: config.vocab,
      except: -100,
      sizes: [batch, config.n],
    });
    const hidden = linformer(weights, ids);
    return masked_lmLossOf(weights, hidden, labels);
  });
}
