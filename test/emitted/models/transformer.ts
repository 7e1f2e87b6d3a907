// Transformer (transformer.tfm), config base. Written by tfmc 0.1.0: change the .tfm file, not this one.
// `keep` is false for padding. The decoder's states, and the memory that it reads.
import * as tf from "@tensorflow/tfjs-core";
import {
  attend,
  causal,
  cut,
  decode,
  embedding,
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
  param,
  pick,
  rearrange,
  repeat,
  saveWeights,
  sizeOf,
  slice,
  stack,
  table,
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

/** The numbers of base. */
export const config = {
  vocab: 37000,
  d: 512,
  depth: 6,
  heads: 8,
  pre_norm: false,
  final_norm: false,
  pad: 0,
  p: 0.1,
  eps: 1e-5,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint transformer_vanilla. */
export const parameters = {
  embed: { weight: param("f32[vocab, d]", [37000, 512], normal(0.02)) },
  encoder: repeat(6, "i", {
    attn: {
      q: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), {
          name: "encoder.layers.{i}.self_attn.in_proj_weight",
          axis: 0,
          from: 0,
          to: 512,
          of: 1536,
          order: [1, 0],
        }),
        bias: param("f32[d]", [512], zeros, cut("encoder.layers.{i}.self_attn.in_proj_bias", 0, 0, 512, 1536)),
      },
      k: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), {
          name: "encoder.layers.{i}.self_attn.in_proj_weight",
          axis: 0,
          from: 512,
          to: 1024,
          of: 1536,
          order: [1, 0],
        }),
        bias: param("f32[d]", [512], zeros, cut("encoder.layers.{i}.self_attn.in_proj_bias", 0, 512, 1024, 1536)),
      },
      v: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), {
          name: "encoder.layers.{i}.self_attn.in_proj_weight",
          axis: 0,
          from: 1024,
          to: 1536,
          of: 1536,
          order: [1, 0],
        }),
        bias: param("f32[d]", [512], zeros, cut("encoder.layers.{i}.self_attn.in_proj_bias", 0, 1024, 1536, 1536)),
      },
      o: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), {
          name: "encoder.layers.{i}.self_attn.out_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [512], zeros, "encoder.layers.{i}.self_attn.out_proj.bias"),
      },
    },
    ln_1: {
      weight: param("f32[d]", [512], ones, "encoder.layers.{i}.norm1.weight"),
      bias: param("f32[d]", [512], zeros, "encoder.layers.{i}.norm1.bias"),
    },
    mlp: {
      up: {
        weight: param("f32[d, 4*d]", [512, 2048], normal(0.02), {
          name: "encoder.layers.{i}.linear1.weight",
          order: [1, 0],
        }),
        bias: param("f32[4*d]", [2048], zeros, "encoder.layers.{i}.linear1.bias"),
      },
      down: {
        weight: param("f32[4*d, d]", [2048, 512], normal(0.02), {
          name: "encoder.layers.{i}.linear2.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [512], zeros, "encoder.layers.{i}.linear2.bias"),
      },
    },
    ln_2: {
      weight: param("f32[d]", [512], ones, "encoder.layers.{i}.norm2.weight"),
      bias: param("f32[d]", [512], zeros, "encoder.layers.{i}.norm2.bias"),
    },
  }),
  decoder: repeat(6, "i", {
    attn: {
      q: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), {
          name: "decoder.layers.{i}.self_attn.in_proj_weight",
          axis: 0,
          from: 0,
          to: 512,
          of: 1536,
          order: [1, 0],
        }),
        bias: param("f32[d]", [512], zeros, cut("decoder.layers.{i}.self_attn.in_proj_bias", 0, 0, 512, 1536)),
      },
      k: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), {
          name: "decoder.layers.{i}.self_attn.in_proj_weight",
          axis: 0,
          from: 512,
          to: 1024,
          of: 1536,
          order: [1, 0],
        }),
        bias: param("f32[d]", [512], zeros, cut("decoder.layers.{i}.self_attn.in_proj_bias", 0, 512, 1024, 1536)),
      },
      v: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), {
          name: "decoder.layers.{i}.self_attn.in_proj_weight",
          axis: 0,
          from: 1024,
          to: 1536,
          of: 1536,
          order: [1, 0],
        }),
        bias: param("f32[d]", [512], zeros, cut("decoder.layers.{i}.self_attn.in_proj_bias", 0, 1024, 1536, 1536)),
      },
      o: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), {
          name: "decoder.layers.{i}.self_attn.out_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [512], zeros, "decoder.layers.{i}.self_attn.out_proj.bias"),
      },
    },
    ln_1: {
      weight: param("f32[d]", [512], ones, "decoder.layers.{i}.norm1.weight"),
      bias: param("f32[d]", [512], zeros, "decoder.layers.{i}.norm1.bias"),
    },
    cross: {
      q: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), {
          name: "decoder.layers.{i}.multihead_attn.in_proj_weight",
          axis: 0,
          from: 0,
          to: 512,
          of: 1536,
          order: [1, 0],
        }),
        bias: param("f32[d]", [512], zeros, cut("decoder.layers.{i}.multihead_attn.in_proj_bias", 0, 0, 512, 1536)),
      },
      k: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), {
          name: "decoder.layers.{i}.multihead_attn.in_proj_weight",
          axis: 0,
          from: 512,
          to: 1024,
          of: 1536,
          order: [1, 0],
        }),
        bias: param("f32[d]", [512], zeros, cut("decoder.layers.{i}.multihead_attn.in_proj_bias", 0, 512, 1024, 1536)),
      },
      v: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), {
          name: "decoder.layers.{i}.multihead_attn.in_proj_weight",
          axis: 0,
          from: 1024,
          to: 1536,
          of: 1536,
          order: [1, 0],
        }),
        bias: param("f32[d]", [512], zeros, cut("decoder.layers.{i}.multihead_attn.in_proj_bias", 0, 1024, 1536, 1536)),
      },
      o: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), {
          name: "decoder.layers.{i}.multihead_attn.out_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [512], zeros, "decoder.layers.{i}.multihead_attn.out_proj.bias"),
      },
    },
    ln_2: {
      weight: param("f32[d]", [512], ones, "decoder.layers.{i}.norm2.weight"),
      bias: param("f32[d]", [512], zeros, "decoder.layers.{i}.norm2.bias"),
    },
    mlp: {
      up: {
        weight: param("f32[d, 4*d]", [512, 2048], normal(0.02), {
          name: "decoder.layers.{i}.linear1.weight",
          order: [1, 0],
        }),
        bias: param("f32[4*d]", [2048], zeros, "decoder.layers.{i}.linear1.bias"),
      },
      down: {
        weight: param("f32[4*d, d]", [2048, 512], normal(0.02), {
          name: "decoder.layers.{i}.linear2.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [512], zeros, "decoder.layers.{i}.linear2.bias"),
      },
    },
    ln_3: {
      weight: param("f32[d]", [512], ones, "decoder.layers.{i}.norm3.weight"),
      bias: param("f32[d]", [512], zeros, "decoder.layers.{i}.norm3.bias"),
    },
  }),
};

