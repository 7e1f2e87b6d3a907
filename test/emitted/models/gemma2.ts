// Gemma2 (gemma2.tfm), config gemma2_2b. Written by tfmc 0.1.0: change the .tfm file, not this one.
// Even layers see the last `span` positions. Scores are scaled as those of `scale_dim` channels. A cap of 0 is none.
import * as tf from "@tensorflow/tfjs-core";
import {
  at,
  attend,
  both,
  causal,
  decode,
  embedding,
  geluTanh,
  guard,
  initialiseWeights,
  input,
  lastPosition,
  linear,
  linearTransposed,
  loadWeights,
  normal,
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

/** The numbers of gemma2_2b. */
export const config = {
  vocab: 256000,
  ctx: 8192,
  d: 2304,
  depth: 26,
  heads: 8,
  kv_heads: 4,
  head_dim: 256,
  scale_dim: 256,
  ff: 9216,
  theta: 10000,
  eps: 1e-6,
  span: 4096,
  cap: 50,
  final_cap: 30,
  bias: false,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint google/gemma-2-2b. */
export const parameters = {
  embed_tokens: { weight: param("f32[vocab, d]", [256000, 2304], normal(0.02)) },
  layers: repeat(26, "i", {
    input_layernorm: { weight: param("f32[d]", [2304], zeros) },
    self_attn: {
      q: {
        weight: param("f32[d, heads*head_dim]", [2304, 2048], normal(0.02), {
          name: "layers.{i}.self_attn.q_proj.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[d, kv_heads*head_dim]", [2304, 1024], normal(0.02), {
          name: "layers.{i}.self_attn.k_proj.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[d, kv_heads*head_dim]", [2304, 1024], normal(0.02), {
          name: "layers.{i}.self_attn.v_proj.weight",
          order: [1, 0],
        }),
      },
      o: {
        weight: param("f32[heads*head_dim, d]", [2048, 2304], normal(0.02), {
          name: "layers.{i}.self_attn.o_proj.weight",
          order: [1, 0],
        }),
      },
    },
    post_attention_layernorm: { weight: param("f32[d]", [2304], zeros) },
    pre_feedforward_layernorm: { weight: param("f32[d]", [2304], zeros) },
    mlp: {
      gate: {
        weight: param("f32[d, ff]", [2304, 9216], normal(0.02), {
          name: "layers.{i}.mlp.gate_proj.weight",
          order: [1, 0],
        }),
      },
      up: {
        weight: param("f32[d, ff]", [2304, 9216], normal(0.02), {
          name: "layers.{i}.mlp.up_proj.weight",
          order: [1, 0],
        }),
      },
      down: {
        weight: param("f32[ff, d]", [9216, 2304], normal(0.02), {
          name: "layers.{i}.mlp.down_proj.weight",
          order: [1, 0],
        }),
      },
    },
    post_feedforward_layernorm: { weight: param("f32[d]", [2304], zeros) },
  }),
  norm: { weight: param("f32[d]", [2304], zeros) },
};

export type Gemma2Weights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type Gemma2LayerWeights = Gemma2Weights["layers"][number];
type Gemma2NormWeights = Gemma2LayerWeights["input_layernorm"];
type AttentionWeights = Gemma2LayerWeights["self_attn"];
type GluWeights = Gemma2LayerWeights["mlp"];
type Gemma2Layer2Weights = Gemma2Weights["layers"][number];
type Attention2Weights = Gemma2Layer2Weights["self_attn"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<Gemma2Weights> {
  return loadWeights(parameters, source, { prefixes: ["model."] });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): Gemma2Weights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: Gemma2Weights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/**
 * Gemma 2 (Gemma Team 2024): soft-capped scores and logits, norms before and behind each part, windowed and full layers
 * in turns.
 */
function gemma2Norm(weights: Gemma2NormWeights, x: Hidden): Hidden {
  return tf.tidy(() => {
    const product = tf.mul(
      tf.mul(x, tf.expandDims(tf.rsqrt(tf.add(tf.mean(tf.mul(x, x), 2), 1e-6)), 2)),
      tf.add(1, weights.weight),
    );
    return product;
  });
}

/** Rotary positions (Su et al. 2021): each pair of channels turns by its position times a frequency. */
function rope(
  x: Tensor<"f32[batch, heads, seq, head_dim]">,
  cache?: Cache,
): Tensor<"f32[batch, heads, seq, head_dim]"> {
  return tf.tidy(() => {
    const seq = sizeOf(x, 2);
    const split = rearrange(x, "batch heads n (s h) -> batch heads n h s", { s: 2 });
    const a = take(split, 4, 0);
    const b = take(split, 4, 1);
    const across = table(
      [seq, config.head_dim / 2],
      (n, h, start) => Math.cos((start + n) * 10000 ** ((-2 * h) / 256)),
      cache,
    );
    const along = table(
      [seq, config.head_dim / 2],
      (n, h, start) => Math.sin((start + n) * 10000 ** ((-2 * h) / 256)),
      cache,
    );
    const turned = rearrange(
      stack([tf.sub(tf.mul(a, across), tf.mul(b, along)), tf.add(tf.mul(b, across), tf.mul(a, along))], 4),
      "batch heads n h s -> batch heads n (s h)",
    );
    return turned;
  });
}

/** Rotary positions (Su et al. 2021): each pair of channels turns by its position times a frequency. */
function rope2(
  x: Tensor<"f32[batch, kv_heads, seq, head_dim]">,
  cache?: Cache,
): Tensor<"f32[batch, kv_heads, seq, head_dim]"> {
  return tf.tidy(() => {
    const seq = sizeOf(x, 2);
    const split = rearrange(x, "batch kv_heads n (s h) -> batch kv_heads n h s", { s: 2 });
    const a = take(split, 4, 0);
    const b = take(split, 4, 1);
    const across = table(
      [seq, config.head_dim / 2],
      (n, h, start) => Math.cos((start + n) * 10000 ** ((-2 * h) / 256)),
      cache,
    );
    const along = table(
      [seq, config.head_dim / 2],
      (n, h, start) => Math.sin((start + n) * 10000 ** ((-2 * h) / 256)),
      cache,
    );
    const turned = rearrange(
      stack([tf.sub(tf.mul(a, across), tf.mul(b, along)), tf.add(tf.mul(b, across), tf.mul(a, along))], 4),
      "batch kv_heads n h s -> batch kv_heads n (s h)",
    );
    return turned;
  });
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention(weights: AttentionWeights, x: Hidden, cache?: Cache): Hidden {
  const q = linear(x, weights.q.weight);
  const qh = rearrange(q, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  q.dispose();
  const k = linear(x, weights.k.weight);
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.kv_heads });
  k.dispose();
  const v = linear(x, weights.v.weight);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.kv_heads });
  v.dispose();
  const qh2 = rope(qh, cache);
  qh.dispose();
  const qh3 = rearrange(qh2, "batch (g r) i c -> batch g r i c", { g: config.kv_heads });
  qh2.dispose();
  const kh2 = rope2(kh, cache);
  kh.dispose();
  const y = attend(qh3, kh2, vh, {
    scale: 0.0625,
    mask: both(causal, window(config.span)),
    score: (s) => tf.mul(50, tf.tanh(tf.div(s, 50))),
    cache,
  });
  tf.dispose([vh, qh3, kh2]);
  const y2 = rearrange(y, "batch g r i c -> batch i (g r c)");
  y.dispose();
  const o = linear(y2, weights.o.weight);
  y2.dispose();
  return o;
}

/** A gated feed-forward network (Shazeer 2020): act(x·gate) * (x·up), projected back. */
function glu(weights: GluWeights, x: Hidden): Hidden {
  return tf.tidy(() =>
    linear(tf.mul(geluTanh(linear(x, weights.gate.weight)), linear(x, weights.up.weight)), weights.down.weight),
  );
}

function gemma2Layer(weights: Gemma2LayerWeights, x: Hidden, cache?: Cache): Hidden {
  const input_layernorm = gemma2Norm(weights.input_layernorm, x);
  const self_attn = attention(weights.self_attn, input_layernorm, cache);
  input_layernorm.dispose();
  const post_attention_layernorm = gemma2Norm(weights.post_attention_layernorm, self_attn);
  self_attn.dispose();
  const x2 = tf.add(x, post_attention_layernorm);
  post_attention_layernorm.dispose();
  const pre_feedforward_layernorm = gemma2Norm(weights.pre_feedforward_layernorm, x2);
  const mlp = glu(weights.mlp, pre_feedforward_layernorm);
  pre_feedforward_layernorm.dispose();
  const post_feedforward_layernorm = gemma2Norm(weights.post_feedforward_layernorm, mlp);
  mlp.dispose();
  const x3 = tf.add(x2, post_feedforward_layernorm);
  tf.dispose([x2, post_feedforward_layernorm]);
  return x3;
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention2(weights: Attention2Weights, x: Hidden, cache?: Cache): Hidden {
  const q = linear(x, weights.q.weight);
  const qh = rearrange(q, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  q.dispose();
  const k = linear(x, weights.k.weight);
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.kv_heads });
  k.dispose();
  const v = linear(x, weights.v.weight);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.kv_heads });
  v.dispose();
  const qh2 = rope(qh, cache);
  qh.dispose();
  const qh3 = rearrange(qh2, "batch (g r) i c -> batch g r i c", { g: config.kv_heads });
  qh2.dispose();
  const kh2 = rope2(kh, cache);
  kh.dispose();
  const y = attend(qh3, kh2, vh, {
    scale: 0.0625,
    mask: causal,
    score: (s) => tf.mul(50, tf.tanh(tf.div(s, 50))),
    cache,
  });
  tf.dispose([vh, qh3, kh2]);
  const y2 = rearrange(y, "batch g r i c -> batch i (g r c)");
  y.dispose();
  const o = linear(y2, weights.o.weight);
  y2.dispose();
  return o;
}

function gemma2Layer2(weights: Gemma2Layer2Weights, x: Hidden, cache?: Cache): Hidden {
  const input_layernorm = gemma2Norm(weights.input_layernorm, x);
  const self_attn = attention2(weights.self_attn, input_layernorm, cache);
  input_layernorm.dispose();
  const post_attention_layernorm = gemma2Norm(weights.post_attention_layernorm, self_attn);
  self_attn.dispose();
  const x2 = tf.add(x, post_attention_layernorm);
  post_attention_layernorm.dispose();
  const pre_feedforward_layernorm = gemma2Norm(weights.pre_feedforward_layernorm, x2);
  const mlp = glu(weights.mlp, pre_feedforward_layernorm);
  pre_feedforward_layernorm.dispose();
  const post_feedforward_layernorm = gemma2Norm(weights.post_feedforward_layernorm, mlp);
  mlp.dispose();
  const x3 = tf.add(x2, post_feedforward_layernorm);
  tf.dispose([x2, post_feedforward_layernorm]);
  return x3;
}

/** Even layers see the last `span` positions. Scores are scaled as those of `scale_dim` channels. A cap of 0 is none. */
function gemma2(weights: Gemma2Weights, ids: Tensor<"i32[batch, seq]">, cache?: Cache): Hidden {
  const embed_tokens = embedding(weights.embed_tokens.weight, ids);
  let x: Hidden = tf.tidy(() => tf.mul(48, embed_tokens));
  embed_tokens.dispose();
  for (let i = 0; i < 13; i++) {
    const x2 = gemma2Layer(at(weights.layers, 2 * i), x, cache);
    const x3 = gemma2Layer2(at(weights.layers, 2 * i + 1), x2, cache);
    x2.dispose();
    const next = x3;
    x.dispose();
    x = next;
  }

  const norm = gemma2Norm(weights.norm, x);
  x.dispose();
  return norm;
}

function lmHead(weights: Gemma2Weights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => tf.mul(30, tf.tanh(tf.div(linearTransposed(x, weights.embed_tokens.weight), 30))));
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

function lmLossOf(weights: Gemma2Weights, x: Hidden, ids: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  const seq = sizeOf(x, 1);
  const logits = linearTransposed(x, weights.embed_tokens.weight);
  const logits2 = tf.tidy(() => slice(tf.mul(30, tf.tanh(tf.div(logits, 30))), 1, 0, seq - 1));
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
function lmHidden(weights: Gemma2Weights, inputs: LmInputs, cache?: Cache): Hidden {
  const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
  const seq = sizeOf(ids, 1);
  const length = (cache?.length ?? 0) + seq;
  guard(length <= config.ctx, `Gemma2: seq = ${length} exceeds ctx = ${config.ctx} (gemma2.tfm:27)`);
  const hidden = gemma2(weights, ids, cache);
  cache?.advance(seq);
  return hidden;
}

/** Next-token logits. The head is the token embedding itself. */
export function lm(weights: Gemma2Weights, inputs: LmInputs, cache?: Cache): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => lmHead(weights, lmHidden(weights, inputs, cache)));
}

/** The loss that lm is trained by. */
export function lmLoss(weights: Gemma2Weights, inputs: LmInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const seq = sizeOf(ids, 1);
    guard(seq <= config.ctx, `Gemma2: seq = ${seq} exceeds ctx = ${config.ctx} (gemma2.tfm:27)`);
    const hidden = gemma2(weights, ids);
    return lmLossOf(weights, hidden, ids);
  });
}

/** The tokens that follow a prompt, one at a time. Keys and values of what came before are kept in a cache. */
export function generate(
  weights: Gemma2Weights,
  prompt: readonly number[],
  options: GenerateOptions = {},
): AsyncGenerator<number, void> {
  return decode(
    (tokens, cache) => lastPosition(lmHead(weights, onlyLast(lmHidden(weights, { ids: tokens }, cache)))),
    prompt,
    { vocab: config.vocab, context: config.ctx, topP: 0.95, temperature: 1, stop: [1], ...options },
  );
}
