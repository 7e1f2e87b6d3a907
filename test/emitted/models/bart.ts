// Bart (bart.tfm), config bart_base. Written by tfmc 0.1.0: change the .tfm file, not this one.
// `keep` is false for padding.
import * as tf from "@tensorflow/tfjs-core";
import {
  attend,
  causal,
  decode,
  embedding,
  gelu,
  guard,
  initialiseWeights,
  input,
  lastPosition,
  layerNorm,
  linear,
  linearTransposed,
  loadWeights,
  normal,
  once,
  ones,
  onlyLast,
  param,
  pick,
  positions,
  rearrange,
  repeat,
  saveWeights,
  sizeOf,
  take,
  where,
  zeros,
  type Cache,
  type GenerateOptions,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of bart_base. */
export const config = { vocab: 50265, ctx: 1024, d: 768, depth: 6, heads: 12, scaled: false, p: 0.1 };
/** Every weight: its shape, how it starts, and its place in the checkpoint facebook/bart-base. */
export const parameters = {
  shared: { weight: param("f32[vocab, d]", [50265, 768], normal(0.02), "model.shared.weight") },
  enc_input: {
    position: { weight: param("f32[ctx + 2, d]", [1026, 768], normal(0.02), "model.encoder.embed_positions.weight") },
    norm: {
      weight: param("f32[d]", [768], ones, "model.encoder.layernorm_embedding.weight"),
      bias: param("f32[d]", [768], zeros, "model.encoder.layernorm_embedding.bias"),
    },
  },
  encoder: repeat(6, "i", {
    attn: {
      q: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "model.encoder.layers.{i}.self_attn.q_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "model.encoder.layers.{i}.self_attn.q_proj.bias"),
      },
      k: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "model.encoder.layers.{i}.self_attn.k_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "model.encoder.layers.{i}.self_attn.k_proj.bias"),
      },
      v: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "model.encoder.layers.{i}.self_attn.v_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "model.encoder.layers.{i}.self_attn.v_proj.bias"),
      },
      o: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "model.encoder.layers.{i}.self_attn.out_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "model.encoder.layers.{i}.self_attn.out_proj.bias"),
      },
    },
    ln_1: {
      weight: param("f32[d]", [768], ones, "model.encoder.layers.{i}.self_attn_layer_norm.weight"),
      bias: param("f32[d]", [768], zeros, "model.encoder.layers.{i}.self_attn_layer_norm.bias"),
    },
    mlp: {
      up: {
        weight: param("f32[d, 4*d]", [768, 3072], normal(0.02), {
          name: "model.encoder.layers.{i}.fc1.weight",
          order: [1, 0],
        }),
        bias: param("f32[4*d]", [3072], zeros, "model.encoder.layers.{i}.fc1.bias"),
      },
      down: {
        weight: param("f32[4*d, d]", [3072, 768], normal(0.02), {
          name: "model.encoder.layers.{i}.fc2.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "model.encoder.layers.{i}.fc2.bias"),
      },
    },
    ln_2: {
      weight: param("f32[d]", [768], ones, "model.encoder.layers.{i}.final_layer_norm.weight"),
      bias: param("f32[d]", [768], zeros, "model.encoder.layers.{i}.final_layer_norm.bias"),
    },
  }),
  dec_input: {
    position: { weight: param("f32[ctx + 2, d]", [1026, 768], normal(0.02), "model.decoder.embed_positions.weight") },
    norm: {
      weight: param("f32[d]", [768], ones, "model.decoder.layernorm_embedding.weight"),
      bias: param("f32[d]", [768], zeros, "model.decoder.layernorm_embedding.bias"),
    },
  },
  decoder: repeat(6, "i", {
    attn: {
      q: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "model.decoder.layers.{i}.self_attn.q_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "model.decoder.layers.{i}.self_attn.q_proj.bias"),
      },
      k: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "model.decoder.layers.{i}.self_attn.k_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "model.decoder.layers.{i}.self_attn.k_proj.bias"),
      },
      v: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "model.decoder.layers.{i}.self_attn.v_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "model.decoder.layers.{i}.self_attn.v_proj.bias"),
      },
      o: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "model.decoder.layers.{i}.self_attn.out_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "model.decoder.layers.{i}.self_attn.out_proj.bias"),
      },
    },
    ln_1: {
      weight: param("f32[d]", [768], ones, "model.decoder.layers.{i}.self_attn_layer_norm.weight"),
      bias: param("f32[d]", [768], zeros, "model.decoder.layers.{i}.self_attn_layer_norm.bias"),
    },
    cross: {
      q: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "model.decoder.layers.{i}.encoder_attn.q_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "model.decoder.layers.{i}.encoder_attn.q_proj.bias"),
      },
      k: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "model.decoder.layers.{i}.encoder_attn.k_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "model.decoder.layers.{i}.encoder_attn.k_proj.bias"),
      },
      v: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "model.decoder.layers.{i}.encoder_attn.v_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "model.decoder.layers.{i}.encoder_attn.v_proj.bias"),
      },
      o: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "model.decoder.layers.{i}.encoder_attn.out_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "model.decoder.layers.{i}.encoder_attn.out_proj.bias"),
      },
    },
    ln_2: {
      weight: param("f32[d]", [768], ones, "model.decoder.layers.{i}.encoder_attn_layer_norm.weight"),
      bias: param("f32[d]", [768], zeros, "model.decoder.layers.{i}.encoder_attn_layer_norm.bias"),
    },
    mlp: {
      up: {
        weight: param("f32[d, 4*d]", [768, 3072], normal(0.02), {
          name: "model.decoder.layers.{i}.fc1.weight",
          order: [1, 0],
        }),
        bias: param("f32[4*d]", [3072], zeros, "model.decoder.layers.{i}.fc1.bias"),
      },
      down: {
        weight: param("f32[4*d, d]", [3072, 768], normal(0.02), {
          name: "model.decoder.layers.{i}.fc2.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "model.decoder.layers.{i}.fc2.bias"),
      },
    },
    ln_3: {
      weight: param("f32[d]", [768], ones, "model.decoder.layers.{i}.final_layer_norm.weight"),
      bias: param("f32[d]", [768], zeros, "model.decoder.layers.{i}.final_layer_norm.bias"),
    },
  }),
  logits_bias: param("f32[1, vocab]", [1, 50265], zeros, "final_logits_bias"),
};

