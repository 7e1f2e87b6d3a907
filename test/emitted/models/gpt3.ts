// GPT3 (gpt3.tfm), config gpt3_175b. Written by tfmc 0.1.0: change the .tfm file, not this one.
// Odd layers see the last `band` positions; a `band` of ctx or more makes all of them dense.
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

/** The numbers of gpt3_175b. */
export const config = {
  vocab: 50257,
  ctx: 2048,
  d: 12288,
  depth: 96,
  heads: 96,
  band: 256,
  p: 0,
  eps: 1e-5,
  bias: true,
  scale: 0.08838834764831843,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint EleutherAI/gpt-neo-1.3B. */
export const parameters = {
  wte: { weight: param("f32[vocab, d]", [50257, 12288], normal(0.02)) },
  wpe: { weight: param("f32[ctx, d]", [2048, 12288], normal(0.02)) },
  h: repeat(96, "i", {
    ln_1: { weight: param("f32[d]", [12288], ones), bias: param("f32[d]", [12288], zeros) },
    attn: {
      q: {
        weight: param("f32[d, d]", [12288, 12288], normal(0.02), {
          name: "h.{i}.attn.attention.q_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [12288], zeros, "h.{i}.attn.attention.q_proj.bias"),
      },
      k: {
        weight: param("f32[d, d]", [12288, 12288], normal(0.02), {
          name: "h.{i}.attn.attention.k_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [12288], zeros, "h.{i}.attn.attention.k_proj.bias"),
      },
      v: {
        weight: param("f32[d, d]", [12288, 12288], normal(0.02), {
          name: "h.{i}.attn.attention.v_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [12288], zeros, "h.{i}.attn.attention.v_proj.bias"),
      },
      o: {
        weight: param("f32[d, d]", [12288, 12288], normal(0.02), {
          name: "h.{i}.attn.attention.out_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [12288], zeros, "h.{i}.attn.attention.out_proj.bias"),
      },
    },
    ln_2: { weight: param("f32[d]", [12288], ones), bias: param("f32[d]", [12288], zeros) },
    mlp: {
      up: {
        weight: param("f32[d, 4*d]", [12288, 49152], normal(0.02), { name: "h.{i}.mlp.c_fc.weight", order: [1, 0] }),
        bias: param("f32[4*d]", [49152], zeros, "h.{i}.mlp.c_fc.bias"),
      },
      down: {
        weight: param("f32[4*d, d]", [49152, 12288], normal(0.02), { name: "h.{i}.mlp.c_proj.weight", order: [1, 0] }),
        bias: param("f32[d]", [12288], zeros, "h.{i}.mlp.c_proj.bias"),
      },
    },
  }),
  ln_f: { weight: param("f32[d]", [12288], ones), bias: param("f32[d]", [12288], zeros) },
};

export type GPT3Weights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type Gpt3LayerWeights = GPT3Weights["h"][number];
type AttentionWeights = Gpt3LayerWeights["attn"];
type FfnWeights = Gpt3LayerWeights["mlp"];
type Gpt3Layer2Weights = GPT3Weights["h"][number];
type Attention2Weights = Gpt3Layer2Weights["attn"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<GPT3Weights> {
  return loadWeights(parameters, source, {
    prefixes: ["transformer."],
    ignore: ["h.{i}.attn.attention.bias", "h.{i}.attn.attention.masked_bias", "lm_head.weight"],
  });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): GPT3Weights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: GPT3Weights, sink: Sink): Promise<void> {
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
  const y = attend(qh, kh, vh, { scale: 0.08838834764831843, mask: causal, cache });
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
 * GPT-3 (Brown et al. 2020): a GPT-2 whose layers are dense and banded in turns. The paper's weights are not public;
 * EleutherAI's GPT-Neo has its form, for which attention is not scaled and has no biases but the output's.
 */
function gpt3Layer(weights: Gpt3LayerWeights, x: Hidden, cache?: Cache): Hidden {
  const ln_1 = layerNorm(x, weights.ln_1.weight, weights.ln_1.bias, 1e-5);
  const attn = attention(weights.attn, ln_1, cache);
  ln_1.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const ln_2 = layerNorm(x2, weights.ln_2.weight, weights.ln_2.bias, 1e-5);
  const mlp = ffn(weights.mlp, ln_2);
  ln_2.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
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
  const y = attend(qh, kh, vh, { scale: 0.08838834764831843, mask: both(causal, window(config.band)), cache });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
  y2.dispose();
  return o;
}

/**
 * GPT-3 (Brown et al. 2020): a GPT-2 whose layers are dense and banded in turns. The paper's weights are not public;
 * EleutherAI's GPT-Neo has its form, for which attention is not scaled and has no biases but the output's.
 */
function gpt3Layer2(weights: Gpt3Layer2Weights, x: Hidden, cache?: Cache): Hidden {
  const ln_1 = layerNorm(x, weights.ln_1.weight, weights.ln_1.bias, 1e-5);
  const attn = attention2(weights.attn, ln_1, cache);
  ln_1.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const ln_2 = layerNorm(x2, weights.ln_2.weight, weights.ln_2.bias, 1e-5);
  const mlp = ffn(weights.mlp, ln_2);
  ln_2.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

/** Odd layers see the last `band` positions; a `band` of ctx or more makes all of them dense. */
function gpt3(weights: GPT3Weights, ids: Tensor<"i32[batch, seq]">, cache?: Cache): Hidden {
  const seq = sizeOf(ids, 1);
  const wte = embedding(weights.wte.weight, ids);
  const seq2 = positions(seq, cache);
  const wpe = embedding(weights.wpe.weight, seq2);
  seq2.dispose();
  let x: Hidden = tf.add(wte, wpe);
  tf.dispose([wte, wpe]);
  for (let i = 0; i < 48; i++) {
    const x2 = gpt3Layer(at(weights.h, 2 * i), x, cache);
    const x3 = gpt3Layer2(at(weights.h, 2 * i + 1), x2, cache);
    x2.dispose();
    const next = x3;
    x.dispose();
    x = next;
  }

  const ln_f = layerNorm(x, weights.ln_f.weight, weights.ln_f.bias, 1e-5);
  x.dispose();
  return ln_f;
}

function lmHead(weights: GPT3Weights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
  return linearTransposed(x, weights.wte.weight);
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

function lmLossOf(weights: GPT3Weights, x: Hidden, ids: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  const seq = sizeOf(x, 1);
  const logits = linearTransposed(x, weights.wte.weight);
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
function lmHidden(weights: GPT3Weights, inputs: LmInputs, cache?: Cache): Hidden {
  const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
  const seq = sizeOf(ids, 1);
  const length = (cache?.length ?? 0) + seq;
  guard(length <= config.ctx, `GPT3: seq = ${length} exceeds ctx = ${config.ctx} (gpt3.tfm:14)`);
  const hidden = gpt3(weights, ids, cache);
  cache?.advance(seq);
  return hidden;
}

/** Next-token logits. The head is the token embedding itself. */
export function lm(weights: GPT3Weights, inputs: LmInputs, cache?: Cache): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => lmHead(weights, lmHidden(weights, inputs, cache)));
}

/** The loss that lm is trained by. */
export function lmLoss(weights: GPT3Weights, inputs: LmInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const seq = sizeOf(ids, 1);
    guard(seq <= config.ctx, `GPT3: seq = ${seq} exceeds ctx = ${config.ctx} (gpt3.tfm:14)`);
    const hidden = gpt3(weights, ids);
    return lmLossOf(weights, hidden, ids);
  });
}

/** The tokens that follow a prompt, one at a time. Keys and values of what came before are kept in a cache. */
export function generate(
  weights: GPT3Weights,
  prompt: readonly number[],
  options: GenerateOptions = {},
): AsyncGenerator<number, void> {
  return decode(
    (tokens, cache) => lastPosition(lmHead(weights, onlyLast(lmHidden(weights, { ids: tokens }, cache)))),
    prompt,
    { vocab: config.vocab, context: config.ctx, topP: 0.9, temperature: 0.8, stop: [50256], ...options },
  );
}
