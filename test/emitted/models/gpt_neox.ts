// GPTNeoX (gpt_neox.tfm), config gpt_neox_20b. Written by tfmc 0.1.0: change the .tfm file, not this one.
// `share` of each head's channels turn.
import * as tf from "@tensorflow/tfjs-core";
import {
  attend,
  causal,
  concat,
  decode,
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
  rearrange,
  repeat,
  saveWeights,
  sizeOf,
  slice,
  stack,
  table,
  take,
  zeros,
  type Cache,
  type GenerateOptions,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of gpt_neox_20b. */
export const config = {
  vocab: 50432,
  ctx: 2048,
  d: 6144,
  depth: 44,
  heads: 64,
  theta: 10000,
  share: 0.25,
  p: 0,
  eps: 1e-5,
  bias: true,
  parallel: true,
  tied: false,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint EleutherAI/gpt-neox-20b. */
export const parameters = {
  embed_in: { weight: param("f32[vocab, d]", [50432, 6144], normal(0.02)) },
  layers: repeat(44, "i", {
    input_layernorm: { weight: param("f32[d]", [6144], ones), bias: param("f32[d]", [6144], zeros) },
    attention: {
      q: {
        weight: param("f32[d, d]", [6144, 6144], normal(0.02), {
          name: "layers.{i}.attention.query_key_value.weight",
          axis: 1,
          from: 0,
          to: 96,
          of: 288,
          order: [2, 0, 1],
          split: [64, 288, 6144],
          shape: [18432, 6144],
        }),
        bias: param("f32[d]", [6144], zeros, {
          name: "layers.{i}.attention.query_key_value.bias",
          axis: 1,
          from: 0,
          to: 96,
          of: 288,
          split: [64, 288],
          shape: [18432],
        }),
      },
      k: {
        weight: param("f32[d, d]", [6144, 6144], normal(0.02), {
          name: "layers.{i}.attention.query_key_value.weight",
          axis: 1,
          from: 96,
          to: 192,
          of: 288,
          order: [2, 0, 1],
          split: [64, 288, 6144],
          shape: [18432, 6144],
        }),
        bias: param("f32[d]", [6144], zeros, {
          name: "layers.{i}.attention.query_key_value.bias",
          axis: 1,
          from: 96,
          to: 192,
          of: 288,
          split: [64, 288],
          shape: [18432],
        }),
      },
      v: {
        weight: param("f32[d, d]", [6144, 6144], normal(0.02), {
          name: "layers.{i}.attention.query_key_value.weight",
          axis: 1,
          from: 192,
          to: 288,
          of: 288,
          order: [2, 0, 1],
          split: [64, 288, 6144],
          shape: [18432, 6144],
        }),
        bias: param("f32[d]", [6144], zeros, {
          name: "layers.{i}.attention.query_key_value.bias",
          axis: 1,
          from: 192,
          to: 288,
          of: 288,
          split: [64, 288],
          shape: [18432],
        }),
      },
      o: {
        weight: param("f32[d, d]", [6144, 6144], normal(0.02), {
          name: "layers.{i}.attention.dense.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [6144], zeros, "layers.{i}.attention.dense.bias"),
      },
    },
    post_attention_layernorm: { weight: param("f32[d]", [6144], ones), bias: param("f32[d]", [6144], zeros) },
    mlp: {
      up: {
        weight: param("f32[d, 4*d]", [6144, 24576], normal(0.02), {
          name: "layers.{i}.mlp.dense_h_to_4h.weight",
          order: [1, 0],
        }),
        bias: param("f32[4*d]", [24576], zeros, "layers.{i}.mlp.dense_h_to_4h.bias"),
      },
      down: {
        weight: param("f32[4*d, d]", [24576, 6144], normal(0.02), {
          name: "layers.{i}.mlp.dense_4h_to_h.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [6144], zeros, "layers.{i}.mlp.dense_4h_to_h.bias"),
      },
    },
  }),
  final_layer_norm: { weight: param("f32[d]", [6144], ones), bias: param("f32[d]", [6144], zeros) },
  embed_out: {
    weight: param("f32[d, vocab]", [6144, 50432], normal(0.02), { name: "embed_out.weight", order: [1, 0] }),
  },
};

export type GPTNeoXWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type NeoXLayerWeights = GPTNeoXWeights["layers"][number];
type AttentionWeights = NeoXLayerWeights["attention"];
type FfnWeights = NeoXLayerWeights["mlp"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<GPTNeoXWeights> {
  return loadWeights(parameters, source, {
    prefixes: ["gpt_neox."],
    ignore: [
      "layers.{i}.attention.bias",
      "layers.{i}.attention.masked_bias",
      "layers.{i}.attention.rotary_emb.inv_freq",
    ],
  });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): GPTNeoXWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: GPTNeoXWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/** Rotary positions (Su et al. 2021): each pair of channels turns by its position times a frequency. */
function rope(
  x: Tensor<"f32[batch, heads, seq, d / heads]">,
  cache?: Cache,
): Tensor<"f32[batch, heads, seq, d / heads]"> {
  return tf.tidy(() => {
    const seq = sizeOf(x, 2);
    const split = rearrange(slice(x, 3, 0, 24), "batch heads n (s h) -> batch heads n h s", { s: 2 });
    const a = take(split, 4, 0);
    const b = take(split, 4, 1);
    const across = table([seq, 12], (n, h, start) => Math.cos((start + n) * 10000 ** ((-2 * h) / 24)), cache);
    const along = table([seq, 12], (n, h, start) => Math.sin((start + n) * 10000 ** ((-2 * h) / 24)), cache);
    const turned = rearrange(
      stack([tf.sub(tf.mul(a, across), tf.mul(b, along)), tf.add(tf.mul(b, across), tf.mul(a, along))], 4),
      "batch heads n h s -> batch heads n (s h)",
    );
    return concat([turned, slice(x, 3, 24, config.d / config.heads)], 3);
  });
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention(weights: AttentionWeights, x: Hidden, cache?: Cache): Hidden {
  const q = linear(x, weights.q.weight, weights.q.bias);
  const qh = rearrange(q, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  q.dispose();
  const k = linear(x, weights.k.weight, weights.k.bias);
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const v = linear(x, weights.v.weight, weights.v.bias);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const qh2 = rope(qh, cache);
  qh.dispose();
  const qh3 = rearrange(qh2, "batch g i c -> batch g 1 i c");
  qh2.dispose();
  const kh2 = rope(kh, cache);
  kh.dispose();
  const y = attend(qh3, kh2, vh, { scale: 0.10206207261596575, mask: causal, cache });
  tf.dispose([vh, qh3, kh2]);
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

/**
 * GPT-NeoX (Black et al. 2022): attention and feed-forward side by side, and rotary positions on a part of each head's
 * channels.
 */
function neoXLayer(weights: NeoXLayerWeights, x: Hidden, cache?: Cache): Hidden {
  const input_layernorm = layerNorm(x, weights.input_layernorm.weight, weights.input_layernorm.bias, 1e-5);
  const seen = attention(weights.attention, input_layernorm, cache);
  input_layernorm.dispose();
  const post_attention_layernorm = layerNorm(
    x,
    weights.post_attention_layernorm.weight,
    weights.post_attention_layernorm.bias,
    1e-5,
  );
  const mlp = ffn(weights.mlp, post_attention_layernorm);
  post_attention_layernorm.dispose();
  const sum = tf.tidy(() => tf.add(tf.add(x, seen), mlp));
  tf.dispose([seen, mlp]);
  return sum;
}

/** `share` of each head's channels turn. */
function gptNeoX(weights: GPTNeoXWeights, ids: Tensor<"i32[batch, seq]">, cache?: Cache): Hidden {
  let x: Hidden = embedding(weights.embed_in.weight, ids);
  for (const layer of weights.layers) {
    const next = neoXLayer(layer, x, cache);
    x.dispose();
    x = next;
  }

  const final_layer_norm = layerNorm(x, weights.final_layer_norm.weight, weights.final_layer_norm.bias, 1e-5);
  x.dispose();
  return final_layer_norm;
}

function lmHead(weights: GPTNeoXWeights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
  return linear(x, weights.embed_out.weight);
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

function lmLossOf(weights: GPTNeoXWeights, x: Hidden, ids: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  const seq = sizeOf(x, 1);
  const logits = linear(x, weights.embed_out.weight);
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
function lmHidden(weights: GPTNeoXWeights, inputs: LmInputs, cache?: Cache): Hidden {
  const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
  const seq = sizeOf(ids, 1);
  const length = (cache?.length ?? 0) + seq;
  guard(length <= config.ctx, `GPTNeoX: seq = ${length} exceeds ctx = ${config.ctx} (gpt_neox.tfm:17)`);
  const hidden = gptNeoX(weights, ids, cache);
  cache?.advance(seq);
  return hidden;
}

/** Next-token logits. */
export function lm(weights: GPTNeoXWeights, inputs: LmInputs, cache?: Cache): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => lmHead(weights, lmHidden(weights, inputs, cache)));
}

/** The loss that lm is trained by. */
export function lmLoss(weights: GPTNeoXWeights, inputs: LmInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const seq = sizeOf(ids, 1);
    guard(seq <= config.ctx, `GPTNeoX: seq = ${seq} exceeds ctx = ${config.ctx} (gpt_neox.tfm:17)`);
    const hidden = gptNeoX(weights, ids);
    return lmLossOf(weights, hidden, ids);
  });
}

/** The tokens that follow a prompt, one at a time. Keys and values of what came before are kept in a cache. */
export function generate(
  weights: GPTNeoXWeights,
  prompt: readonly number[],
  options: GenerateOptions = {},
): AsyncGenerator<number, void> {
  return decode(
    (tokens, cache) => lastPosition(lmHead(weights, onlyLast(lmHidden(weights, { ids: tokens }, cache)))),
    prompt,
    { vocab: config.vocab, context: config.ctx, topP: 0.9, temperature: 0.8, stop: [0], ...options },
  );
}
