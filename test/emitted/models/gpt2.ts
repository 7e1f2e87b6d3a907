// GPT2 (gpt2.tfm), config gpt2. Written by tfmc 0.1.0: change the .tfm file, not this one.
import * as tf from "@tensorflow/tfjs-core";
import {
  attend,
  causal,
  cut,
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
  zeros,
  type Cache,
  type GenerateOptions,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of gpt2. */
export const config = { vocab: 50257, ctx: 1024, d: 768, depth: 12, heads: 12, p: 0.1, eps: 1e-5 };
/** Every weight: its shape, how it starts, and its place in the checkpoint openai-community/gpt2. */
export const parameters = {
  wte: { weight: param("f32[vocab, d]", [50257, 768], normal(0.02)) },
  wpe: { weight: param("f32[ctx, d]", [1024, 768], normal(0.02)) },
  h: repeat(12, "i", {
    ln_1: { weight: param("f32[d]", [768], ones), bias: param("f32[d]", [768], zeros) },
    attn: {
      q: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), cut("h.{i}.attn.c_attn.weight", 1, 0, 768, 2304)),
        bias: param("f32[d]", [768], zeros, cut("h.{i}.attn.c_attn.bias", 0, 0, 768, 2304)),
      },
      k: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), cut("h.{i}.attn.c_attn.weight", 1, 768, 1536, 2304)),
        bias: param("f32[d]", [768], zeros, cut("h.{i}.attn.c_attn.bias", 0, 768, 1536, 2304)),
      },
      v: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), cut("h.{i}.attn.c_attn.weight", 1, 1536, 2304, 2304)),
        bias: param("f32[d]", [768], zeros, cut("h.{i}.attn.c_attn.bias", 0, 1536, 2304, 2304)),
      },
      o: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), "h.{i}.attn.c_proj.weight"),
        bias: param("f32[d]", [768], zeros, "h.{i}.attn.c_proj.bias"),
      },
    },
    ln_2: { weight: param("f32[d]", [768], ones), bias: param("f32[d]", [768], zeros) },
    mlp: {
      up: {
        weight: param("f32[d, 4*d]", [768, 3072], normal(0.02), "h.{i}.mlp.c_fc.weight"),
        bias: param("f32[4*d]", [3072], zeros, "h.{i}.mlp.c_fc.bias"),
      },
      down: {
        weight: param("f32[4*d, d]", [3072, 768], normal(0.02), "h.{i}.mlp.c_proj.weight"),
        bias: param("f32[d]", [768], zeros, "h.{i}.mlp.c_proj.bias"),
      },
    },
  }),
  ln_f: { weight: param("f32[d]", [768], ones), bias: param("f32[d]", [768], zeros) },
};

export type GPT2Weights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type Gpt2LayerWeights = GPT2Weights["h"][number];
type AttentionWeights = Gpt2LayerWeights["attn"];
type FfnWeights = Gpt2LayerWeights["mlp"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<GPT2Weights> {
  return loadWeights(parameters, source, {
    prefixes: ["transformer."],
    ignore: ["h.{i}.attn.bias", "h.{i}.attn.masked_bias", "lm_head.weight"],
  });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): GPT2Weights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: GPT2Weights, sink: Sink): Promise<void> {
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
  const y = attend(qh, kh, vh, { scale: 0.125, mask: causal, cache });
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

/** GPT-2 (Radford et al. 2019): a pre-norm decoder with learned positions and a head tied to the token embedding. */
function gpt2Layer(weights: Gpt2LayerWeights, x: Hidden, cache?: Cache): Hidden {
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

function gpt2(weights: GPT2Weights, ids: Tensor<"i32[batch, seq]">, cache?: Cache): Hidden {
  const seq = sizeOf(ids, 1);
  const wte = embedding(weights.wte.weight, ids);
  const seq2 = positions(seq, cache);
  const wpe = embedding(weights.wpe.weight, seq2);
  seq2.dispose();
  let x: Hidden = tf.add(wte, wpe);
  tf.dispose([wte, wpe]);
  for (const layer of weights.h) {
    const next = gpt2Layer(layer, x, cache);
    x.dispose();
    x = next;
  }

  const ln_f = layerNorm(x, weights.ln_f.weight, weights.ln_f.bias, 1e-5);
  x.dispose();
  return ln_f;
}

function lmHead(weights: GPT2Weights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
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

function lmLossOf(weights: GPT2Weights, x: Hidden, ids: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
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
function lmHidden(weights: GPT2Weights, inputs: LmInputs, cache?: Cache): Hidden {
  const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
  const seq = sizeOf(ids, 1);
  const length = (cache?.length ?? 0) + seq;
  guard(length <= config.ctx, `GPT2: seq = ${length} exceeds ctx = ${config.ctx} (gpt2.tfm:10)`);
  const hidden = gpt2(weights, ids, cache);
  cache?.advance(seq);
  return hidden;
}

/** Next-token logits. The head is the token embedding itself: one weight, no copy. */
export function lm(weights: GPT2Weights, inputs: LmInputs, cache?: Cache): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => lmHead(weights, lmHidden(weights, inputs, cache)));
}

/** The loss that lm is trained by. */
export function lmLoss(weights: GPT2Weights, inputs: LmInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const seq = sizeOf(ids, 1);
    guard(seq <= config.ctx, `GPT2: seq = ${seq} exceeds ctx = ${config.ctx} (gpt2.tfm:10)`);
    const hidden = gpt2(weights, ids);
    return lmLossOf(weights, hidden, ids);
  });
}

/** The tokens that follow a prompt, one at a time. Keys and values of what came before are kept in a cache. */
export function generate(
  weights: GPT2Weights,
  prompt: readonly number[],
  options: GenerateOptions = {},
): AsyncGenerator<number, void> {
  return decode(
    (tokens, cache) => lastPosition(lmHead(weights, onlyLast(lmHidden(weights, { ids: tokens }, cache)))),
    prompt,
    { vocab: config.vocab, context: config.ctx, topP: 0.9, temperature: 0.8, stop: [50256], ...options },
  );
}
