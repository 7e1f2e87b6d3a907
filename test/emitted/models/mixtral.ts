// Mixtral (mixtral.tfm), config mixtral_8x7b. Written by tfmc 0.1.0: change the .tfm file, not this one.
// A `span` of ctx or more sees everything.
import * as tf from "@tensorflow/tfjs-core";
import {
  argsort,
  at,
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

/** The numbers of mixtral_8x7b. */
export const config = {
  vocab: 32000,
  ctx: 32768,
  d: 4096,
  depth: 32,
  heads: 32,
  kv_heads: 8,
  experts: 8,
  used: 2,
  ff: 14336,
  theta: 1000000,
  eps: 1e-5,
  tied: false,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint mistralai/Mixtral-8x7B-v0.1. */
export const parameters = {
  embed_tokens: { weight: param("f32[vocab, d]", [32000, 4096], normal(0.02)) },
  layers: repeat(32, "i", {
    input_layernorm: { weight: param("f32[d]", [4096], ones) },
    self_attn: {
      q: {
        weight: param("f32[d, d]", [4096, 4096], normal(0.02), {
          name: "layers.{i}.self_attn.q_proj.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[d, d*kv_heads / heads]", [4096, 1024], normal(0.02), {
          name: "layers.{i}.self_attn.k_proj.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[d, d*kv_heads / heads]", [4096, 1024], normal(0.02), {
          name: "layers.{i}.self_attn.v_proj.weight",
          order: [1, 0],
        }),
      },
      o: {
        weight: param("f32[d, d]", [4096, 4096], normal(0.02), {
          name: "layers.{i}.self_attn.o_proj.weight",
          order: [1, 0],
        }),
      },
    },
    post_attention_layernorm: { weight: param("f32[d]", [4096], ones) },
    moe: {
      router: {
        weight: param("f32[d, experts]", [4096, 8], normal(0.02), {
          name: "layers.{i}.block_sparse_moe.gate.weight",
          order: [1, 0],
        }),
      },
      expert: repeat(8, "j", {
        gate: {
          weight: param("f32[d, ff]", [4096, 14336], normal(0.02), {
            name: "layers.{i}.block_sparse_moe.experts.{j}.w1.weight",
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [4096, 14336], normal(0.02), {
            name: "layers.{i}.block_sparse_moe.experts.{j}.w3.weight",
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [14336, 4096], normal(0.02), {
            name: "layers.{i}.block_sparse_moe.experts.{j}.w2.weight",
            order: [1, 0],
          }),
        },
      }),
    },
  }),
  norm: { weight: param("f32[d]", [4096], ones) },
  lm_head: { weight: param("f32[d, vocab]", [4096, 32000], normal(0.02), { name: "lm_head.weight", order: [1, 0] }) },
};

export type MixtralWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type MixtralLayerWeights = MixtralWeights["layers"][number];
type AttentionWeights = MixtralLayerWeights["self_attn"];
type MoEWeights = MixtralLayerWeights["moe"];
type RouterWeights = MoEWeights["router"];
type GluWeights = MoEWeights["expert"][number];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<MixtralWeights> {
  return loadWeights(parameters, source, { prefixes: ["model."] });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): MixtralWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: MixtralWeights, sink: Sink): Promise<void> {
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
      (n, h, start) => Math.cos((start + n) * 1000000 ** ((-2 * h) / 128)),
      cache,
    );
    const along = table(
      [seq, config.d / (2 * config.heads)],
      (n, h, start) => Math.sin((start + n) * 1000000 ** ((-2 * h) / 128)),
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
      (n, h, start) => Math.cos((start + n) * 1000000 ** ((-2 * h) / 128)),
      cache,
    );
    const along = table(
      [seq, config.d / (2 * config.heads)],
      (n, h, start) => Math.sin((start + n) * 1000000 ** ((-2 * h) / 128)),
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
  const y = attend(qh3, kh2, vh, { scale: 0.08838834764831843, mask: both(causal, window(config.ctx)), cache });
  tf.dispose([vh, qh3, kh2]);
  const y2 = rearrange(y, "batch g r i c -> batch i (g r c)");
  y.dispose();
  const o = linear(y2, weights.o.weight);
  y2.dispose();
  return o;
}

/** The `k` largest entries of the last axis; the others become 0. Of equal ones the first stay. */
function keepTop(x: Tensor<"f32[batch, seq, experts]">): Tensor<"f32[batch, seq, experts]"> {
  return tf.tidy(() => tf.where(tf.less(argsort(argsort(tf.neg(x), 2), 2), tf.scalar(config.used, "int32")), x, 0));
}

/**
 * Which experts a token uses (Shazeer et al. 2017): how likely the router finds each, and the share in the result that
 * the `k` likeliest get by that, all others none. With `renormalise` shares sum to one (Mixtral); without, they stay as
 * they are (Switch).
 */
function router(
  weights: RouterWeights,
  x: Hidden,
): [Tensor<"f32[batch, seq, experts]">, Tensor<"f32[batch, seq, experts]">] {
  const linear2 = linear(x, weights.weight);
  const gate = tf.softmax(linear2);
  linear2.dispose();
  const kept = keepTop(gate);
  const share = tf.tidy(() => tf.div(kept, tf.expandDims(tf.sum(kept, 2), 2)));
  kept.dispose();
  return [gate, share];
}

/** A gated feed-forward network (Shazeer 2020): act(x·gate) * (x·up), projected back. */
function glu(weights: GluWeights, x: Hidden): Hidden {
  return tf.tidy(() =>
    linear(tf.mul(silu(linear(x, weights.gate.weight)), linear(x, weights.up.weight)), weights.down.weight),
  );
}

/** Networks of one kind, each of which gives its share of the result. */
function experts(weights: MoEWeights, x: Hidden, share: Tensor<"f32[batch, seq, experts]">): Hidden {
  const batch = sizeOf(x, 0);
  const seq = sizeOf(x, 1);
  let y: Hidden = tf.fill([batch, seq, config.d], 0);
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
 * A mixture of experts (Shazeer et al. 2017): of `experts` gated networks, each token uses the `k` that the router
 * finds most likely, by its probabilities.
 */
function moE(weights: MoEWeights, x: Hidden): Hidden {
  const [gate, share] = router(weights.router, x);
  gate.dispose();
  const experts2 = experts(weights, x, share);
  share.dispose();
  return experts2;
}

/**
 * Mixtral (Jiang et al. 2024): a Mistral whose feed-forward network is a mixture of experts, of which each token uses
 * two.
 */
function mixtralLayer(weights: MixtralLayerWeights, x: Hidden, cache?: Cache): Hidden {
  const input_layernorm = rmsNorm(x, weights.input_layernorm.weight, 1e-5);
  const self_attn = attention(weights.self_attn, input_layernorm, cache);
  input_layernorm.dispose();
  const x2 = tf.add(x, self_attn);
  self_attn.dispose();
  const post_attention_layernorm = rmsNorm(x2, weights.post_attention_layernorm.weight, 1e-5);
  const moe = moE(weights.moe, post_attention_layernorm);
  post_attention_layernorm.dispose();
  const x3 = tf.add(x2, moe);
  tf.dispose([x2, moe]);
  return x3;
}

/** A `span` of ctx or more sees everything. */
function mixtral(weights: MixtralWeights, ids: Tensor<"i32[batch, seq]">, cache?: Cache): Hidden {
  let x: Hidden = embedding(weights.embed_tokens.weight, ids);
  for (const layer of weights.layers) {
    const next = mixtralLayer(layer, x, cache);
    x.dispose();
    x = next;
  }

  const norm = rmsNorm(x, weights.norm.weight, 1e-5);
  x.dispose();
  return norm;
}

function lmHead(weights: MixtralWeights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
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

function lmLossOf(weights: MixtralWeights, x: Hidden, ids: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
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
function lmHidden(weights: MixtralWeights, inputs: LmInputs, cache?: Cache): Hidden {
  const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
  const seq = sizeOf(ids, 1);
  const length = (cache?.length ?? 0) + seq;
  guard(length <= config.ctx, `Mixtral: seq = ${length} exceeds ctx = ${config.ctx} (mixtral.tfm:18)`);
  const hidden = mixtral(weights, ids, cache);
  cache?.advance(seq);
  return hidden;
}

/** Next-token logits. */
export function lm(weights: MixtralWeights, inputs: LmInputs, cache?: Cache): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => lmHead(weights, lmHidden(weights, inputs, cache)));
}

/** The loss that lm is trained by. */
export function lmLoss(weights: MixtralWeights, inputs: LmInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const seq = sizeOf(ids, 1);
    guard(seq <= config.ctx, `Mixtral: seq = ${seq} exceeds ctx = ${config.ctx} (mixtral.tfm:18)`);
    const hidden = mixtral(weights, ids);
    return lmLossOf(weights, hidden, ids);
  });
}

/** The tokens that follow a prompt, one at a time. Keys and values of what came before are kept in a cache. */
export function generate(
  weights: MixtralWeights,
  prompt: readonly number[],
  options: GenerateOptions = {},
): AsyncGenerator<number, void> {
  return decode(
    (tokens, cache) => lastPosition(lmHead(weights, onlyLast(lmHidden(weights, { ids: tokens }, cache)))),
    prompt,
    { vocab: config.vocab, context: config.ctx, topP: 0.9, temperature: 0.7, stop: [2], ...options },
  );
}