export type BartWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, tgt, d]">;
type BartInputWeights = BartWeights["enc_input"];
type BartEncoderWeights = BartWeights["encoder"][number];
type AttentionWeights = BartEncoderWeights["attn"];
type FfnWeights = BartEncoderWeights["mlp"];
type BartInput2Weights = BartWeights["dec_input"];
type BartDecoderWeights = BartWeights["decoder"][number];
type Attention2Weights = BartDecoderWeights["attn"];
type Attention3Weights = BartDecoderWeights["cross"];
type Ffn2Weights = BartDecoderWeights["mlp"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<BartWeights> {
  return loadWeights(parameters, source, {
    ignore: ["model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight", "lm_head.weight"],
  });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): BartWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: BartWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/** A stack's input: tokens and their positions, whose rows begin at 2 in the published checkpoints. */
function bartInput(weights: BartInputWeights, x: Tensor<"f32[batch, src, d]">): Tensor<"f32[batch, src, d]"> {
  return tf.tidy(() => {
    const src = sizeOf(x, 1);
    const norm = layerNorm(
      tf.add(x, embedding(weights.position.weight, tf.add(positions(src), tf.scalar(2, "int32")))),
      weights.norm.weight,
      weights.norm.bias,
      1e-5,
    );
    return norm;
  });
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention(
  weights: AttentionWeights,
  x: Tensor<"f32[batch, src, d]">,
  keep: Tensor<"bool[batch, src]">,
): Tensor<"f32[batch, src, d]"> {
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
    mask: where(() => tf.expandDims(tf.expandDims(tf.expandDims(keep, 1), 2), 3)),
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
  y2.dispose();
  return o;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn(weights: FfnWeights, x: Tensor<"f32[batch, src, d]">): Tensor<"f32[batch, src, d]"> {
  return tf.tidy(() =>
    linear(gelu(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

/**
 * BART (Lewis et al. 2019): a post-norm encoder and decoder with learned positions, trained to restore text that was
 * spoilt.
 */
function bartEncoder(
  weights: BartEncoderWeights,
  x: Tensor<"f32[batch, src, d]">,
  keep: Tensor<"bool[batch, src]">,
): Tensor<"f32[batch, src, d]"> {
  const attn = attention(weights.attn, x, keep);
  const sum = tf.add(x, attn);
  attn.dispose();
  const x2 = layerNorm(sum, weights.ln_1.weight, weights.ln_1.bias, 1e-5);
  sum.dispose();
  const mlp = ffn(weights.mlp, x2);
  const sum2 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  const x3 = layerNorm(sum2, weights.ln_2.weight, weights.ln_2.bias, 1e-5);
  sum2.dispose();
  return x3;
}

/** A stack's input: tokens and their positions, whose rows begin at 2 in the published checkpoints. */
function bartInput2(weights: BartInput2Weights, x: Hidden, cache?: Cache): Hidden {
  return tf.tidy(() => {
    const tgt = sizeOf(x, 1);
    const norm = layerNorm(
      tf.add(x, embedding(weights.position.weight, tf.add(positions(tgt, cache), tf.scalar(2, "int32")))),
      weights.norm.weight,
      weights.norm.bias,
      1e-5,
    );
    return norm;
  });
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
  const y = attend(qh, kh, vh, { scale: 0.125, mask: causal, cache });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
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
    const k = linear(ctx, weights.k.weight, weights.k.bias);
    const v = linear(ctx, weights.v.weight, weights.v.bias);
    const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
    v.dispose();
    const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
    k.dispose();
    return [vh, kh];
  });
  const q = linear(x, weights.q.weight, weights.q.bias);
  const qh = rearrange(q, "batch i (g c) -> batch g 1 i c", { g: config.heads });
  q.dispose();
  const y = attend(qh, kh2, vh2, {
    scale: 0.125,
    mask: where(() => tf.expandDims(tf.expandDims(tf.expandDims(keep, 1), 2), 3)),
  });
  tf.dispose([vh2, kh2, qh]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
  y2.dispose();
  return o;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn2(weights: Ffn2Weights, x: Hidden): Hidden {
  return tf.tidy(() =>
    linear(gelu(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

function bartDecoder(
  weights: BartDecoderWeights,
  x: Hidden,
  memory: Tensor<"f32[batch, src, d]">,
  keep: Tensor<"bool[batch, src]">,
  cache?: Cache,
): Hidden {
  const attn = attention2(weights.attn, x, cache);
  const sum = tf.add(x, attn);
  attn.dispose();
  const x2 = layerNorm(sum, weights.ln_1.weight, weights.ln_1.bias, 1e-5);
  sum.dispose();
  const cross = attention3(weights.cross, x2, memory, keep, cache);
  const sum2 = tf.add(x2, cross);
  tf.dispose([x2, cross]);
  const x3 = layerNorm(sum2, weights.ln_2.weight, weights.ln_2.bias, 1e-5);
  sum2.dispose();
  const mlp = ffn2(weights.mlp, x3);
  const sum3 = tf.add(x3, mlp);
  tf.dispose([x3, mlp]);
  const x4 = layerNorm(sum3, weights.ln_3.weight, weights.ln_3.bias, 1e-5);
  sum3.dispose();
  return x4;
}

/** `keep` is false for padding. */
function bart(
  weights: BartWeights,
  ids: Tensor<"i32[batch, src]">,
  target: Tensor<"i32[batch, tgt]">,
  keep: Tensor<"bool[batch, src]">,
  cache?: Cache,
): Hidden {
  const [x2] = once(cache, () => {
    const shared = embedding(weights.shared.weight, ids);
    let x: Tensor<"f32[batch, src, d]"> = bartInput(weights.enc_input, shared);
    shared.dispose();
    for (const encoder_ of weights.encoder) {
      const next = bartEncoder(encoder_, x, keep);
      x.dispose();
      x = next;
    }

    return [x];
  });
  const shared2 = embedding(weights.shared.weight, target);
  let y: Hidden = bartInput2(weights.dec_input, shared2, cache);
  shared2.dispose();
  for (const decoder_ of weights.decoder) {
    const next2 = bartDecoder(decoder_, y, x2, keep, cache);
    y.dispose();
    y = next2;
  }

  x2.dispose();
  return y;
}

function seq2seqHead(weights: BartWeights, y: Hidden): Tensor<"f32[batch, tgt, vocab]"> {
  return tf.tidy(() => tf.add(linearTransposed(y, weights.shared.weight), take(weights.logits_bias, 0, 0)));
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

function seq2seqLossOf(weights: BartWeights, y: Hidden, labels: Tensor<"i32[batch, tgt]">): Tensor<"f32[]"> {
  const shared = linearTransposed(y, weights.shared.weight);
  const logits = tf.tidy(() => tf.add(shared, take(weights.logits_bias, 0, 0)));
  shared.dispose();
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
function seq2seqHidden(weights: BartWeights, inputs: Seq2seqInputs, cache?: Cache): Hidden {
  const ids = once(cache, () => [input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab })])[0];
  const batch = sizeOf(ids, 0);
  const target = input("target", inputs.target, { dtype: "int32", rank: 2, below: config.vocab, sizes: [batch, null] });
  const src = sizeOf(ids, 1);
  const keep = once(cache, () => [
    inputs.keep === undefined
      ? tf.fill([batch, src], 1, "bool")
      : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, src] }),
  ])[0];
  guard(src <= config.ctx, `Bart: src = ${src} exceeds ctx = ${config.ctx} (bart.tfm:27)`);
  const tgt = sizeOf(target, 1);
  const length = (cache?.length ?? 0) + tgt;
  guard(length <= config.ctx, `Bart: tgt = ${length} exceeds ctx = ${config.ctx} (bart.tfm:27)`);
  const hidden = bart(weights, ids, target, keep, cache);
  cache?.advance(tgt);
  return hidden;
}

/** What comes next in the text, at each position of it. */
export function seq2seq(weights: BartWeights, inputs: Seq2seqInputs, cache?: Cache): Tensor<"f32[batch, tgt, vocab]"> {
  return tf.tidy(() => seq2seqHead(weights, seq2seqHidden(weights, inputs, cache)));
}

export interface Seq2seqLossInputs {
  readonly ids: Input<"i32[batch, src]">;
  readonly target: Input<"i32[batch, tgt]">;
  readonly keep?: Input<"bool[batch, src]">;
  readonly labels: Input<"i32[batch, tgt]">;
}

/** The loss that seq2seq is trained by. */
export function seq2seqLoss(weights: BartWeights, inputs: Seq2seqLossInputs): Tensor<"f32[]"> {
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
    guard(src <= config.ctx, `Bart: src = ${src} exceeds ctx = ${config.ctx} (bart.tfm:27)`);
    guard(tgt <= config.ctx, `Bart: tgt = ${tgt} exceeds ctx = ${config.ctx} (bart.tfm:27)`);
    const hidden = bart(weights, ids, target, keep);
    return seq2seqLossOf(weights, hidden, labels);
  });
}

/** The target that these inputs lead to, one token at a time. What the steps have in common is computed once. */
export function generate(
  weights: BartWeights,
  inputs: Omit<Seq2seqInputs, "target">,
  options: GenerateOptions = {},
): AsyncGenerator<number, void> {
  return decode(
    (tokens, cache) =>
      lastPosition(seq2seqHead(weights, onlyLast(seq2seqHidden(weights, { ...inputs, target: tokens }, cache)))),
    [],
    { vocab: config.vocab, context: config.ctx, start: [2], stop: [2], beams: 4, ...options },
  );
}