export type TransformerWeights = Weights<typeof parameters>;
type EncoderLayerWeights = TransformerWeights["encoder"][number];
type AttentionWeights = EncoderLayerWeights["attn"];
type FfnWeights = EncoderLayerWeights["mlp"];
type DecoderLayerWeights = TransformerWeights["decoder"][number];
type Attention2Weights = DecoderLayerWeights["attn"];
type Attention3Weights = DecoderLayerWeights["cross"];
type Ffn2Weights = DecoderLayerWeights["mlp"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<TransformerWeights> {
  return loadWeights(parameters, source);
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): TransformerWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: TransformerWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/** Adds the sinusoids of the positions. */
function sinusoidal(x: Tensor<"f32[batch, src, d]">): Tensor<"f32[batch, src, d]"> {
  return tf.tidy(() => {
    const src = sizeOf(x, 1);
    const both2 = stack(
      [
        table([src, config.d / 2], (src, h) => Math.sin(src * 10000 ** ((-2 * h) / 512))),
        table([src, config.d / 2], (src, h) => Math.cos(src * 10000 ** ((-2 * h) / 512))),
      ],
      2,
    );
    return tf.add(x, rearrange(both2, "src h s -> src (h s)"));
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
    linear(tf.maximum(linear(x, weights.up.weight, weights.up.bias), 0), weights.down.weight, weights.down.bias),
  );
}

/**
 * The Transformer (Vaswani et al. 2017): an encoder and a decoder of attention alone, with one embedding for both
 * languages and the head. The paper normalises behind each sublayer; `pre_norm` does before it, as most later models do
 * (Xiong et al. 2020).
 */
function encoderLayer(
  weights: EncoderLayerWeights,
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

/** Adds the sinusoids of the positions. */
function sinusoidal2(x: Tensor<"f32[batch, tgt, d]">, cache?: Cache): Tensor<"f32[batch, tgt, d]"> {
  return tf.tidy(() => {
    const tgt = sizeOf(x, 1);
    const both2 = stack(
      [
        table([tgt, config.d / 2], (tgt, h, start) => Math.sin((start + tgt) * 10000 ** ((-2 * h) / 512)), cache),
        table([tgt, config.d / 2], (tgt, h, start) => Math.cos((start + tgt) * 10000 ** ((-2 * h) / 512)), cache),
      ],
      2,
    );
    return tf.add(x, rearrange(both2, "tgt h s -> tgt (h s)"));
  });
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention2(
  weights: Attention2Weights,
  x: Tensor<"f32[batch, tgt, d]">,
  cache?: Cache,
): Tensor<"f32[batch, tgt, d]"> {
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
  x: Tensor<"f32[batch, tgt, d]">,
  ctx: Tensor<"f32[batch, src, d]">,
  keep: Tensor<"bool[batch, src]">,
  cache?: Cache,
): Tensor<"f32[batch, tgt, d]"> {
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
function ffn2(weights: Ffn2Weights, x: Tensor<"f32[batch, tgt, d]">): Tensor<"f32[batch, tgt, d]"> {
  return tf.tidy(() =>
    linear(tf.maximum(linear(x, weights.up.weight, weights.up.bias), 0), weights.down.weight, weights.down.bias),
  );
}

function decoderLayer(
  weights: DecoderLayerWeights,
  x: Tensor<"f32[batch, tgt, d]">,
  memory: Tensor<"f32[batch, src, d]">,
  keep: Tensor<"bool[batch, src]">,
  cache?: Cache,
): Tensor<"f32[batch, tgt, d]"> {
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

/** `keep` is false for padding. The decoder's states, and the memory that it reads. */
function transformer(
  weights: TransformerWeights,
  source: Tensor<"i32[batch, src]">,
  keep: Tensor<"bool[batch, src]">,
  target: Tensor<"i32[batch, tgt]">,
  cache?: Cache,
): [Tensor<"f32[batch, tgt, d]">, Tensor<"f32[batch, src, d]">] {
  const [x2] = once(cache, () => {
    const embed = embedding(weights.embed.weight, source);
    const product = tf.tidy(() => tf.mul(22.627416997969522, embed));
    embed.dispose();
    let x: Tensor<"f32[batch, src, d]"> = sinusoidal(product);
    product.dispose();
    for (const encoder_ of weights.encoder) {
      const next = encoderLayer(encoder_, x, keep);
      x.dispose();
      x = next;
    }

    return [x];
  });
  const embed2 = embedding(weights.embed.weight, target);
  const product2 = tf.tidy(() => tf.mul(22.627416997969522, embed2));
  embed2.dispose();
  let y: Tensor<"f32[batch, tgt, d]"> = sinusoidal2(product2, cache);
  product2.dispose();
  for (const decoder_ of weights.decoder) {
    const next2 = decoderLayer(decoder_, y, x2, keep, cache);
    y.dispose();
    y = next2;
  }

  return [y, x2];
}

function translateHead(
  weights: TransformerWeights,
  y: Tensor<"f32[batch, tgt, d]">,
  _memory: Tensor<"f32[batch, src, d]">,
): Tensor<"f32[batch, tgt, vocab]"> {
  return linearTransposed(y, weights.embed.weight);
}

/** Mean negative log-likelihood of `labels` (nats), over the entries that are not `ignore`. */
function crossEntropy(
  logits: Tensor<"f32[batch, tgt - 1, vocab]">,
  labels: Tensor<"i32[batch, tgt - 1]">,
): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const counted = tf.notEqual(labels, tf.scalar(config.pad, "int32"));
    const row = tf.logSoftmax(logits);
    const t = tf.where(
      counted,
      tf.add(tf.mul(0.9, pick(row, tf.where(counted, labels, tf.scalar(0, "int32")))), tf.mul(0.1, tf.mean(row, 2))),
      0,
    );
    return tf.div(tf.neg(tf.sum(t)), tf.sum(tf.cast(counted, "float32")));
  });
}

function translateLossOf(
  weights: TransformerWeights,
  y: Tensor<"f32[batch, tgt, d]">,
  _memory: Tensor<"f32[batch, src, d]">,
  target: Tensor<"i32[batch, tgt]">,
): Tensor<"f32[]"> {
  const tgt = sizeOf(y, 1);
  const logits = linearTransposed(y, weights.embed.weight);
  const logits2 = slice(logits, 1, 0, tgt - 1);
  logits.dispose();
  const target2 = slice(target, 1, 1, tgt);
  const logits3 = crossEntropy(logits2, target2);
  tf.dispose([logits2, target2]);
  return logits3;
}

function encodeHead(
  _y: Tensor<"f32[batch, tgt, d]">,
  memory: Tensor<"f32[batch, src, d]">,
): Tensor<"f32[batch, src, d]"> {
  return memory.clone();
}

export interface TranslateInputs {
  readonly source: Input<"i32[batch, src]">;
  readonly keep?: Input<"bool[batch, src]">;
  readonly target: Input<"i32[batch, tgt]">;
}

/** What comes next in the translation, at each position of it; the label of a position is the next one's token. */
export function translate(
  weights: TransformerWeights,
  inputs: TranslateInputs,
  cache?: Cache,
): Tensor<"f32[batch, tgt, vocab]"> {
  return tf.tidy(() => {
    const source = once(cache, () => [
      input("source", inputs.source, { dtype: "int32", rank: 2, below: config.vocab }),
    ])[0];
    const batch = sizeOf(source, 0);
    const target = input("target", inputs.target, {
      dtype: "int32",
      rank: 2,
      below: config.vocab,
      sizes: [batch, null],
    });
    const src = sizeOf(source, 1);
    const keep = once(cache, () => [
      inputs.keep === undefined
        ? tf.fill([batch, src], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, src] }),
    ])[0];
    const tgt = sizeOf(target, 1);
    const [y, x] = transformer(weights, source, keep, target, cache);
    cache?.advance(tgt);
    return translateHead(weights, y, x);
  });
}

/** The loss that translate is trained by. */
export function translateLoss(weights: TransformerWeights, inputs: TranslateInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const source = input("source", inputs.source, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(source, 0);
    const target = input("target", inputs.target, {
      dtype: "int32",
      rank: 2,
      below: config.vocab,
      sizes: [batch, null],
    });
    const src = sizeOf(source, 1);
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, src], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, src] });
    const [y, x] = transformer(weights, source, keep, target);
    return translateLossOf(weights, y, x, target);
  });
}

