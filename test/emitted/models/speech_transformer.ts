// SpeechTransformer (speech_transformer.tfm), config s2t_small. Written by tfmc 0.1.0: change the .tfm file, not this one.
// `keep` is false for frames that are padding.
import * as tf from "@tensorflow/tfjs-core";
import {
  at,
  attend,
  causal,
  conv,
  cumsum,
  decode,
  embedding,
  guard,
  initialiseWeights,
  input,
  lastPosition,
  layerNorm,
  linear,
  linearTransposed,
  list,
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

/** The numbers of s2t_small. */
export const config = {
  vocab: 10000,
  mel: 80,
  channels: 1024,
  kernel: 5,
  src_ctx: 6000,
  ctx: 1024,
  d: 256,
  depth: 12,
  dec_depth: 6,
  heads: 4,
  ff: 2048,
  scaled: true,
  pad: 1,
  p: 0.1,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint facebook/s2t-small-librispeech-asr. */
export const parameters = {
  conv: {
    conv: list(
      {
        weight: param(
          "f32[channels, mel, kernel]",
          [1024, 80, 5],
          normal(0.02),
          "model.encoder.conv.conv_layers.0.weight",
        ),
        bias: param("f32[channels]", [1024], zeros, "model.encoder.conv.conv_layers.0.bias"),
      },
      {
        weight: param(
          "f32[2*d, channels / 2, kernel]",
          [512, 512, 5],
          normal(0.02),
          "model.encoder.conv.conv_layers.1.weight",
        ),
        bias: param("f32[2*d]", [512], zeros, "model.encoder.conv.conv_layers.1.bias"),
      },
    ),
  },
  encoder: repeat(12, "i", {
    ln_1: {
      weight: param("f32[d]", [256], ones, "model.encoder.layers.{i}.self_attn_layer_norm.weight"),
      bias: param("f32[d]", [256], zeros, "model.encoder.layers.{i}.self_attn_layer_norm.bias"),
    },
    attn: {
      q: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), {
          name: "model.encoder.layers.{i}.self_attn.q_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "model.encoder.layers.{i}.self_attn.q_proj.bias"),
      },
      k: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), {
          name: "model.encoder.layers.{i}.self_attn.k_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "model.encoder.layers.{i}.self_attn.k_proj.bias"),
      },
      v: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), {
          name: "model.encoder.layers.{i}.self_attn.v_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "model.encoder.layers.{i}.self_attn.v_proj.bias"),
      },
      o: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), {
          name: "model.encoder.layers.{i}.self_attn.out_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "model.encoder.layers.{i}.self_attn.out_proj.bias"),
      },
    },
    ln_2: {
      weight: param("f32[d]", [256], ones, "model.encoder.layers.{i}.final_layer_norm.weight"),
      bias: param("f32[d]", [256], zeros, "model.encoder.layers.{i}.final_layer_norm.bias"),
    },
    mlp: {
      up: {
        weight: param("f32[d, ff]", [256, 2048], normal(0.02), {
          name: "model.encoder.layers.{i}.fc1.weight",
          order: [1, 0],
        }),
        bias: param("f32[ff]", [2048], zeros, "model.encoder.layers.{i}.fc1.bias"),
      },
      down: {
        weight: param("f32[ff, d]", [2048, 256], normal(0.02), {
          name: "model.encoder.layers.{i}.fc2.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "model.encoder.layers.{i}.fc2.bias"),
      },
    },
  }),
  enc_norm: {
    weight: param("f32[d]", [256], ones, "model.encoder.layer_norm.weight"),
    bias: param("f32[d]", [256], zeros, "model.encoder.layer_norm.bias"),
  },
  embed: { weight: param("f32[vocab, d]", [10000, 256], normal(0.02), "model.decoder.embed_tokens.weight") },
  decoder: repeat(6, "i", {
    ln_1: {
      weight: param("f32[d]", [256], ones, "model.decoder.layers.{i}.self_attn_layer_norm.weight"),
      bias: param("f32[d]", [256], zeros, "model.decoder.layers.{i}.self_attn_layer_norm.bias"),
    },
    attn: {
      q: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), {
          name: "model.decoder.layers.{i}.self_attn.q_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "model.decoder.layers.{i}.self_attn.q_proj.bias"),
      },
      k: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), {
          name: "model.decoder.layers.{i}.self_attn.k_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "model.decoder.layers.{i}.self_attn.k_proj.bias"),
      },
      v: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), {
          name: "model.decoder.layers.{i}.self_attn.v_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "model.decoder.layers.{i}.self_attn.v_proj.bias"),
      },
      o: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), {
          name: "model.decoder.layers.{i}.self_attn.out_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "model.decoder.layers.{i}.self_attn.out_proj.bias"),
      },
    },
    ln_2: {
      weight: param("f32[d]", [256], ones, "model.decoder.layers.{i}.encoder_attn_layer_norm.weight"),
      bias: param("f32[d]", [256], zeros, "model.decoder.layers.{i}.encoder_attn_layer_norm.bias"),
    },
    cross: {
      q: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), {
          name: "model.decoder.layers.{i}.encoder_attn.q_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "model.decoder.layers.{i}.encoder_attn.q_proj.bias"),
      },
      k: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), {
          name: "model.decoder.layers.{i}.encoder_attn.k_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "model.decoder.layers.{i}.encoder_attn.k_proj.bias"),
      },
      v: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), {
          name: "model.decoder.layers.{i}.encoder_attn.v_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "model.decoder.layers.{i}.encoder_attn.v_proj.bias"),
      },
      o: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), {
          name: "model.decoder.layers.{i}.encoder_attn.out_proj.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "model.decoder.layers.{i}.encoder_attn.out_proj.bias"),
      },
    },
    ln_3: {
      weight: param("f32[d]", [256], ones, "model.decoder.layers.{i}.final_layer_norm.weight"),
      bias: param("f32[d]", [256], zeros, "model.decoder.layers.{i}.final_layer_norm.bias"),
    },
    mlp: {
      up: {
        weight: param("f32[d, ff]", [256, 2048], normal(0.02), {
          name: "model.decoder.layers.{i}.fc1.weight",
          order: [1, 0],
        }),
        bias: param("f32[ff]", [2048], zeros, "model.decoder.layers.{i}.fc1.bias"),
      },
      down: {
        weight: param("f32[ff, d]", [2048, 256], normal(0.02), {
          name: "model.decoder.layers.{i}.fc2.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "model.decoder.layers.{i}.fc2.bias"),
      },
    },
  }),
  dec_norm: {
    weight: param("f32[d]", [256], ones, "model.decoder.layer_norm.weight"),
    bias: param("f32[d]", [256], zeros, "model.decoder.layer_norm.bias"),
  },
};

