// T5 (t5.tfm), config t5_small. Written by tfmc 0.1.0: change the .tfm file, not this one.
// One table of biases serves all layers of a stack. Version 1.1 is `gated`, and its head neither tied nor `scaled`.
import * as tf from "@tensorflow/tfjs-core";
import {
  at,
  attend,
  causal,
  decode,
  embedding,
  initialiseWeights,
  input,
  lastPosition,
  linear,
  linearTransposed,
  loadWeights,
  lookUp,
  normal,
  once,
  ones,
  onlyLast,
  param,
  pick,
  positions,
  rearrange,
  repeat,
  rmsNorm,
  saveWeights,
  sizeOf,
  where,
  type Cache,
  type GenerateOptions,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of t5_small. */
export const config = {
  vocab: 32128,
  d: 512,
  depth: 6,
  heads: 8,
  head_dim: 64,
  ff: 2048,
  gated: false,
  buckets: 32,
  far: 128,
  tied: true,
  scaled: true,
  p: 0.1,
  eps: 1e-6,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint google-t5/t5-small. */
export const parameters = {
  enc_bias: param(
    "f32[buckets, heads]",
    [32, 8],
    normal(0.02),
    "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
  ),
  dec_bias: param(
    "f32[buckets, heads]",
    [32, 8],
    normal(0.02),
    "decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
  ),
  shared: { weight: param("f32[vocab, d]", [32128, 512], normal(0.02)) },
  encoder: repeat(6, "i", {
    norm: [
      { weight: param("f32[d]", [512], ones, "encoder.block.{i}.layer.0.layer_norm.weight") },
      { weight: param("f32[d]", [512], ones, "encoder.block.{i}.layer.1.layer_norm.weight") },
    ],
    attn: {
      q: {
        weight: param("f32[d, heads*head_dim]", [512, 512], normal(0.02), {
          name: "encoder.block.{i}.layer.0.SelfAttention.q.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[d, heads*head_dim]", [512, 512], normal(0.02), {
          name: "encoder.block.{i}.layer.0.SelfAttention.k.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[d, heads*head_dim]", [512, 512], normal(0.02), {
          name: "encoder.block.{i}.layer.0.SelfAttention.v.weight",
          order: [1, 0],
        }),
      },
      o: {
        weight: param("f32[heads*head_dim, d]", [512, 512], normal(0.02), {
          name: "encoder.block.{i}.layer.0.SelfAttention.o.weight",
          order: [1, 0],
        }),
      },
    },
    feed: {
      wi: {
        weight: param("f32[d, ff]", [512, 2048], normal(0.02), {
          name: "encoder.block.{i}.layer.1.DenseReluDense.wi.weight",
          order: [1, 0],
        }),
      },
      wo: {
        weight: param("f32[ff, d]", [2048, 512], normal(0.02), {
          name: "encoder.block.{i}.layer.1.DenseReluDense.wo.weight",
          order: [1, 0],
        }),
      },
    },
  }),
  enc_norm: { weight: param("f32[d]", [512], ones, "encoder.final_layer_norm.weight") },
  decoder: repeat(6, "i", {
    norm: [
      { weight: param("f32[d]", [512], ones, "decoder.block.{i}.layer.0.layer_norm.weight") },
      { weight: param("f32[d]", [512], ones, "decoder.block.{i}.layer.1.layer_norm.weight") },
      { weight: param("f32[d]", [512], ones, "decoder.block.{i}.layer.2.layer_norm.weight") },
    ],
    attn: {
      q: {
        weight: param("f32[d, heads*head_dim]", [512, 512], normal(0.02), {
          name: "decoder.block.{i}.layer.0.SelfAttention.q.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[d, heads*head_dim]", [512, 512], normal(0.02), {
          name: "decoder.block.{i}.layer.0.SelfAttention.k.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[d, heads*head_dim]", [512, 512], normal(0.02), {
          name: "decoder.block.{i}.layer.0.SelfAttention.v.weight",
          order: [1, 0],
        }),
      },
      o: {
        weight: param("f32[heads*head_dim, d]", [512, 512], normal(0.02), {
          name: "decoder.block.{i}.layer.0.SelfAttention.o.weight",
          order: [1, 0],
        }),
      },
    },
    cross: {
      q: {
        weight: param("f32[d, heads*head_dim]", [512, 512], normal(0.02), {
          name: "decoder.block.{i}.layer.1.EncDecAttention.q.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[d, heads*head_dim]", [512, 512], normal(0.02), {
          name: "decoder.block.{i}.layer.1.EncDecAttention.k.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[d, heads*head_dim]", [512, 512], normal(0.02), {
          name: "decoder.block.{i}.layer.1.EncDecAttention.v.weight",
          order: [1, 0],
        }),
      },
      o: {
        weight: param("f32[heads*head_dim, d]", [512, 512], normal(0.02), {
          name: "decoder.block.{i}.layer.1.EncDecAttention.o.weight",
          order: [1, 0],
        }),
      },
    },
    feed: {
      wi: {
        weight: param("f32[d, ff]", [512, 2048], normal(0.02), {
          name: "decoder.block.{i}.layer.2.DenseReluDense.wi.weight",
          order: [1, 0],
        }),
      },
      wo: {
        weight: param("f32[ff, d]", [2048, 512], normal(0.02), {
          name: "decoder.block.{i}.layer.2.DenseReluDense.wo.weight",
          order: [1, 0],
        }),
      },
    },
  }),
  dec_norm: { weight: param("f32[d]", [512], ones, "decoder.final_layer_norm.weight") },
};

export type T5Weights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, tgt, d]">;
type T5EncoderWeights = T5Weights["encoder"][number];
type AttentionWeights = T5EncoderWeights["attn"];
type T5FeedWeights = T5EncoderWeights["feed"];
type T5DecoderWeights = T5Weights["decoder"][number];
type Attention2Weights = T5DecoderWeights["attn"];
type Attention3Weights = T5DecoderWeights["cross"];
type T5Feed2Weights = T5DecoderWeights["feed"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<T5Weights> {
  return loadWeights(parameters, source, {
    ignore: [
      "encoder.embed_tokens.weight",
      "decoder.embed_tokens.weight",
      "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight",
    ],
  });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): T5Weights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: T5Weights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention(
  weights: AttentionWeights,
  x: Tensor<"f32[batch, src, d]">,
  keep: Tensor<"bool[batch, src]">,
  enc_bias: Tensor<"f32[buckets, heads]">,
): Tensor<"f32[batch, src, d]"> {
  const q = linear(x, weights.q.weight);
  const k = linear(x, weights.k.weight);
  const v = linear(x, weights.v.weight);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const qh = rearrange(q, "batch i (g c) -> batch g 1 i c", { g: config.heads });
  q.dispose();
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const y = attend(qh, kh, vh, {
    mask: where(() => tf.expandDims(tf.expandDims(tf.expandDims(keep, 1), 2), 3)),
    score: (s, q, k) =>
      tf.add(
        s,
        lookUp(
          enc_bias,
          [0, 1],
          [
            tf.add(
              tf.where(
                tf.less(
                  tf.abs(tf.sub(tf.reshape(k, [-1]), tf.expandDims(tf.reshape(q, [-1]), 1))),
                  tf.scalar(Math.floor(config.buckets / 4), "int32"),
                ),
                tf.abs(tf.sub(tf.reshape(k, [-1]), tf.expandDims(tf.reshape(q, [-1]), 1))),
                tf.maximum(
                  tf.minimum(
                    tf.add(
                      tf.scalar(Math.floor(config.buckets / 4), "int32"),
                      tf.cast(
                        tf.mul(
                          tf.add(
                            tf.div(
                              tf.log(
                                tf.div(
                                  tf.cast(
                                    tf.maximum(
                                      tf.abs(tf.sub(tf.reshape(k, [-1]), tf.expandDims(tf.reshape(q, [-1]), 1))),
                                      tf.scalar(1, "int32"),
                                    ),
                                    "float32",
                                  ),
                                  8,
                                ),
                              ),
                              2.772588722239781,
                            ),
                            1e-5,
                          ),
                          8,
                        ),
                        "int32",
                      ),
                    ),
                    tf.scalar(Math.floor(config.buckets / 2) - 1, "int32"),
                  ),
                  tf.scalar(Math.floor(config.buckets / 4), "int32"),
                ),
              ),
              tf.where(
                tf.less(tf.scalar(0, "int32"), tf.sub(tf.reshape(k, [-1]), tf.expandDims(tf.reshape(q, [-1]), 1))),
                tf.scalar(Math.floor(config.buckets / 2), "int32"),
                tf.scalar(0, "int32"),
              ),
            ),
            tf.expandDims(tf.expandDims(tf.add(tf.expandDims(positions(config.heads), 1), positions(1)), 2), 3),
          ],
        ),
      ),
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight);
  y2.dispose();
  return o;
}

function t5Feed(weights: T5FeedWeights, x: Tensor<"f32[batch, src, d]">): Tensor<"f32[batch, src, d]"> {
  return tf.tidy(() => linear(tf.maximum(linear(x, weights.wi.weight), 0), weights.wo.weight));
}

function t5Encoder(
  weights: T5EncoderWeights,
  x: Tensor<"f32[batch, src, d]">,
  keep: Tensor<"bool[batch, src]">,
  enc_bias: Tensor<"f32[buckets, heads]">,
): Tensor<"f32[batch, src, d]"> {
  const norm = rmsNorm(x, at(weights.norm, 0).weight, 1e-6);
  const attn = attention(weights.attn, norm, keep, enc_bias);
  norm.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const norm2 = rmsNorm(x2, at(weights.norm, 1).weight, 1e-6);
  const feed = t5Feed(weights.feed, norm2);
  norm2.dispose();
  const x3 = tf.add(x2, feed);
  tf.dispose([x2, feed]);
  return x3;
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention2(
  weights: Attention2Weights,
  x: Hidden,
  dec_bias: Tensor<"f32[buckets, heads]">,
  cache?: Cache,
): Hidden {
  const q = linear(x, weights.q.weight);
  const k = linear(x, weights.k.weight);
  const v = linear(x, weights.v.weight);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const qh = rearrange(q, "batch i (g c) -> batch g 1 i c", { g: config.heads });
  q.dispose();
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const y = attend(qh, kh, vh, {
    mask: causal,
    score: (s, q, k) =>
      tf.add(
        s,
        lookUp(
          dec_bias,
          [0, 1],
          [
            tf.where(
              tf.less(
                tf.maximum(
                  tf.neg(tf.sub(tf.reshape(k, [-1]), tf.expandDims(tf.reshape(q, [-1]), 1))),
                  tf.scalar(0, "int32"),
                ),
                tf.scalar(Math.floor(config.buckets / 2), "int32"),
              ),
              tf.maximum(
                tf.neg(tf.sub(tf.reshape(k, [-1]), tf.expandDims(tf.reshape(q, [-1]), 1))),
                tf.scalar(0, "int32"),
              ),
              tf.maximum(
                tf.minimum(
                  tf.add(
                    tf.scalar(Math.floor(config.buckets / 2), "int32"),
                    tf.cast(
                      tf.mul(
                        tf.add(
                          tf.div(
                            tf.log(
                              tf.div(
                                tf.cast(
                                  tf.maximum(
                                    tf.maximum(
                                      tf.neg(tf.sub(tf.reshape(k, [-1]), tf.expandDims(tf.reshape(q, [-1]), 1))),
                                      tf.scalar(0, "int32"),
                                    ),
                                    tf.scalar(1, "int32"),
                                  ),
                                  "float32",
                                ),
                                16,
                              ),
                            ),
                            2.0794415416798357,
                          ),
                          1e-5,
                        ),
                        16,
                      ),
                      "int32",
                    ),
                  ),
                  tf.scalar(config.buckets - 1, "int32"),
                ),
                tf.scalar(Math.floor(config.buckets / 2), "int32"),
              ),
            ),
            tf.expandDims(tf.expandDims(tf.add(tf.expandDims(positions(config.heads), 1), positions(1)), 2), 3),
          ],
        ),
      ),
    cache,
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight);
  y2.dispose();
  return o;
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention3(
  weights: Attention3Weights,
  x: Hidden,
  ctx: Tensor<"f32[batch, src, d]">,
  keep: Tensor<"bool[batch, src]">,
  cache?: Cache,
): Hidden {
  const [vh2, kh2] = once(cache, () => {
    const k = linear(ctx, weights.k.weight);
    const v = linear(ctx, weights.v.weight);
    const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
    v.dispose();
    const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
    k.dispose();
    return [vh, kh];
  });
  const q = linear(x, weights.q.weight);
  const qh = rearrange(q, "batch i (g c) -> batch g 1 i c", { g: config.heads });
  q.dispose();
  const y = attend(qh, kh2, vh2, { mask: where(() => tf.expandDims(tf.expandDims(tf.expandDims(keep, 1), 2), 3)) });
  tf.dispose([vh2, kh2, qh]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight);
  y2.dispose();
  return o;
}

function t5Feed2(weights: T5Feed2Weights, x: Hidden): Hidden {
  return tf.tidy(() => linear(tf.maximum(linear(x, weights.wi.weight), 0), weights.wo.weight));
}

function t5Decoder(
  weights: T5DecoderWeights,
  x: Hidden,
  memory: Tensor<"f32[batch, src, d]">,
  keep: Tensor<"bool[batch, src]">,
  dec_bias: Tensor<"f32[buckets, heads]">,
  cache?: Cache,
): Hidden {
  const norm = rmsNorm(x, at(weights.norm, 0).weight, 1e-6);
  const attn = attention2(weights.attn, norm, dec_bias, cache);
  norm.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const norm2 = rmsNorm(x2, at(weights.norm, 1).weight, 1e-6);
  const cross = attention3(weights.cross, norm2, memory, keep, cache);
  norm2.dispose();
  const x3 = tf.add(x2, cross);
  tf.dispose([x2, cross]);
  const norm3 = rmsNorm(x3, at(weights.norm, 2).weight, 1e-6);
  const feed = t5Feed2(weights.feed, norm3);
  norm3.dispose();
  const x4 = tf.add(x3, feed);
  tf.dispose([x3, feed]);
  return x4;
}

/** One table of biases serves all layers of a stack. Version 1.1 is `gated`, and its head neither tied nor `scaled`. */
function t5(
  weights: T5Weights,
  ids: Tensor<"i32[batch, src]">,
  target: Tensor<"i32[batch, tgt]">,
  keep: Tensor<"bool[batch, src]">,
  cache?: Cache,
): Hidden {
  const [memory2] = once(cache, () => {
    let x: Tensor<"f32[batch, src, d]"> = embedding(weights.shared.weight, ids);
    for (const encoder_ of weights.encoder) {
      const next = t5Encoder(encoder_, x, keep, weights.enc_bias);
      x.dispose();
      x = next;
    }

    const memory = rmsNorm(x, weights.enc_norm.weight, 1e-6);
    x.dispose();
    return [memory];
  });
  let y: Hidden = embedding(weights.shared.weight, target);
  for (const decoder_ of weights.decoder) {
    const next2 = t5Decoder(decoder_, y, memory2, keep, weights.dec_bias, cache);
    y.dispose();
    y = next2;
  }

  memory2.dispose();
  const dec_norm = rmsNorm(y, weights.dec_norm.weight, 1e-6);
  y.dispose();
  return dec_norm;
}

function seq2seqHead(weights: T5Weights, y: Hidden): Tensor<"f32[batch, tgt, vocab]"> {
  return tf.tidy(() => linearTransposed(tf.mul(0.044194173824159216, y), weights.shared.weight));
}

/** Mean negative log-likelihood of `labels` (nats), over the entries that are not `ignore`. */
function crossEntropy(logits: Tensor<"f32[batch, tgt, vocab]">, labels: Tensor<"i32[batch, tgt]">): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const counted = tf.notEqual(labels, tf.scalar(-100, "int32"));
    const t = tf.neg(
      tf.sum(tf.where(counted, pick(tf.logSoftmax(logits), tf.where(counted, labels, tf.scalar(0, "int32"))), 0)),
    );
    return tf.div(t, tf.sum(tf.cast(counted, "float32")));
  });
}

function seq2seqLossOf(weights: T5Weights, y: Hidden, labels: Tensor<"i32[batch, tgt]">): Tensor<"f32[]"> {
  const h = tf.tidy(() => tf.mul(0.044194173824159216, y));
  const logits = linearTransposed(h, weights.shared.weight);
  h.dispose();
  const logits2 = crossEntropy(logits, labels);
  logits.dispose();
  return logits2;
}

export interface Seq2seqInputs {
  readonly ids: Input<"i32[batch, src]">;
  readonly target: Input<"i32[batch, tgt]">;
  readonly keep?: Input<"bool[batch, src]">;
}

/** What seq2seq ends with, before its head. */
function seq2seqHidden(weights: T5Weights, inputs: Seq2seqInputs, cache?: Cache): Hidden {
  const ids = once(cache, () => [input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab })])[0];
  const batch = sizeOf(ids, 0);
  const target = input("target", inputs.target, { dtype: "int32", rank: 2, below: config.vocab, sizes: [batch, null] });
  const src = sizeOf(ids, 1);
  const keep = once(cache, () => [
    inputs.keep === undefined
      ? tf.fill([batch, src], 1, "bool")
      : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, src] }),
  ])[0];
  const tgt = sizeOf(target, 1);
  const hidden = t5(weights, ids, target, keep, cache);
  cache?.advance(tgt);
  return hidden;
}

/** What comes next in the answer, at each position of it. */
export function seq2seq(weights: T5Weights, inputs: Seq2seqInputs, cache?: Cache): Tensor<"f32[batch, tgt, vocab]"> {
  return tf.tidy(() => seq2seqHead(weights, seq2seqHidden(weights, inputs, cache)));
}

export interface Seq2seqLossInputs {
  readonly ids: Input<"i32[batch, src]">;
  readonly target: Input<"i32[batch, tgt]">;
  readonly keep?: Input<"bool[batch, src]">;
  readonly labels: Input<"i32[batch, tgt]">;
}

/** The loss that seq2seq is trained by. */
export function seq2seqLoss(weights: T5Weights, inputs: Seq2seqLossInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(ids, 0);
    const target = input("target", inputs.target, {
      dtype: "int32",
      rank: 2,
      below: config.vocab,
      sizes: [batch, null],
    });
    const tgt = sizeOf(target, 1);
    const labels = input("labels", inputs.labels, {
      dtype: "int32",
      rank: 2,
      below: config.vocab,
      except: -100,
      sizes: [batch, tgt],
    });
    const src = sizeOf(ids, 1);
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, src], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, src] });
    const hidden = t5(weights, ids, target, keep);
    return seq2seqLossOf(weights, hidden, labels);
  });
}

/** The target that these inputs lead to, one token at a time. What the steps have in common is computed once. */
export function generate(
  weights: T5Weights,
  inputs: Omit<Seq2seqInputs, "target">,
  options: GenerateOptions = {},
): AsyncGenerator<number, void> {
  return decode(
    (tokens, cache) =>
      lastPosition(seq2seqHead(weights, onlyLast(seq2seqHidden(weights, { ...inputs, target: tokens }, cache)))),
    [],
    { vocab: config.vocab, start: [0], stop: [1], temperature: 0, ...options },
  );
}
