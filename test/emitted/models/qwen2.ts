// Qwen2 (qwen2.tfm), config qwen2_0_5b. Written by tfmc 0.1.0: change the .tfm file, not this one.
import * as tf from "@tensorflow/tfjs-core";
import {
  attend,
  causal,
  decode,
  embedding,
  guard,
  initialiseWeights,
  input,
  lastPosition,
  linear,
  linearTransposed,
  loadWeights,
  normal,
  ones,
  onlyLast,
  param,
  pick,
  rearrange,
  repeat,
  rmsNorm,
  saveWeights,
  silu,
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

/** The numbers of qwen2_0_5b. */
export const config = {
  vocab: 151936,
  ctx: 131072,
  d: 896,
  depth: 24,
  heads: 14,
  kv_heads: 2,
  ff: 4864,
  theta: 1000000,
  eps: 1e-6,
  tied: true,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint Qwen/Qwen2-0.5B. */
export const parameters = {
  embed_tokens: { weight: param("f32[vocab, d]", [151936, 896], normal(0.02)) },
  layers: repeat(24, "i", {
    input_layernorm: { weight: param("f32[d]", [896], ones) },
    self_attn: {
      q: {
        weight: param("f32[d, d]", [896, 896], normal(0.02), {
          name: "layers.{i}.self_attn.q_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [896], zeros, "layers.{i}.self_attn.q_proj.bias"),
      },
      k: {
        weight: param("f32[d, d*kv_heads / heads]", [896, 128], normal(0.02), {
          name: "layers.{i}.self_attn.k_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d*kv_heads / heads]", [128], zeros, "layers.{i}.self_attn.k_proj.bias"),
      },
      v: {
        weight: param("f32[d, d*kv_heads / heads]", [896, 128], normal(0.02), {
          name: "layers.{i}.self_attn.v_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d*kv_heads / heads]", [128], zeros, "layers.{i}.self_attn.v_proj.bias"),
      },
      o: {
        weight: param("f32[d, d]", [896, 896], normal(0.02), {
          name: "layers.{i}.self_attn.o_proj.weight",
          order: [1, 0],
        }),
      },
    },
    post_attention_layernorm: { weight: param("f32[d]", [896], ones) },
    mlp: {
      gate: {
        weight: param("f32[d, ff]", [896, 4864], normal(0.02), {
          name: "layers.{i}.mlp.gate_proj.weight",
          order: [1, 0],
        }),
      },
      up: {
        weight: param("f32[d, ff]", [896, 4864], normal(0.02), {
          name: "layers.{i}.mlp.up_proj.weight",
          order: [1, 0],
        }),
      },
      down: {
        weight: param("f32[ff, d]", [4864, 896], normal(0.02), {
          name: "layers.{i}.mlp.down_proj.weight",
          order: [1, 0],
        }),
      },
    },
  }),
  norm: { weight: param("f32[d]", [896], ones) },
};

export type Qwen2Weights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type Qwen2LayerWeights = Qwen2Weights["layers"][number];
type AttentionWeights = Qwen2LayerWeights["self_attn"];
type GluWeights = Qwen2LayerWeights["mlp"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<Qwen2Weights> {
  return loadWeights(parameters, source, { prefixes: ["model."] });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): Qwen2Weights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: Qwen2Weights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/** Rotary positions (Su et al. 2021): each pair of channels turns by its position times a frequency. */
function rope(
  x: Tensor<"f32[batch, heads, seq, d / heads]">,
  cache?: Cache,
): Tensor<"f32[batch, heads, seq, d / heads]"> {
  return tf.tidy(() => {
    const seq = sizeOf(x, 2);
    const split = rearrange(x, "batch heads n (s h) -> batch heads n h s", { s: 2 });
    const a = take(split, 4, 0);
    const b = take(split, 4, 1);
    const across = table(
      [seq, config.d / (2 * config.heads)],
      (n, h, start) => Math.cos((start + n) * 1000000 ** ((-2 * h) / 64)),
      cache,
    );
    const along = table(
      [seq, config.d / (2 * config.heads)],
      (n, h, start) => Math.sin((start + n) * 1000000 ** ((-2 * h) / 64)),
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
  x: Tensor<"f32[batch, kv_heads, seq, d / heads]">,
  cache?: Cache,
): Tensor<"f32[batch, kv_heads, seq, d / heads]"> {
  return tf.tidy(() => {
    const seq = sizeOf(x, 2);
    const split = rearrange(x, "batch kv_heads n (s h) -> batch kv_heads n h s", { s: 2 });
    const a = take(split, 4, 0);
    const b = take(split, 4, 1);
    const across = table(
      [seq, config.d / (2 * config.heads)],
      (n, h, start) => Math.cos((start + n) * 1000000 ** ((-2 * h) / 64)),
      cache,
    );
    const along = table(
      [seq, config.d / (2 * config.heads)],
      (n, h, start) => Math.sin((start + n) * 1000000 ** ((-2 * h) / 64)),
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
  const q = linear(x, weights.q.weight, weights.q.bias);
  const qh = rearrange(q, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  q.dispose();
  const k = linear(x, weights.k.weight, weights.k.bias);
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.kv_heads });
  k.dispose();
  const v = linear(x, weights.v.weight, weights.v.bias);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.kv_heads });
  v.dispose();
  const qh2 = rope(qh, cache);
  qh.dispose();
  const qh3 = rearrange(qh2, "batch (g r) i c -> batch g r i c", { g: config.kv_heads });
  qh2.dispose();
  const kh2 = rope2(kh, cache);
  kh.dispose();
  const y = attend(qh3, kh2, vh, { scale: 0.125, mask: causal, cache });
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
    linear(tf.mul(silu(linear(x, weights.gate.weight)), linear(x, weights.up.weight)), weights.down.weight),
  );
}

/** Qwen2 (Yang et al. 2024): a Llama with biases on queries, keys and values only. */
function qwen2Layer(weights: Qwen2LayerWeights, x: Hidden, cache?: Cache): Hidden {
  const input_layernorm = rmsNorm(x, weights.input_layernorm.weight, 1e-6);
  const self_attn = attention(weights.self_attn, input_layernorm, cache);
  input_layernorm.dispose();
  const x2 = tf.add(x, self_attn);
  self_attn.dispose();
  const post_attention_layernorm = rmsNorm(x2, weights.post_attention_layernorm.weight, 1e-6);
  const mlp = glu(weights.mlp, post_attention_layernorm);
  post_attention_layernorm.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

function qwen2(weights: Qwen2Weights, ids: Tensor<"i32[batch, seq]">, cache?: Cache): Hidden {
  let x: Hidden = embedding(weights.embed_tokens.weight, ids);
  for (const layer of weights.layers) {
    const next = qwen2Layer(layer, x, cache);
    x.dispose();
    x = next;
  }

  const norm = rmsNorm(x, weights.norm.weight, 1e-6);
  x.dispose();
  return norm;
}

function lmHead(weights: Qwen2Weights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
  return linearTransposed(x, weights.embed_tokens.weight);
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

function lmLossOf(weights: Qwen2Weights, x: Hidden, ids: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  const seq = sizeOf(x, 1);
  const logits = linearTransposed(x, weights.embed_tokens.weight);
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
function lmHidden(weights: Qwen2Weights, inputs: LmInputs, cache?: Cache): Hidden {
  const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
  const seq = sizeOf(ids, 1);
  const length = (cache?.length ?? 0) + seq;
  guard(length <= config.ctx, `Qwen2: seq = ${length} exceeds ctx = ${config.ctx} (qwen2.tfm:15)`);
  const hidden = qwen2(weights, ids, cache);
  cache?.advance(seq);
  return hidden;
}

/** Next-token logits. */
export function lm(weights: Qwen2Weights, inputs: LmInputs, cache?: Cache): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => lmHead(weights, lmHidden(weights, inputs, cache)));
}

/** The loss that lm is trained by. */
export function lmLoss(weights: Qwen2Weights, inputs: LmInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const seq = sizeOf(ids, 1);
    guard(seq <= config.ctx, `Qwen2: seq = ${seq} exceeds ctx = ${config.ctx} (qwen2.tfm:15)`);
    const hidden = qwen2(weights, ids);
    return lmLossOf(weights, hidden, ids);
  });
}

/** The tokens that follow a prompt, one at a time. Keys and values of what came before are kept in a cache. */
export function generate(
  weights: Qwen2Weights,
  prompt: readonly number[],
  options: GenerateOptions = {},
): AsyncGenerator<number, void> {
  return decode(
    (tokens, cache) => lastPosition(lmHead(weights, onlyLast(lmHidden(weights, { ids: tokens }, cache)))),
    prompt,
    { vocab: config.vocab, context: config.ctx, topP: 0.8, temperature: 0.7, stop: [151643, 151645], ...options },
  );
}