export interface EncodeInputs {
  readonly source: Input<"i32[batch, src]">;
  readonly keep?: Input<"bool[batch, src]">;
  readonly target: Input<"i32[batch, tgt]">;
}

/** What the decoder reads. */
export function encode(weights: TransformerWeights, inputs: EncodeInputs, cache?: Cache): Tensor<"f32[batch, src, d]"> {
  return tf.tidy(() => {
    const source = once(cache, () => [
      input("source", inputs.source, { dtype: "int32", rank: 2, below: config.vocab }),
    ])[0];
    const batch = sizeOf(source, 0);
    const target = input("target", inputs.target, {
      dtype: "int32",
      rank: 2,
      below: config.vocab,
      sizes: [batch, null],
    });
    const src = sizeOf(source, 1);
    const keep = once(cache, () => [
      inputs.keep === undefined
        ? tf.fill([batch, src], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, src] }),
    ])[0];
    const tgt = sizeOf(target, 1);
    const [y, x] = transformer(weights, source, keep, target, cache);
    cache?.advance(tgt);
    return encodeHead(y, x);
  });
}

/** The target that these inputs lead to, one token at a time. What the steps have in common is computed once. */
export function generate(
  weights: TransformerWeights,
  inputs: Omit<TranslateInputs, "target">,
  options: GenerateOptions = {},
): AsyncGenerator<number, void> {
  return decode((tokens, cache) => lastPosition(translate(weights, { ...inputs, target: tokens }, cache)), [], {
    vocab: config.vocab,
    start: [2],
    stop: [3],
    beams: 4,
    lengthPenalty: 0.6,
    ...options,
  });
}
