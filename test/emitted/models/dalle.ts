// Dalle (dalle.tfm), config dalle_12b. Written by tfmc 0.1.0: change the .tfm file, not this one.
// What is fed begins with `bos` and lacks the last token, so that each position predicts the token of its own place.
import * as tf from "@tensorflow/tfjs-core";
import {
  at,
  attend,
  both,
  causal,
  concat,
  cut,
  embedding,
  gelu,
  initialiseWeights,
  input,
  layerNorm,
  linear,
  loadWeights,
  normal,
  ones,
  param,
  pick,
  positions,
  rearrange,
  repeat,
  saveWeights,
  sizeOf,
  slice,
  where,
  zeros,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of dalle_12b. */
export const config = {
  words: 16384,
  codes: 8192,
  length: 256,
  lines: 32,
  columns: 32,
  d: 3968,
  depth: 64,
  heads: 62,
  bos: 0,
  eps: 1e-5,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint dalle. */
export const parameters = {
  text_embedding: { weight: param("f32[words, d]", [16384, 3968], normal(0.02)) },
  text_position: { weight: param("f32[length + 1, d]", [257, 3968], normal(0.02)) },
  image_embedding: { weight: param("f32[codes, d]", [8192, 3968], normal(0.02)) },
  image_position: {
    line: param("f32[lines, d]", [32, 3968], normal(0.02), "row_position.weight"),
    column: param("f32[columns, d]", [32, 3968], normal(0.02), "column_position.weight"),
  },
  layers: repeat(64, "i", {
    attention_norm: { weight: param("f32[d]", [3968], ones), bias: param("f32[d]", [3968], zeros) },
    attn: {
      q: {
        weight: param("f32[d, d]", [3968, 3968], normal(0.02), {
          name: "layers.{i}.qkv.weight",
          axis: 0,
          from: 0,
          to: 3968,
          of: 11904,
          order: [1, 0],
        }),
        bias: param("f32[d]", [3968], zeros, cut("layers.{i}.qkv.bias", 0, 0, 3968, 11904)),
      },
      k: {
        weight: param("f32[d, d]", [3968, 3968], normal(0.02), {
          name: "layers.{i}.qkv.weight",
          axis: 0,
          from: 3968,
          to: 7936,
          of: 11904,
          order: [1, 0],
        }),
        bias: param("f32[d]", [3968], zeros, cut("layers.{i}.qkv.bias", 0, 3968, 7936, 11904)),
      },
      v: {
        weight: param("f32[d, d]", [3968, 3968], normal(0.02), {
          name: "layers.{i}.qkv.weight",
          axis: 0,
          from: 7936,
          to: 11904,
          of: 11904,
          order: [1, 0],
        }),
        bias: param("f32[d]", [3968], zeros, cut("layers.{i}.qkv.bias", 0, 7936, 11904, 11904)),
      },
      o: {
        weight: param("f32[d, d]", [3968, 3968], normal(0.02), { name: "layers.{i}.out.weight", order: [1, 0] }),
        bias: param("f32[d]", [3968], zeros, "layers.{i}.out.bias"),
      },
    },
    ffn_norm: { weight: param("f32[d]", [3968], ones), bias: param("f32[d]", [3968], zeros) },
    mlp: {
      up: {
        weight: param("f32[d, 4*d]", [3968, 15872], normal(0.02), { name: "layers.{i}.up.weight", order: [1, 0] }),
        bias: param("f32[4*d]", [15872], zeros, "layers.{i}.up.bias"),
      },
      down: {
        weight: param("f32[4*d, d]", [15872, 3968], normal(0.02), { name: "layers.{i}.down.weight", order: [1, 0] }),
        bias: param("f32[d]", [3968], zeros, "layers.{i}.down.bias"),
      },
    },
  }),
  norm: { weight: param("f32[d]", [3968], ones), bias: param("f32[d]", [3968], zeros) },
  head: { weight: param("f32[d, words + codes]", [3968, 24576], normal(0.02), { name: "head.weight", order: [1, 0] }) },
};

export type DalleWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, lines*columns + length, d]">;
type AxialPositionsWeights = DalleWeights["image_position"];
type DalleLayerWeights = DalleWeights["layers"][0];
type AttentionWeights = DalleLayerWeights["attn"];
type FfnWeights = DalleLayerWeights["mlp"];
type DalleLayer2Weights = DalleWeights["layers"][1];
type Attention2Weights = DalleLayer2Weights["attn"];
type DalleLayer3Weights = DalleWeights["layers"][2];
type Attention3Weights = DalleLayer3Weights["attn"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<DalleWeights> {
  return loadWeights(parameters, source);
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): DalleWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: DalleWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/** Adds a learned row for each line and one for each column of a grid that is read line by line (Ho et al. 2019). */
function axialPositions(
  weights: AxialPositionsWeights,
  x: Tensor<"f32[batch, lines*columns - 1, d]">,
): Tensor<"f32[batch, lines*columns - 1, d]"> {
  return tf.tidy(() => {
    const line = embedding(
      weights.line,
      tf.floorDiv(positions(config.lines * config.columns - 1), tf.scalar(config.columns, "int32")),
    );
    const column = embedding(
      weights.column,
      tf.mod(positions(config.lines * config.columns - 1), tf.scalar(config.columns, "int32")),
    );
    return tf.add(tf.add(x, line), column);
  });
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention(weights: AttentionWeights, x: Hidden): Hidden {
  const q = linear(x, weights.q.weight, weights.q.bias);
  const k = linear(x, weights.k.weight, weights.k.bias);
  const v = linear(x, weights.v.weight, weights.v.bias);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const qh = rearrange(q, "batch i (g c) -> batch g 1 i c", { g: config.heads });
  q.dispose();
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const y = attend(qh, kh, vh, { scale: 0.125, mask: causal });
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
    linear(gelu(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

function dalleLayer(weights: DalleLayerWeights, x: Hidden): Hidden {
  const attention_norm = layerNorm(x, weights.attention_norm.weight, weights.attention_norm.bias, 1e-5);
  const attn = attention(weights.attn, attention_norm);
  attention_norm.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const ffn_norm = layerNorm(x2, weights.ffn_norm.weight, weights.ffn_norm.bias, 1e-5);
  const mlp = ffn(weights.mlp, ffn_norm);
  ffn_norm.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention2(weights: Attention2Weights, x: Hidden): Hidden {
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
    mask: both(
      causal,
      where((q, k) =>
        tf.logicalOr(
          tf.less(k, tf.scalar(config.length + 1, "int32")),
          tf.equal(
            tf.floorDiv(tf.sub(q, tf.scalar(config.length + 1, "int32")), tf.scalar(config.columns, "int32")),
            tf.floorDiv(tf.sub(k, tf.scalar(config.length + 1, "int32")), tf.scalar(config.columns, "int32")),
          ),
        ),
      ),
    ),
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
  y2.dispose();
  return o;
}

function dalleLayer2(weights: DalleLayer2Weights, x: Hidden): Hidden {
  const attention_norm = layerNorm(x, weights.attention_norm.weight, weights.attention_norm.bias, 1e-5);
  const attn = attention2(weights.attn, attention_norm);
  attention_norm.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const ffn_norm = layerNorm(x2, weights.ffn_norm.weight, weights.ffn_norm.bias, 1e-5);
  const mlp = ffn(weights.mlp, ffn_norm);
  ffn_norm.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention3(weights: Attention3Weights, x: Hidden): Hidden {
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
    mask: both(
      causal,
      where((q, k) =>
        tf.logicalOr(
          tf.less(k, tf.scalar(config.length + 1, "int32")),
          tf.equal(
            tf.mod(tf.sub(q, tf.scalar(config.length + 1, "int32")), tf.scalar(config.columns, "int32")),
            tf.mod(tf.sub(k, tf.scalar(config.length + 1, "int32")), tf.scalar(config.columns, "int32")),
          ),
        ),
      ),
    ),
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
  y2.dispose();
  return o;
}

function dalleLayer3(weights: DalleLayer3Weights, x: Hidden): Hidden {
  const attention_norm = layerNorm(x, weights.attention_norm.weight, weights.attention_norm.bias, 1e-5);
  const attn = attention3(weights.attn, attention_norm);
  attention_norm.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const ffn_norm = layerNorm(x2, weights.ffn_norm.weight, weights.ffn_norm.bias, 1e-5);
  const mlp = ffn(weights.mlp, ffn_norm);
  ffn_norm.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

/** What is fed begins with `bos` and lacks the last token, so that each position predicts the token of its own place. */
function dalle(
  weights: DalleWeights,
  text: Tensor<"i32[batch, length]">,
  image: Tensor<"i32[batch, lines*columns]">,
): Hidden {
  const batch = sizeOf(text, 0);
  const first = tf.fill([batch, 1], config.bos, "int32");
  const joined = concat([first, text], 1);
  first.dispose();
  const text_embedding = embedding(weights.text_embedding.weight, joined);
  joined.dispose();
  const n = positions(config.length + 1);
  const weight = embedding(weights.text_position.weight, n);
  n.dispose();
  const said = tf.add(text_embedding, weight);
  tf.dispose([text_embedding, weight]);
  const image2 = slice(image, 1, 0, config.lines * config.columns - 1);
  const image_embedding = embedding(weights.image_embedding.weight, image2);
  image2.dispose();
  const seen = axialPositions(weights.image_position, image_embedding);
  image_embedding.dispose();
  const x = concat([said, seen], 1);
  tf.dispose([said, seen]);
  const x2 = dalleLayer(at(weights.layers, 0), x);
  x.dispose();
  const x3 = dalleLayer2(at(weights.layers, 1), x2);
  x2.dispose();
  const x4 = dalleLayer3(at(weights.layers, 2), x3);
  x3.dispose();
  const x5 = dalleLayer(at(weights.layers, 3), x4);
  x4.dispose();
  const x6 = dalleLayer2(at(weights.layers, 4), x5);
  x5.dispose();
  const x7 = dalleLayer3(at(weights.layers, 5), x6);
  x6.dispose();
  const x8 = dalleLayer(at(weights.layers, 6), x7);
  x7.dispose();
  const x9 = dalleLayer2(at(weights.layers, 7), x8);
  x8.dispose();
  const x10 = dalleLayer3(at(weights.layers, 8), x9);
  x9.dispose();
  const x11 = dalleLayer(at(weights.layers, 9), x10);
  x10.dispose();
  const x12 = dalleLayer2(at(weights.layers, 10), x11);
  x11.dispose();
  const x13 = dalleLayer3(at(weights.layers, 11), x12);
  x12.dispose();
  const x14 = dalleLayer(at(weights.layers, 12), x13);
  x13.dispose();
  const x15 = dalleLayer2(at(weights.layers, 13), x14);
  x14.dispose();
  const x16 = dalleLayer3(at(weights.layers, 14), x15);
  x15.dispose();
  const x17 = dalleLayer(at(weights.layers, 15), x16);
  x16.dispose();
  const x18 = dalleLayer2(at(weights.layers, 16), x17);
  x17.dispose();
  const x19 = dalleLayer3(at(weights.layers, 17), x18);
  x18.dispose();
  const x20 = dalleLayer(at(weights.layers, 18), x19);
  x19.dispose();
  const x21 = dalleLayer2(at(weights.layers, 19), x20);
  x20.dispose();
  const x22 = dalleLayer3(at(weights.layers, 20), x21);
  x21.dispose();
  const x23 = dalleLayer(at(weights.layers, 21), x22);
  x22.dispose();
  const x24 = dalleLayer2(at(weights.layers, 22), x23);
  x23.dispose();
  const x25 = dalleLayer3(at(weights.layers, 23), x24);
  x24.dispose();
  const x26 = dalleLayer(at(weights.layers, 24), x25);
  x25.dispose();
  const x27 = dalleLayer2(at(weights.layers, 25), x26);
  x26.dispose();
  const x28 = dalleLayer3(at(weights.layers, 26), x27);
  x27.dispose();
  const x29 = dalleLayer(at(weights.layers, 27), x28);
  x28.dispose();
  const x30 = dalleLayer2(at(weights.layers, 28), x29);
  x29.dispose();
  const x31 = dalleLayer3(at(weights.layers, 29), x30);
  x30.dispose();
  const x32 = dalleLayer(at(weights.layers, 30), x31);
  x31.dispose();
  const x33 = dalleLayer2(at(weights.layers, 31), x32);
  x32.dispose();
  const x34 = dalleLayer3(at(weights.layers, 32), x33);
  x33.dispose();
  const x35 = dalleLayer(at(weights.layers, 33), x34);
  x34.dispose();
  const x36 = dalleLayer2(at(weights.layers, 34), x35);
  x35.dispose();
  const x37 = dalleLayer3(at(weights.layers, 35), x36);
  x36.dispose();
  const x38 = dalleLayer(at(weights.layers, 36), x37);
  x37.dispose();
  const x39 = dalleLayer2(at(weights.layers, 37), x38);
  x38.dispose();
  const x40 = dalleLayer3(at(weights.layers, 38), x39);
  x39.dispose();
  const x41 = dalleLayer(at(weights.layers, 39), x40);
  x40.dispose();
  const x42 = dalleLayer2(at(weights.layers, 40), x41);
  x41.dispose();
  const x43 = dalleLayer3(at(weights.layers, 41), x42);
  x42.dispose();
  const x44 = dalleLayer(at(weights.layers, 42), x43);
  x43.dispose();
  const x45 = dalleLayer2(at(weights.layers, 43), x44);
  x44.dispose();
  const x46 = dalleLayer3(at(weights.layers, 44), x45);
  x45.dispose();
  const x47 = dalleLayer(at(weights.layers, 45), x46);
  x46.dispose();
  const x48 = dalleLayer2(at(weights.layers, 46), x47);
  x47.dispose();
  const x49 = dalleLayer3(at(weights.layers, 47), x48);
  x48.dispose();
  const x50 = dalleLayer(at(weights.layers, 48), x49);
  x49.dispose();
  const x51 = dalleLayer2(at(weights.layers, 49), x50);
  x50.dispose();
  const x52 = dalleLayer3(at(weights.layers, 50), x51);
  x51.dispose();
  const x53 = dalleLayer(at(weights.layers, 51), x52);
  x52.dispose();
  const x54 = dalleLayer2(at(weights.layers, 52), x53);
  x53.dispose();
  const x55 = dalleLayer3(at(weights.layers, 53), x54);
  x54.dispose();
  const x56 = dalleLayer(at(weights.layers, 54), x55);
  x55.dispose();
  const x57 = dalleLayer2(at(weights.layers, 55), x56);
  x56.dispose();
  const x58 = dalleLayer3(at(weights.layers, 56), x57);
  x57.dispose();
  const x59 = dalleLayer(at(weights.layers, 57), x58);
  x58.dispose();
  const x60 = dalleLayer2(at(weights.layers, 58), x59);
  x59.dispose();
  const x61 = dalleLayer3(at(weights.layers, 59), x60);
  x60.dispose();
  const x62 = dalleLayer(at(weights.layers, 60), x61);
  x61.dispose();
  const x63 = dalleLayer2(at(weights.layers, 61), x62);
  x62.dispose();
  const x64 = dalleLayer3(at(weights.layers, 62), x63);
  x63.dispose();
  const x65 = dalleLayer(at(weights.layers, 63), x64);
  x64.dispose();
  const norm = layerNorm(x65, weights.norm.weight, weights.norm.bias, 1e-5);
  x65.dispose();
  return norm;
}

function lmHead(
  weights: DalleWeights,
  x: Hidden,
): [Tensor<"f32[batch, length, words]">, Tensor<"f32[batch, lines*columns, codes]">] {
  return tf.tidy(() => {
    const head = linear(x, weights.head.weight);
    const both2 = slice(
      slice(head, 1, config.length, config.lines * config.columns + config.length),
      2,
      config.words,
      config.words + config.codes,
    );
    return [slice(slice(head, 1, 0, config.length), 2, 0, config.words), both2];
  });
}

/** Mean negative log-likelihood of `labels` (nats), over the entries that are not `ignore`. */
function crossEntropy(
  logits: Tensor<"f32[batch, length, words]">,
  labels: Tensor<"i32[batch, length]">,
): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const counted = tf.notEqual(labels, tf.scalar(-100, "int32"));
    const t = tf.neg(
      tf.sum(tf.where(counted, pick(tf.logSoftmax(logits), tf.where(counted, labels, tf.scalar(0, "int32"))), 0)),
    );
    return tf.div(t, tf.sum(tf.cast(counted, "float32")));
  });
}

/** Mean negative log-likelihood of `labels` (nats), over the entries that are not `ignore`. */
function crossEntropy2(
  logits: Tensor<"f32[batch, lines*columns, codes]">,
  labels: Tensor<"i32[batch, lines*columns]">,
): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const counted = tf.notEqual(labels, tf.scalar(-100, "int32"));
    const t = tf.neg(
      tf.sum(tf.where(counted, pick(tf.logSoftmax(logits), tf.where(counted, labels, tf.scalar(0, "int32"))), 0)),
    );
    return tf.div(t, tf.sum(tf.cast(counted, "float32")));
  });
}

function lmLossOf(
  weights: DalleWeights,
  x: Hidden,
  text: Tensor<"i32[batch, length]">,
  image: Tensor<"i32[batch, lines*columns]">,
): Tensor<"f32[]"> {
  const head = linear(x, weights.head.weight);
  const both2 = tf.tidy(() => slice(slice(head, 1, 0, config.length), 2, 0, config.words));
  const both3 = tf.tidy(() =>
    slice(
      slice(head, 1, config.length, config.lines * config.columns + config.length),
      2,
      config.words,
      config.words + config.codes,
    ),
  );
  head.dispose();
  const text_logits = crossEntropy(both2, text);
  both2.dispose();
  const image_logits = crossEntropy2(both3, image);
  both3.dispose();
  const t = tf.tidy(() => tf.div(tf.add(text_logits, tf.mul(7, image_logits)), 8));
  tf.dispose([text_logits, image_logits]);
  return t;
}

export interface LmInputs {
  readonly text: Input<"i32[batch, length]">;
  readonly image: Input<"i32[batch, lines*columns]">;
}

/** A text position predicts a word, an image position a code of the image; the image weighs more. */
export function lm(
  weights: DalleWeights,
  inputs: LmInputs,
): {
  readonly text_logits: Tensor<"f32[batch, length, words]">;
  readonly image_logits: Tensor<"f32[batch, lines*columns, codes]">;
} {
  return tf.tidy(() => {
    const text = input("text", inputs.text, {
      dtype: "int32",
      rank: 2,
      below: config.words,
      sizes: [null, config.length],
    });
    const batch = sizeOf(text, 0);
    const image = input("image", inputs.image, {
      dtype: "int32",
      rank: 2,
      below: config.codes,
      sizes: [batch, config.lines * config.columns],
    });
    const hidden = dalle(weights, text, image);
    const [text_logits, image_logits] = lmHead(weights, hidden);
    return { text_logits, image_logits };
  });
}

/** The loss that lm is trained by. */
export function lmLoss(weights: DalleWeights, inputs: LmInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const text = input("text", inputs.text, {
      dtype: "int32",
      rank: 2,
      below: config.words,
      sizes: [null, config.length],
    });
    const batch = sizeOf(text, 0);
    const image = input("image", inputs.image, {
      dtype: "int32",
      rank: 2,
      below: config.codes,
      sizes: [batch, config.lines * config.columns],
    });
    const hidden = dalle(weights, text, image);
    return lmLossOf(weights, hidden, text, image);
  });
}