export type SpeechTransformerWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, tgt, d]">;
type SubsampleWeights = SpeechTransformerWeights["conv"];
type SpeechEncoderWeights = SpeechTransformerWeights["encoder"][number];
type AttentionWeights = SpeechEncoderWeights["attn"];
type FfnWeights = SpeechEncoderWeights["mlp"];
type SpeechDecoderWeights = SpeechTransformerWeights["decoder"][number];
type Attention2Weights = SpeechDecoderWeights["attn"];
type Attention3Weights = SpeechDecoderWeights["cross"];
type Ffn2Weights = SpeechDecoderWeights["mlp"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<SpeechTransformerWeights> {
  return loadWeights(parameters, source, {
    ignore: ["model.encoder.embed_positions.weights", "model.decoder.embed_positions.weights", "lm_head.weight"],
  });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): SpeechTransformerWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: SpeechTransformerWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/** A gated linear unit over channels (Dauphin et al. 2016): the second half decides how much of the first there is. */
function halves(
  x: Tensor<"f32[batch, channels, (time + 1) // 2]">,
): Tensor<"f32[batch, channels / 2, (time + 1) // 2]"> {
  return tf.tidy(() =>
    tf.mul(slice(x, 1, 0, config.channels / 2), tf.sigmoid(slice(x, 1, config.channels / 2, config.channels))),
  );
}

/** A gated linear unit over channels (Dauphin et al. 2016): the second half decides how much of the first there is. */
function halves2(x: Tensor<"f32[batch, 2*d, (time + 3) // 4]">): Tensor<"f32[batch, d, (time + 3) // 4]"> {
  return tf.tidy(() => tf.mul(slice(x, 1, 0, config.d), tf.sigmoid(slice(x, 1, config.d, 2 * config.d))));
}

/**
 * Speech Transformer (Dong et al. 2018), as S2T publishes it (Wang et al. 2020): two convolutions make a quarter of the
 * frames of sound, and a pre-norm encoder and decoder make text of them.
 */
function subsample(
  weights: SubsampleWeights,
  x: Tensor<"f32[batch, time, mel]">,
): Tensor<"f32[batch, (time + 3) // 4, d]"> {
  const x2 = rearrange(x, "batch time mel -> batch mel time");
  const y = conv(x2, at(weights.conv, 0).weight, { stride: 2, padding: (config.kernel - 1) / 2 });
  x2.dispose();
  const conv2 = tf.tidy(() => tf.add(y, tf.expandDims(at(weights.conv, 0).bias, 1)));
  y.dispose();
  const conv3 = halves(conv2);
  conv2.dispose();
  const y2 = conv(conv3, at(weights.conv, 1).weight, { stride: 2, padding: (config.kernel - 1) / 2 });
  conv3.dispose();
  const conv4 = tf.tidy(() => tf.add(y2, tf.expandDims(at(weights.conv, 1).bias, 1)));
  y2.dispose();
  const h = halves2(conv4);
  conv4.dispose();
  const h2 = rearrange(h, "batch d t -> batch t d");
  h.dispose();
  return h2;
}

/** Sinusoids of the positions, which count what is no padding from `pad` on. Padding gets none. */
function speechPositions(
  x: Tensor<"f32[batch, (time + 3) // 4, d]">,
  ids: Tensor<"i32[batch, (time + 3) // 4]">,
): Tensor<"f32[batch, (time + 3) // 4, d]"> {
  return tf.tidy(() => {
    const text = tf.cast(tf.notEqual(ids, tf.scalar(config.pad, "int32")), "int32");
    const t = table([config.src_ctx + config.pad + 1, config.d / 2], (row, h) =>
      Math.sin(row * 10752.168531898922 ** ((-2 * h) / 256)),
    );
    const t2 = table([config.src_ctx + config.pad + 1, config.d / 2], (row, h) =>
      Math.cos(row * 10752.168531898922 ** ((-2 * h) / 256)),
    );
    const table2 = embedding(
      rearrange(stack([t, t2], 2), "row h s -> row (s h)"),
      tf.add(tf.mul(cumsum(text, 1), text), tf.scalar(config.pad, "int32")),
    );
    return tf.add(x, tf.mul(tf.expandDims(tf.cast(text, "float32"), 2), table2));
  });
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention(
  weights: AttentionWeights,
  x: Tensor<"f32[batch, (time + 3) // 4, d]">,
  keep: Tensor<"bool[batch, (time + 3) // 4]">,
): Tensor<"f32[batch, (time + 3) // 4, d]"> {
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
function ffn(
  weights: FfnWeights,
  x: Tensor<"f32[batch, (time + 3) // 4, d]">,
): Tensor<"f32[batch, (time + 3) // 4, d]"> {
  return tf.tidy(() =>
    linear(tf.maximum(linear(x, weights.up.weight, weights.up.bias), 0), weights.down.weight, weights.down.bias),
  );
}

function speechEncoder(
  weights: SpeechEncoderWeights,
  x: Tensor<"f32[batch, (time + 3) // 4, d]">,
  keep: Tensor<"bool[batch, (time + 3) // 4]">,
): Tensor<"f32[batch, (time + 3) // 4, d]"> {
  const ln_1 = layerNorm(x, weights.ln_1.weight, weights.ln_1.bias, 1e-5);
  const attn = attention(weights.attn, ln_1, keep);
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

/** Sinusoids of the positions, which count what is no padding from `pad` on. Padding gets none. */
function speechPositions2(x: Hidden, ids: Tensor<"i32[batch, tgt]">, cache?: Cache): Hidden {
  return tf.tidy(() => {
    const text = tf.cast(tf.notEqual(ids, tf.scalar(config.pad, "int32")), "int32");
    const t = table([config.ctx + config.pad + 1, config.d / 2], (row, h) =>
      Math.sin(row * 10752.168531898922 ** ((-2 * h) / 256)),
    );
    const t2 = table([config.ctx + config.pad + 1, config.d / 2], (row, h) =>
      Math.cos(row * 10752.168531898922 ** ((-2 * h) / 256)),
    );
    const table2 = embedding(
      rearrange(stack([t, t2], 2), "row h s -> row (s h)"),
      tf.add(tf.mul(cumsum(text, 1, cache), text), tf.scalar(config.pad, "int32")),
    );
    return tf.add(x, tf.mul(tf.expandDims(tf.cast(text, "float32"), 2), table2));
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
  ctx: Tensor<"f32[batch, (time + 3) // 4, d]">,
  keep: Tensor<"bool[batch, (time + 3) // 4]">,
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
    linear(tf.maximum(linear(x, weights.up.weight, weights.up.bias), 0), weights.down.weight, weights.down.bias),
  );
}

function speechDecoder(
  weights: SpeechDecoderWeights,
  x: Hidden,
  memory: Tensor<"f32[batch, (time + 3) // 4, d]">,
  keep: Tensor<"bool[batch, (time + 3) // 4]">,
  cache?: Cache,
): Hidden {
  const ln_1 = layerNorm(x, weights.ln_1.weight, weights.ln_1.bias, 1e-5);
  const attn = attention2(weights.attn, ln_1, cache);
  ln_1.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const ln_2 = layerNorm(x2, weights.ln_2.weight, weights.ln_2.bias, 1e-5);
  const cross = attention3(weights.cross, ln_2, memory, keep, cache);
  ln_2.dispose();
  const x3 = tf.add(x2, cross);
  tf.dispose([x2, cross]);
  const ln_3 = layerNorm(x3, weights.ln_3.weight, weights.ln_3.bias, 1e-5);
  const mlp = ffn2(weights.mlp, ln_3);
  ln_3.dispose();
  const x4 = tf.add(x3, mlp);
  tf.dispose([x3, mlp]);
  return x4;
}

/** `keep` is false for frames that are padding. */
function speechTransformer(
  weights: SpeechTransformerWeights,
  sound: Tensor<"f32[batch, time, mel]">,
  target: Tensor<"i32[batch, tgt]">,
  keep: Tensor<"bool[batch, time]">,
  cache?: Cache,
): Hidden {
  const time = sizeOf(sound, 1);
  const batch = sizeOf(sound, 0);
  const [kept2, memory2] = once(cache, () => {
    const heard = subsample(weights.conv, sound);
    const t = tf.tidy(() =>
      tf.floorDiv(
        tf.floorDiv(tf.sub(tf.sum(tf.cast(keep, "int32"), 1), tf.scalar(1, "int32")), tf.scalar(2, "int32")),
        tf.scalar(2, "int32"),
      ),
    );
    const kept = tf.tidy(() =>
      tf.less(
        tf.broadcastTo(positions(Math.floor((time + 3) / 4)), [batch, Math.floor((time + 3) / 4)]),
        tf.expandDims(tf.add(t, tf.scalar(1, "int32")), 1),
      ),
    );
    t.dispose();
    const product = tf.tidy(() => tf.mul(16, heard));
    heard.dispose();
    const t2 = tf.tidy(() => tf.cast(tf.logicalNot(kept), "int32"));
    let x: Tensor<"f32[batch, (time + 3) // 4, d]"> = speechPositions(product, t2);
    tf.dispose([product, t2]);
    for (const encoder_ of weights.encoder) {
      const next = speechEncoder(encoder_, x, kept);
      x.dispose();
      x = next;
    }

    const memory = layerNorm(x, weights.enc_norm.weight, weights.enc_norm.bias, 1e-5);
    x.dispose();
    return [kept, memory];
  });
  const embed = embedding(weights.embed.weight, target);
  const product2 = tf.tidy(() => tf.mul(16, embed));
  embed.dispose();
  let y: Hidden = speechPositions2(product2, target, cache);
  product2.dispose();
  for (const decoder_ of weights.decoder) {
    const next2 = speechDecoder(decoder_, y, memory2, kept2, cache);
    y.dispose();
    y = next2;
  }

  tf.dispose([kept2, memory2]);
  const dec_norm = layerNorm(y, weights.dec_norm.weight, weights.dec_norm.bias, 1e-5);
  y.dispose();
  return dec_norm;
}

function transcribeHead(weights: SpeechTransformerWeights, y: Hidden): Tensor<"f32[batch, tgt, vocab]"> {
  return linearTransposed(y, weights.embed.weight);
}

/** Mean negative log-likelihood of `labels` (nats), over the entries that are not `ignore`. */
function crossEntropy(logits: Tensor<"f32[batch, tgt, vocab]">, labels: Tensor<"i32[batch, tgt]">): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const counted = tf.notEqual(labels, tf.scalar(-100, "int32"));
    const row = tf.logSoftmax(logits);
    const t = tf.where(
      counted,
      tf.add(tf.mul(0.9, pick(row, tf.where(counted, labels, tf.scalar(0, "int32")))), tf.mul(0.1, tf.mean(row, 2))),
      0,
    );
    return tf.div(tf.neg(tf.sum(t)), tf.sum(tf.cast(counted, "float32")));
  });
}

function transcribeLossOf(
  weights: SpeechTransformerWeights,
  y: Hidden,
  labels: Tensor<"i32[batch, tgt]">,
): Tensor<"f32[]"> {
  const logits = linearTransposed(y, weights.embed.weight);
  const logits2 = crossEntropy(logits, labels);
  logits.dispose();
  return logits2;
}

export interface TranscribeInputs {
  readonly sound: Input<"f32[batch, time, mel]">;
  readonly target: Input<"i32[batch, tgt]">;
  readonly keep?: Input<"bool[batch, time]">;
}

/** What transcribe ends with, before its head. */
function transcribeHidden(weights: SpeechTransformerWeights, inputs: TranscribeInputs, cache?: Cache): Hidden {
  const sound = once(cache, () => [
    input("sound", inputs.sound, { dtype: "float32", rank: 3, sizes: [null, null, config.mel] }),
  ])[0];
  const batch = sizeOf(sound, 0);
  const target = input("target", inputs.target, { dtype: "int32", rank: 2, below: config.vocab, sizes: [batch, null] });
  const time = sizeOf(sound, 1);
  const keep = once(cache, () => [
    inputs.keep === undefined
      ? tf.fill([batch, time], 1, "bool")
      : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, time] }),
  ])[0];
  guard(0 < time, `SpeechTransformer: time > 0 does not hold for time = ${time} (speech_transformer.tfm:48)`);
  guard(
    time <= config.src_ctx,
    `SpeechTransformer: time = ${time} exceeds src_ctx = ${config.src_ctx} (speech_transformer.tfm:48)`,
  );
  const tgt = sizeOf(target, 1);
  const length = (cache?.length ?? 0) + tgt;
  guard(
    length <= config.ctx,
    `SpeechTransformer: tgt = ${length} exceeds ctx = ${config.ctx} (speech_transformer.tfm:48)`,
  );
  const hidden = speechTransformer(weights, sound, target, keep, cache);
  cache?.advance(tgt);
  return hidden;
}

