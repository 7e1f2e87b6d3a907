// OPT (opt.tfm), config opt_125m. Written by tfmc 0.1.0: change the .tfm file, not this one.
// The 350M one is post-norm, and its table of tokens is narrower than the layers.
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

/** The numbers of opt_125m. */
export const config = {
  vocab: 50272,
  ctx: 2048,
  d: 768,
  depth: 12,
  heads: 12,
  bias: true,
  pre_norm: true,
  final_norm: true,
  p: 0.1,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint facebook/opt-125m. */
export const parameters = {
  embed_tokens: { weight: param("f32[vocab, d]", [50272, 768], normal(0.02), "decoder.embed_tokens.weight") },
  embed_positions: { weight: param("f32[ctx + 2, d]", [2050, 768], normal(0.02), "decoder.embed_positions.weight") },
  layers: repeat(12, "i", {
    ln_1: {
      weight: param("f32[d]", [768], ones, "decoder.layers.{i}.self_attn_layer_norm.weight"),
      bias: param("f32[d]", [768], zeros, "decoder.layers.{i}.self_attn_layer_norm.bias"),
    },
    attn: {
      q: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "decoder.layers.{i}.self_attn.q_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "decoder.layers.{i}.self_attn.q_proj.bias"),
      },
      k: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "decoder.layers.{i}.self_attn.k_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "decoder.layers.{i}.self_attn.k_proj.bias"),
      },
      v: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "decoder.layers.{i}.self_attn.v_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "decoder.layers.{i}.self_attn.v_proj.bias"),
      },
      o: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "decoder.layers.{i}.self_attn.out_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "decoder.layers.{i}.self_attn.out_proj.bias"),
      },
    },
    ln_2: {
      weight: param("f32[d]", [768], ones, "decoder.layers.{i}.final_layer_norm.weight"),
      bias: param("f32[d]", [768], zeros, "decoder.layers.{i}.final_layer_norm.bias"),
    },
    mlp: {
      up: {
        weight: param("f32[d, 4*d]", [768, 3072], normal(0.02), {
          name: "decoder.layers.{i}.fc1.weight",
          order: [1, 0],
        }),
        bias: param("f32[4*d]", [3072], zeros, "decoder.layers.{i}.fc1.bias"),
      },
      down: {
        weight: param("f32[4*d, d]", [3072, 768], normal(0.02), {
          name: "decoder.layers.{i}.fc2.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "decoder.layers.{i}.fc2.bias"),
      },
    },
  }),
  final_layer_norm: {
    weight: param("f32[d]", [768], ones, "decoder.final_layer_norm.weight"),
    bias: param("f32[d]", [768], zeros, "decoder.final_layer_norm.bias"),
  },
};

export type OPTWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type OptLayerWeights = OPTWeights["layers"][number];
type AttentionWeights = OptLayerWeights["attn"];
type FfnWeights = OptLayerWeights["mlp"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<OPTWeights> {
  return loadWeights(parameters, source, { prefixes: ["model."], ignore: ["lm_head.weight"] });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): OPTWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: OPTWeights, sink: Sink): Promise<void> {
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
    linear(tf.maximum(linear(x, weights.up.weight, weights.up.bias), 0), weights.down.weight, weights.down.bias),
  );
}

/** OPT (Zhang et al. 2022): a GPT-3 whose weights are open, with relu and rows of positions that begin at 2. */
function optLayer(weights: OptLayerWeights, x: Hidden, cache?: Cache): Hidden {
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

/** The 350M one is post-norm, and its table of tokens is narrower than the layers. */
function opt(weights: OPTWeights, ids: Tensor<"i32[batch, seq]">, cache?: Cache): Hidden {
  const seq = sizeOf(ids, 1);
  const tokens2 = embedding(weights.embed_tokens.weight, ids);
  const sum = tf.tidy(() => tf.add(positions(seq, cache), tf.scalar(2, "int32")));
  const embed_positions = embedding(weights.embed_positions.weight, sum);
  sum.dispose();
  let x: Hidden = tf.add(tokens2, embed_positions);
  tf.dispose([tokens2, embed_positions]);
  for (const layer of weights.layers) {
    const next = optLayer(layer, x, cache);
    x.dispose();
    x = next;
  }

  const x2 = layerNorm(x, weights.final_layer_norm.weight, weights.final_layer_norm.bias, 1e-5);
  x.dispose();
  return x2;
}

function lmHead(weights: OPTWeights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
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

function lmLossOf(weights: OPTWeights, x: Hidden, ids: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
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
function lmHidden(weights: OPTWeights, inputs: LmInputs, cache?: Cache): Hidden {
  const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
  const seq = sizeOf(ids, 1);
  const length = (cache?.length ?? 0) + seq;
  guard(length <= config.ctx, `OPT: seq = ${length} exceeds ctx = ${config.ctx} (opt.tfm:17)`);
  const hidden = opt(weights, ids, cache);
  cache?.advance(seq);
  return hidden;
}

/** Next-token logits. The head is the token embedding itself. */
export function lm(weights: OPTWeights, inputs: LmInputs, cache?: Cache): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => lmHead(weights, lmHidden(weights, inputs, cache)));
}

/** The loss that lm is trained by. */
export function lmLoss(weights: OPTWeights, inputs: LmInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const seq = sizeOf(ids, 1);
    guard(seq <= config.ctx, `OPT: seq = ${seq} exceeds ctx = ${config.ctx} (opt.tfm:17)`);
    const hidden = opt(weights, ids);
    return lmLossOf(weights, hidden, ids);
  });
}

/** The tokens that follow a prompt, one at a time. Keys and values of what came before are kept in a cache. */
export function generate(
  weights: OPTWeights,
  prompt: readonly number[],
  options: GenerateOptions = {},
): AsyncGenerator<number, void> {
  return decode(
    (tokens, cache) => lastPosition(lmHead(weights, onlyLast(lmHidden(weights, { ids: tokens }, cache)))),
    prompt,
    { vocab: config.vocab, context: config.ctx, topP: 0.9, temperature: 0.8, stop: [2], ...options },
  );
}
