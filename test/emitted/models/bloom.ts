// Bloom (bloom.tfm), config bloom. Written by tfmc 0.1.0: change the .tfm file, not this one.
// With `from_norm`, residuals start behind the norms.
import * as tf from "@tensorflow/tfjs-core";
import {
  attend,
  causal,
  decode,
  embedding,
  geluTanh,
  initialiseWeights,
  input,
  lastPosition,
  layerNorm,
  linear,
  linearTransposed,
  loadWeights,
  normal,
  ones,
  onlyLast,
  param,
  pick,
  positions,
  rearrange,
  repeat,
  saveWeights,
  sizeOf,
  slice,
  zeros,
  type Cache,
  type GenerateOptions,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of bloom. */
export const config = { vocab: 250880, d: 14336, depth: 70, heads: 112, p: 0, attn_p: 0, eps: 1e-5, from_norm: false };
/** Every weight: its shape, how it starts, and its place in the checkpoint bigscience/bloom. */
export const parameters = {
  word_embeddings: { weight: param("f32[vocab, d]", [250880, 14336], normal(0.02)) },
  word_embeddings_layernorm: { weight: param("f32[d]", [14336], ones), bias: param("f32[d]", [14336], zeros) },
  h: repeat(70, "i", {
    input_layernorm: { weight: param("f32[d]", [14336], ones), bias: param("f32[d]", [14336], zeros) },
    self_attention: {
      q: {
        weight: param("f32[d, d]", [14336, 14336], normal(0.02), {
          name: "h.{i}.self_attention.query_key_value.weight",
          axis: 1,
          from: 0,
          to: 128,
          of: 384,
          order: [2, 0, 1],
          split: [112, 384, 14336],
          shape: [43008, 14336],
        }),
        bias: param("f32[d]", [14336], zeros, {
          name: "h.{i}.self_attention.query_key_value.bias",
          axis: 1,
          from: 0,
          to: 128,
          of: 384,
          split: [112, 384],
          shape: [43008],
        }),
      },
      k: {
        weight: param("f32[d, d]", [14336, 14336], normal(0.02), {
          name: "h.{i}.self_attention.query_key_value.weight",
          axis: 1,
          from: 128,
          to: 256,
          of: 384,
          order: [2, 0, 1],
          split: [112, 384, 14336],
          shape: [43008, 14336],
        }),
        bias: param("f32[d]", [14336], zeros, {
          name: "h.{i}.self_attention.query_key_value.bias",
          axis: 1,
          from: 128,
          to: 256,
          of: 384,
          split: [112, 384],
          shape: [43008],
        }),
      },
      v: {
        weight: param("f32[d, d]", [14336, 14336], normal(0.02), {
          name: "h.{i}.self_attention.query_key_value.weight",
          axis: 1,
          from: 256,
          to: 384,
          of: 384,
          order: [2, 0, 1],
          split: [112, 384, 14336],
          shape: [43008, 14336],
        }),
        bias: param("f32[d]", [14336], zeros, {
          name: "h.{i}.self_attention.query_key_value.bias",
          axis: 1,
          from: 256,
          to: 384,
          of: 384,
          split: [112, 384],
          shape: [43008],
        }),
      },
      o: {
        weight: param("f32[d, d]", [14336, 14336], normal(0.02), {
          name: "h.{i}.self_attention.dense.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [14336], zeros, "h.{i}.self_attention.dense.bias"),
      },
    },
    post_attention_layernorm: { weight: param("f32[d]", [14336], ones), bias: param("f32[d]", [14336], zeros) },
    mlp: {
      up: {
        weight: param("f32[d, 4*d]", [14336, 57344], normal(0.02), {
          name: "h.{i}.mlp.dense_h_to_4h.weight",
          order: [1, 0],
        }),
        bias: param("f32[4*d]", [57344], zeros, "h.{i}.mlp.dense_h_to_4h.bias"),
      },
      down: {
        weight: param("f32[4*d, d]", [57344, 14336], normal(0.02), {
          name: "h.{i}.mlp.dense_4h_to_h.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [14336], zeros, "h.{i}.mlp.dense_4h_to_h.bias"),
      },
    },
  }),
  ln_f: { weight: param("f32[d]", [14336], ones), bias: param("f32[d]", [14336], zeros) },
};

export type BloomWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type BloomLayerWeights = BloomWeights["h"][number];
type AttentionWeights = BloomLayerWeights["self_attention"];
type FfnWeights = BloomLayerWeights["mlp"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<BloomWeights> {
  return loadWeights(parameters, source, { prefixes: ["transformer."], ignore: ["lm_head.weight"] });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): BloomWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: BloomWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention(weights: AttentionWeights, x: Hidden, cache?: Cache): Hidden {
  const q = linear(x, weights.q.weight, weights.q.bias);
  const k = linear(x, weights.k.weight, weights.k.bias);
  const v = linear(x, weights.v.weight, weights.v.bias);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const qh = rearrange(q, "batch i (g c) -> batch g 1 i c", { g: config.heads });
  q.dispose();
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const y = attend(qh, kh, vh, {
    scale: 0.08838834764831843,
    mask: causal,
    score: (s, q, k) =>
      tf.sub(
        s,
        tf.mul(
          tf.expandDims(
            tf.expandDims(
              tf.where(
                tf.less(tf.cast(tf.add(tf.expandDims(positions(config.heads), 1), positions(1)), "float32"), 64),
                tf.pow(
                  2,
                  tf.div(
                    tf.mul(
                      -8,
                      tf.add(tf.cast(tf.add(tf.expandDims(positions(config.heads), 1), positions(1)), "float32"), 1),
                    ),
                    64,
                  ),
                ),
                tf.pow(
                  2,
                  tf.div(
                    tf.mul(
                      -4,
                      tf.add(
                        tf.mul(
                          2,
                          tf.sub(
                            tf.cast(tf.add(tf.expandDims(positions(config.heads), 1), positions(1)), "float32"),
                            64,
                          ),
                        ),
                        1,
                      ),
                    ),
                    64,
                  ),
                ),
              ),
              2,
            ),
            3,
          ),
          tf.cast(tf.abs(tf.sub(tf.expandDims(tf.reshape(q, [-1]), 1), tf.reshape(k, [-1]))), "float32"),
        ),
      ),
    cache,
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
  y2.dispose();
  return o;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn(weights: FfnWeights, x: Hidden): Hidden {
  return tf.tidy(() =>
    linear(geluTanh(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

/**
 * BLOOM (BigScience Workshop 2022): no position embeddings; scores fall with the distance (ALiBi), and the embedding is
 * normalised.
 */
function bloomLayer(weights: BloomLayerWeights, x: Hidden, cache?: Cache): Hidden {
  const h = layerNorm(x, weights.input_layernorm.weight, weights.input_layernorm.bias, 1e-5);
  const y = attention(weights.self_attention, h, cache);
  h.dispose();
  const x2 = tf.add(y, x);
  y.dispose();
  const h2 = layerNorm(x2, weights.post_attention_layernorm.weight, weights.post_attention_layernorm.bias, 1e-5);
  const mlp = ffn(weights.mlp, h2);
  h2.dispose();
  const sum = tf.add(mlp, x2);
  tf.dispose([x2, mlp]);
  return sum;
}

/** With `from_norm`, residuals start behind the norms. */
function bloom(weights: BloomWeights, ids: Tensor<"i32[batch, seq]">, cache?: Cache): Hidden {
  const word_embeddings = embedding(weights.word_embeddings.weight, ids);
  let x: Hidden = layerNorm(
    word_embeddings,
    weights.word_embeddings_layernorm.weight,
    weights.word_embeddings_layernorm.bias,
    1e-5,
  );
  word_embeddings.dispose();
  for (const layer of weights.h) {
    const next = bloomLayer(layer, x, cache);
    x.dispose();
    x = next;
  }

  const ln_f = layerNorm(x, weights.ln_f.weight, weights.ln_f.bias, 1e-5);
  x.dispose();
  return ln_f;
}

function lmHead(weights: BloomWeights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
  return linearTransposed(x, weights.word_embeddings.weight);
}

/** Mean negative log-likelihood of `labels` (nats), over the entries that are not `ignore`. */
function crossEntropy(
  logits: Tensor<"f32[batch, seq - 1, vocab]">,
  labels: Tensor<"i32[batch, seq - 1]">,
): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const counted = tf.notEqual(labels, tf.scalar(-100, "int32"));
    const t = tf.neg(
      tf.sum(tf.where(counted, pick(tf.logSoftmax(logits), tf.where(counted, labels, tf.scalar(0, "int32"))), 0)),
    );
    return tf.div(t, tf.sum(tf.cast(counted, "float32")));
  });
}

function lmLossOf(weights: BloomWeights, x: Hidden, ids: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  const seq = sizeOf(x, 1);
  const logits = linearTransposed(x, weights.word_embeddings.weight);
  const logits2 = slice(logits, 1, 0, seq - 1);
  logits.dispose();
  const ids2 = slice(ids, 1, 1, seq);
  const logits3 = crossEntropy(logits2, ids2);
  tf.dispose([logits2, ids2]);
  return logits3;
}

export interface LmInputs {
  readonly ids: Input<"i32[batch, seq]">;
}

/** What lm ends with, before its head. */
function lmHidden(weights: BloomWeights, inputs: LmInputs, cache?: Cache): Hidden {
  const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
  const seq = sizeOf(ids, 1);
  const hidden = bloom(weights, ids, cache);
  cache?.advance(seq);
  return hidden;
}

/** Next-token logits. The head is the token embedding itself. */
export function lm(weights: BloomWeights, inputs: LmInputs, cache?: Cache): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => lmHead(weights, lmHidden(weights, inputs, cache)));
}

/** The loss that lm is trained by. */
export function lmLoss(weights: BloomWeights, inputs: LmInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const hidden = bloom(weights, ids);
    return lmLossOf(weights, hidden, ids);
  });
}

/** The tokens that follow a prompt, one at a time. Keys and values of what came before are kept in a cache. */
export function generate(
  weights: BloomWeights,
  prompt: readonly number[],
  options: GenerateOptions = {},
): AsyncGenerator<number, void> {
  return decode(
    (tokens, cache) => lastPosition(lmHead(weights, onlyLast(lmHidden(weights, { ids: tokens }, cache)))),
    prompt,
    { vocab: config.vocab, topP: 0.9, temperature: 0.8, stop: [2], ...options },
  );
}
