// SparseTransformer (sparse_transformer.tfm), config enwik8. Written by tfmc 0.1.0: change the .tfm file, not this one.
// Strided layers see the last `stride` positions and every `stride`-th before; fixed ones their own chunk of `chunk` positions and the last `summary` of every chunk.
import * as tf from "@tensorflow/tfjs-core";
import {
  at,
  attend,
  both,
  causal,
  cut,
  decode,
  either,
  embedding,
  gelu,
  guard,
  initialiseWeights,
  input,
  lastPosition,
  layerNorm,
  linear,
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
  where,
  window,
  zeros,
  type Cache,
  type GenerateOptions,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of enwik8. */
export const config = {
  vocab: 256,
  ctx: 12288,
  d: 512,
  depth: 30,
  heads: 8,
  eps: 1e-5,
  stride: 128,
  chunk: 128,
  summary: 32,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint sparse_transformer. */
export const parameters = {
  embed: { weight: param("f32[vocab, d]", [256, 512], normal(0.02)) },
  positions: { weight: param("f32[ctx, d]", [12288, 512], normal(0.02)) },
  layers: repeat(30, "i", {
    norm1: { weight: param("f32[d]", [512], ones), bias: param("f32[d]", [512], zeros) },
    attn: {
      q: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), {
          name: "layers.{i}.attn.qkv_proj.weight",
          axis: 0,
          from: 0,
          to: 512,
          of: 1536,
          order: [1, 0],
        }),
        bias: param("f32[d]", [512], zeros, cut("layers.{i}.attn.qkv_proj.bias", 0, 0, 512, 1536)),
      },
      k: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), {
          name: "layers.{i}.attn.qkv_proj.weight",
          axis: 0,
          from: 512,
          to: 1024,
          of: 1536,
          order: [1, 0],
        }),
        bias: param("f32[d]", [512], zeros, cut("layers.{i}.attn.qkv_proj.bias", 0, 512, 1024, 1536)),
      },
      v: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), {
          name: "layers.{i}.attn.qkv_proj.weight",
          axis: 0,
          from: 1024,
          to: 1536,
          of: 1536,
          order: [1, 0],
        }),
        bias: param("f32[d]", [512], zeros, cut("layers.{i}.attn.qkv_proj.bias", 0, 1024, 1536, 1536)),
      },
      o: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.{i}.attn.o_proj.weight", order: [1, 0] }),
        bias: param("f32[d]", [512], zeros, "layers.{i}.attn.o_proj.bias"),
      },
    },
    norm2: { weight: param("f32[d]", [512], ones), bias: param("f32[d]", [512], zeros) },
    ffn: {
      up: {
        weight: param("f32[d, 4*d]", [512, 2048], normal(0.02), { name: "layers.{i}.ffn.up.weight", order: [1, 0] }),
        bias: param("f32[4*d]", [2048], zeros),
      },
      down: {
        weight: param("f32[4*d, d]", [2048, 512], normal(0.02), { name: "layers.{i}.ffn.down.weight", order: [1, 0] }),
        bias: param("f32[d]", [512], zeros),
      },
    },
  }),
  norm: { weight: param("f32[d]", [512], ones), bias: param("f32[d]", [512], zeros) },
  head: { weight: param("f32[d, vocab]", [512, 256], normal(0.02), { name: "head.weight", order: [1, 0] }) },
};