/** What comes next in the text, at each position of it. */
export function transcribe(
  weights: SpeechTransformerWeights,
  inputs: TranscribeInputs,
  cache?: Cache,
): Tensor<"f32[batch, tgt, vocab]"> {
  return tf.tidy(() => transcribeHead(weights, transcribeHidden(weights, inputs, cache)));
}

export interface TranscribeLossInputs {
  readonly sound: Input<"f32[batch, time, mel]">;
  readonly target: Input<"i32[batch, tgt]">;
  readonly keep?: Input<"bool[batch, time]">;
  readonly labels: Input<"i32[batch, tgt]">;
}

/** The loss that transcribe is trained by. */
export function transcribeLoss(weights: SpeechTransformerWeights, inputs: TranscribeLossInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const sound = input("sound", inputs.sound, { dtype: "float32", rank: 3, sizes: [null, null, config.mel] });
    const batch = sizeOf(sound, 0);
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
    const time = sizeOf(sound, 1);
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, time], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, time] });
    guard(0 < time, `SpeechTransformer: time > 0 does not hold for time = ${time} (speech_transformer.tfm:48)`);
    guard(
      time <= config.src_ctx,
      `SpeechTransformer: time = ${time} exceeds src_ctx = ${config.src_ctx} (speech_transformer.tfm:48)`,
    );
    guard(tgt <= config.ctx, `SpeechTransformer: tgt = ${tgt} exceeds ctx = ${config.ctx} (speech_transformer.tfm:48)`);
    const hidden = speechTransformer(weights, sound, target, keep);
    return transcribeLossOf(weights, hidden, labels);
  });
}

/** The target that these inputs lead to, one token at a time. What the steps have in common is computed once. */
export function generate(
  weights: SpeechTransformerWeights,
  inputs: Omit<TranscribeInputs, "target">,
  options: GenerateOptions = {},
): AsyncGenerator<number, void> {
  return decode(
    (tokens, cache) =>
      lastPosition(transcribeHead(weights, onlyLast(transcribeHidden(weights, { ...inputs, target: tokens }, cache)))),
    [],
    { vocab: config.vocab, context: config.ctx, start: [2], stop: [2], beams: 5, ...options },
  );
}
