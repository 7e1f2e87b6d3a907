// Phi3 (phi3.tfm), config phi3_mini. Written by tfmc 0.1.0: change the .tfm file, not this one.
// A `span` of ctx or more sees everything.
import * as tf from "@tensorflow/tfjs-core";
import {
  attend,
  both,
  causal,
  decode,
  embedding,
  guard,
  initialiseWeights,
  input,
  lastPosition,
  linear,
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
  window,
  type Cache,
  type GenerateOptions,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of phi3_mini. */
export const config = {
  vocab: 32064,
  ctx: 4096,
  d: 3072,
  depth: 32,
  heads: 32,
  ff: 8192,
  theta: 10000,
  eps: 1e-5,
  span: 2047,
  p: 0,
  tied: false,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint microsoft/Phi-3-mini-4k-instruct. */
export const parameters = {
  embed_tokens: { weight: param("f32[vocab, d]", [32064, 3072], normal(0.02)) },
  layers: repeat(32, "i", {
    input_layernorm: { weight: param("f32[d]", [3072], ones) },
    self_attn: {
      q: {
        weight: param("f32[d, d]", [3072, 3072], normal(0.02), {
          name: "layers.{i}.self_attn.qkv_proj.weight",
          axis: 0,
          from: 0,
          to: 3072,
          of: 9216,
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[d, d]", [3072, 3072], normal(0.02), {
          name: "layers.{i}.self_attn.qkv_proj.weight",
          axis: 0,
          from: 3072,
          to: 6144,
          of: 9216,
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[d, d]", [3072, 3072], normal(0.02), {
          name: "layers.{i}.self_attn.qkv_proj.weight",
          axis: 0,
          from: 6144,
          to: 9216,
          of: 9216,
          order: [1, 0],
        }),
      },
      o: {
        weight: param("f32[d, d]", [3072, 3072], normal(0.02), {
          name: "layers.{i}.self_attn.o_proj.weight",
          order: [1, 0],
        }),
      },
    },
    post_attention_layernorm: { weight: param("f32[d]", [3072], ones) },
    mlp: {
      gate: {
        weight: param("f32[d, ff]", [3072, 8192], normal(0.02), {
          name: "layers.{i}.mlp.gate_up_proj.weight",
          axis: 0,
          from: 0,
          to: 8192,
          of: 16384,
          order: [1, 0],
        }),
      },
      up: {
        weight: param("f32[d, ff]", [3072, 8192], normal(0.02), {
          name: "layers.{i}.mlp.gate_up_proj.weight",
          axis: 0,
          from: 8192,
          to: 16384,
          of: 16384,
          order: [1, 0],
        }),
      },
      down: {
        weight: param("f32[ff, d]", [8192, 3072], normal(0.02), {
          name: "layers.{i}.mlp.down_proj.weight",
          order: [1, 0],
        }),
      },
    },
  }),
  norm: { weight: param("f32[d]", [3072], ones) },
  lm_head: { weight: param("f32[d, vocab]", [3072, 32064], normal(0.02), { name: "lm_head.weight", order: [1, 0] }) },
};

export type Phi3Weights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type Phi3LayerWeights = Phi3Weights["layers"][number];
type AttentionWeights = Phi3LayerWeights["self_attn"];
type GluWeights = Phi3LayerWeights["mlp"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<Phi3Weights> {
  return loadWeights(parameters, source, { prefixes: ["model."] });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): Phi3Weights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: Phi3Weights, sink: Sink): Promise<void> {
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
      (n, h, start) => Math.cos((start + n) * 10000 ** ((-2 * h) / 96)),
      cache,
    );
    const along = table(
      [seq, config.d / (2 * config.heads)],
      (n, h, start) => Math.sin((start + n) * 10000 ** ((-2 * h) / 96)),
      cache,
    );
    const turned = rearrange(
      stack([tf.sub(tf.mul(a, across), tf.mul(b, along)), tf.add(tf.mul(b, across), tf.mul(a, along))], 4),
      "batch heads n h s -> batch heads n (s h)",
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
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const v = linear(x, weights.v.weight);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const qh2 = rope(qh, cache);
  qh.dispose();
  const qh3 = rearrange(qh2, "batch g i c -> batch g 1 i c");
  qh2.dispose();
  const kh2 = rope(kh, cache);
  kh.dispose();
  const y = attend(qh3, kh2, vh, { scale: 0.10206207261596575, mask: both(causal, window(config.span)), cache });
  tf.dispose([vh, qh3, kh2]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
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

/**
 * Phi-3 (Abdin et al. 2024): a Llama whose positions may see only the last `span` ones, and whose checkpoints fuse what
 * reads the same input.
 */
function phi3Layer(weights: Phi3LayerWeights, x: Hidden, cache?: Cache): Hidden {
  const input_layernorm = rmsNorm(x, weights.input_layernorm.weight, 1e-5);
  const self_attn = attention(weights.self_attn, input_layernorm, cache);
  input_layernorm.dispose();
  const x2 = tf.add(x, self_attn);
  self_attn.dispose();
  const post_attention_layernorm = rmsNorm(x2, weights.post_attention_layernorm.weight, 1e-5);
  const mlp = glu(weights.mlp, post_attention_layernorm);
  post_attention_layernorm.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

/** A `span` of ctx or more sees everything. */
function phi3(weights: Phi3Weights, ids: Tensor<"i32[batch, seq]">, cache?: Cache): Hidden {
  let x: Hidden = embedding(weights.embed_tokens.weight, ids);
  for (const layer of weights.layers) {
    const next = phi3Layer(layer, x, cache);
    x.dispose();
    x = next;
  }

  const norm = rmsNorm(x, weights.norm.weight, 1e-5);
  x.dispose();
  return norm;
}

function lmHead(weights: Phi3Weights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
  return linear(x, weights.lm_head.weight);
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

function lmLossOf(weights: Phi3Weights, x: Hidden, ids: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  const seq = sizeOf(x, 1);
  const logits = linear(x, weights.lm_head.weight);
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
function lmHidden(weights: Phi3Weights, inputs: LmInputs, cache?: Cache): Hidden {
  const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
  const seq = sizeOf(ids, 1);
  const length = (cache?.length ?? 0) + seq;
  guard(length <= config.ctx, `Phi3: seq = ${length} exceeds ctx = ${config.ctx} (phi3.tfm:17)`);
  const hidden = phi3(weights, ids, cache);
  cache?.advance(seq);
  return hidden;
}

/** Next-token logits, by a head of their own or by the token embedding. */
export function lm(weights: Phi3Weights, inputs: LmInputs, cache?: Cache): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => lmHead(weights, lmHidden(weights, inputs, cache)));
}

/** The loss that lm is trained by. */
export function lmLoss(weights: Phi3Weights, inputs: LmInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const seq = sizeOf(ids, 1);
    guard(seq <= config.ctx, `Phi3: seq = ${seq} exceeds ctx = ${config.ctx} (phi3.tfm:17)`);
    const hidden = phi3(weights, ids);
    return lmLossOf(weights, hidden, ids);
  });
}

/** The tokens that follow a prompt, one at a time. Keys and values of what came before are kept in a cache. */
export function generate(
  weights: Phi3Weights,
  prompt: readonly number[],
  options: GenerateOptions = {},
): AsyncGenerator<number, void> {
  return decode(
    (tokens, cache) => lastPosition(lmHead(weights, onlyLast(lmHidden(weights, { ids: tokens }, cache)))),
    prompt,
    { vocab: config.vocab, context: config.ctx, topP: 0.9, temperature: 0.7, stop: [32000, 32001, 32007], ...options },
  );
}