export type SparseTransformerWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type SparseLayerWeights = SparseTransformerWeights["layers"][number];
type AttentionWeights = SparseLayerWeights["attn"];
type FfnWeights = SparseLayerWeights["ffn"];
type SparseLayer2Weights = SparseTransformerWeights["layers"][number];
type Attention2Weights = SparseLayer2Weights["attn"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<SparseTransformerWeights> {
  return loadWeights(parameters, source);
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): SparseTransformerWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: SparseTransformerWeights, sink: Sink): Promise<void> {
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
    scale: 0.125,
    mask: both(
      causal,
      either(
        window(config.stride),
        where((q, k) => tf.equal(tf.mod(tf.sub(q, k), tf.scalar(config.stride, "int32")), tf.scalar(0, "int32"))),
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
    linear(gelu(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

/** Sparse Transformer (Child et al. 2019): each layer sees a pattern of what came before, strided and fixed in turns. */
function sparseLayer(weights: SparseLayerWeights, x: Hidden, cache?: Cache): Hidden {
  const norm1 = layerNorm(x, weights.norm1.weight, weights.norm1.bias, 1e-5);
  const attn = attention(weights.attn, norm1, cache);
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

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention2(weights: Attention2Weights, x: Hidden, cache?: Cache): Hidden {
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
    scale: 0.125,
    mask: both(
      causal,
      where((q, k) =>
        tf.logicalOr(
          tf.equal(tf.floorDiv(q, tf.scalar(config.chunk, "int32")), tf.floorDiv(k, tf.scalar(config.chunk, "int32"))),
          tf.lessEqual(tf.scalar(config.chunk - config.summary, "int32"), tf.mod(k, tf.scalar(config.chunk, "int32"))),
        ),
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

/** Sparse Transformer (Child et al. 2019): each layer sees a pattern of what came before, strided and fixed in turns. */
function sparseLayer2(weights: SparseLayer2Weights, x: Hidden, cache?: Cache): Hidden {
  const norm1 = layerNorm(x, weights.norm1.weight, weights.norm1.bias, 1e-5);
  const attn = attention2(weights.attn, norm1, cache);
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

/**
 * Strided layers see the last `stride` positions and every `stride`-th before; fixed ones their own chunk of `chunk`
 * positions and the last `summary` of every chunk.
 */
function sparseTransformer(weights: SparseTransformerWeights, ids: Tensor<"i32[batch, seq]">, cache?: Cache): Hidden {
  const seq = sizeOf(ids, 1);
  const embed = embedding(weights.embed.weight, ids);
  const seq2 = positions(seq, cache);
  const positions2 = embedding(weights.positions.weight, seq2);
  seq2.dispose();
  let x: Hidden = tf.add(embed, positions2);
  tf.dispose([embed, positions2]);
  for (let i = 0; i < 15; i++) {
    const x2 = sparseLayer(at(weights.layers, 2 * i), x, cache);
    const x3 = sparseLayer2(at(weights.layers, 2 * i + 1), x2, cache);
    x2.dispose();
    const next = x3;
    x.dispose();
    x = next;
  }

  const norm = layerNorm(x, weights.norm.weight, weights.norm.bias, 1e-5);
  x.dispose();
  return norm;
}

function lmHead(weights: SparseTransformerWeights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
  return linear(x, weights.head.weight);
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

function lmLossOf(weights: SparseTransformerWeights, x: Hidden, ids: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  const seq = sizeOf(x, 1);
  const logits = linear(x, weights.head.weight);
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
function lmHidden(weights: SparseTransformerWeights, inputs: LmInputs, cache?: Cache): Hidden {
  const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
  const seq = sizeOf(ids, 1);
  const length = (cache?.length ?? 0) + seq;
  guard(
    length <= config.ctx,
    `SparseTransformer: seq = ${length} exceeds ctx = ${config.ctx} (sparse_transformer.tfm:13)`,
  );
  const hidden = sparseTransformer(weights, ids, cache);
  cache?.advance(seq);
  return hidden;
}

/** The logits of the next byte. */
export function lm(
  weights: SparseTransformerWeights,
  inputs: LmInputs,
  cache?: Cache,
): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => lmHead(weights, lmHidden(weights, inputs, cache)));
}

/** The loss that lm is trained by. */
export function lmLoss(weights: SparseTransformerWeights, inputs: LmInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const seq = sizeOf(ids, 1);
    guard(seq <= config.ctx, `SparseTransformer: seq = ${seq} exceeds ctx = ${config.ctx} (sparse_transformer.tfm:13)`);
    const hidden = sparseTransformer(weights, ids);
    return lmLossOf(weights, hidden, ids);
  });
}

/** The tokens that follow a prompt, one at a time. Keys and values of what came before are kept in a cache. */
export function generate(
  weights: SparseTransformerWeights,
  prompt: readonly number[],
  options: GenerateOptions = {},
): AsyncGenerator<number, void> {
  return decode(
    (tokens, cache) => lastPosition(lmHead(weights, onlyLast(lmHidden(weights, { ids: tokens }, cache)))),
    prompt,
    { vocab: config.vocab, context: config.ctx, temperature: 1, ...options },
  );
}
