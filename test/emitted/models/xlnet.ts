// XLNet (xlnet.tfm), config xlnet_large. Written by tfmc 0.1.0: change the .tfm file, not this one.
import * as tf from "@tensorflow/tfjs-core";
import {
  attend,
  contract,
  embedding,
  gelu,
  initialiseWeights,
  input,
  layerNorm,
  linear,
  linearTransposed,
  loadWeights,
  lookUp,
  normal,
  ones,
  param,
  pick,
  positions,
  rearrange,
  repeat,
  saveWeights,
  sizeOf,
  stack,
  table,
  where,
  zeros,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of xlnet_large. */
export const config = { vocab: 32000, d: 1024, depth: 24, heads: 16, ff: 4096, p: 0.1, eps: 1e-12 };
/** Every weight: its shape, how it starts, and its place in the checkpoint xlnet/xlnet-base-cased. */
export const parameters = {
  mask_emb: param("f32[d]", [1024], normal(0.02), { name: "mask_emb", split: [1024], shape: [1, 1, 1024] }),
  word_embedding: { weight: param("f32[vocab, d]", [32000, 1024], normal(0.02)) },
  layer: repeat(24, "i", {
    rel_attn: {
      q: param("f32[d, heads, d / heads]", [1024, 16, 64], normal(0.02)),
      k: param("f32[d, heads, d / heads]", [1024, 16, 64], normal(0.02)),
      v: param("f32[d, heads, d / heads]", [1024, 16, 64], normal(0.02)),
      o: param("f32[d, heads, d / heads]", [1024, 16, 64], normal(0.02)),
      r: param("f32[d, heads, d / heads]", [1024, 16, 64], normal(0.02)),
      r_w_bias: param("f32[heads, d / heads]", [16, 64], normal(0.02)),
      r_r_bias: param("f32[heads, d / heads]", [16, 64], normal(0.02)),
      r_s_bias: param("f32[heads, d / heads]", [16, 64], normal(0.02)),
      seg_embed: param("f32[2, heads, d / heads]", [2, 16, 64], normal(0.02)),
    },
    rel_attn_norm: {
      weight: param("f32[d]", [1024], ones, "layer.{i}.rel_attn.layer_norm.weight"),
      bias: param("f32[d]", [1024], zeros, "layer.{i}.rel_attn.layer_norm.bias"),
    },
    ffn: {
      up: {
        weight: param("f32[d, ff]", [1024, 4096], normal(0.02), { name: "layer.{i}.ff.layer_1.weight", order: [1, 0] }),
        bias: param("f32[ff]", [4096], zeros, "layer.{i}.ff.layer_1.bias"),
      },
      down: {
        weight: param("f32[ff, d]", [4096, 1024], normal(0.02), { name: "layer.{i}.ff.layer_2.weight", order: [1, 0] }),
        bias: param("f32[d]", [1024], zeros, "layer.{i}.ff.layer_2.bias"),
      },
    },
    ffn_norm: {
      weight: param("f32[d]", [1024], ones, "layer.{i}.ff.layer_norm.weight"),
      bias: param("f32[d]", [1024], zeros, "layer.{i}.ff.layer_norm.bias"),
    },
  }),
  bias: param("f32[vocab]", [32000], zeros, "lm_loss.bias"),
};

export type XLNetWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type XlNetLayerWeights = XLNetWeights["layer"][number];
type XlNetAttentionWeights = XlNetLayerWeights["rel_attn"];
type FfnWeights = XlNetLayerWeights["ffn"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<XLNetWeights> {
  return loadWeights(parameters, source, { prefixes: ["transformer."], ignore: ["lm_loss.weight"] });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): XLNetWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: XLNetWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/**
 * XLNet (Yang et al. 2019): Transformer-XL's relative positions in both directions, and segments that are the same or
 * not. This is the content stream, which sees all tokens; a checkpoint also has `mask_emb`, where the query stream of
 * its training begins.
 */
function xlNetAttention(
  weights: XlNetAttentionWeights,
  x: Hidden,
  segment: Tensor<"i32[batch, seq]">,
  keep: Tensor<"bool[batch, seq]">,
): Hidden {
  const seq = sizeOf(x, 1);
  const batch = sizeOf(x, 0);
  const product = contract(x, weights.q, "a b c, c o p -> a b o p");
  const qh = rearrange(product, "batch seq heads c -> batch heads seq c");
  product.dispose();
  const product2 = contract(x, weights.k, "a b c, c o p -> a b o p");
  const kh = rearrange(product2, "batch j heads c -> batch heads j c");
  product2.dispose();
  const product3 = contract(x, weights.v, "a b c, c o p -> a b o p");
  const vh = rearrange(product3, "batch j heads c -> batch heads j c");
  product3.dispose();
  const t = table([2 * seq, config.d / 2], (far, h) => Math.sin((far - seq) * 10000 ** ((-2 * h) / 1024)));
  const t2 = table([2 * seq, config.d / 2], (far, h) => Math.cos((far - seq) * 10000 ** ((-2 * h) / 1024)));
  const both2 = stack([t, t2], 2);
  tf.dispose([t, t2]);
  const difference = rearrange(both2, "far h s -> far (s h)");
  both2.dispose();
  const far = contract(difference, weights.r, "a b, b o p -> a o p");
  difference.dispose();
  const sum = tf.tidy(() => tf.add(qh, tf.expandDims(weights.r_r_bias, 1)));
  const by_distance = contract(sum, far, "a b c d, n b d -> a b c n");
  tf.dispose([far, sum]);
  const sum2 = tf.tidy(() => tf.add(qh, tf.expandDims(weights.r_s_bias, 1)));
  const by_segment = contract(sum2, weights.seg_embed, "a b c d, n b d -> a b c n");
  sum2.dispose();
  const sum3 = tf.tidy(() => tf.add(qh, tf.expandDims(weights.r_w_bias, 1)));
  qh.dispose();
  const y = attend(sum3, kh, vh, {
    scale: 0.125,
    mask: where((q, k) =>
      tf.expandDims(
        tf.logicalOr(tf.expandDims(keep, 1), tf.equal(tf.expandDims(tf.reshape(q, [-1]), 1), tf.reshape(k, [-1]))),
        1,
      ),
    ),
    score: (s, q, k) =>
      tf.add(
        s,
        tf.mul(
          0.125,
          tf.add(
            tf.transpose(
              lookUp(
                by_distance,
                [3, 2],
                [
                  tf.add(tf.sub(tf.expandDims(tf.reshape(q, [-1]), 1), tf.reshape(k, [-1])), tf.scalar(seq, "int32")),
                  tf.expandDims(positions(seq), 1),
                ],
              ),
              [2, 3, 0, 1],
            ),
            tf.transpose(
              lookUp(
                by_segment,
                [3, 0, 2],
                [
                  tf.cast(tf.notEqual(tf.expandDims(segment, 2), tf.expandDims(segment, 1)), "int32"),
                  tf.expandDims(tf.expandDims(positions(batch), 1), 2),
                  tf.expandDims(positions(seq), 1),
                ],
              ),
              [0, 3, 1, 2],
            ),
          ),
        ),
      ),
  });
  tf.dispose([kh, vh, by_distance, by_segment, sum3]);
  const product4 = contract(y, weights.o, "a b c d, n b d -> a c n");
  y.dispose();
  return product4;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn(weights: FfnWeights, x: Hidden): Hidden {
  return tf.tidy(() =>
    linear(gelu(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

function xlNetLayer(
  weights: XlNetLayerWeights,
  x: Hidden,
  segment: Tensor<"i32[batch, seq]">,
  keep: Tensor<"bool[batch, seq]">,
): Hidden {
  const rel_attn = xlNetAttention(weights.rel_attn, x, segment, keep);
  const sum = tf.add(x, rel_attn);
  rel_attn.dispose();
  const x2 = layerNorm(sum, weights.rel_attn_norm.weight, weights.rel_attn_norm.bias, 1e-12);
  sum.dispose();
  const ffn2 = ffn(weights.ffn, x2);
  const sum2 = tf.add(x2, ffn2);
  tf.dispose([x2, ffn2]);
  const ffn_norm = layerNorm(sum2, weights.ffn_norm.weight, weights.ffn_norm.bias, 1e-12);
  sum2.dispose();
  return ffn_norm;
}

function xlNet(
  weights: XLNetWeights,
  ids: Tensor<"i32[batch, seq]">,
  segment: Tensor<"i32[batch, seq]">,
  keep: Tensor<"bool[batch, seq]">,
): Hidden {
  let x: Hidden = embedding(weights.word_embedding.weight, ids);
  for (const layer_ of weights.layer) {
    const next = xlNetLayer(layer_, x, segment, keep);
    x.dispose();
    x = next;
  }

  return x;
}

function lmHead(weights: XLNetWeights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
  return linearTransposed(x, weights.word_embedding.weight, weights.bias);
}

/** Mean negative log-likelihood of `labels` (nats), over the entries that are not `ignore`. */
function crossEntropy(logits: Tensor<"f32[batch, seq, vocab]">, labels: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const counted = tf.notEqual(labels, tf.scalar(-100, "int32"));
    const t = tf.neg(
      tf.sum(tf.where(counted, pick(tf.logSoftmax(logits), tf.where(counted, labels, tf.scalar(0, "int32"))), 0)),
    );
    return tf.div(t, tf.sum(tf.cast(counted, "float32")));
  });
}

function lmLossOf(weights: XLNetWeights, x: Hidden, labels: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  const logits = linearTransposed(x, weights.word_embedding.weight, weights.bias);
  const logits2 = crossEntropy(logits, labels);
  logits.dispose();
  return logits2;
}

export interface LmInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
}

/** What each token is, by the token embedding and a bias. */
export function lm(weights: XLNetWeights, inputs: LmInputs): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(ids, 0);
    const seq = sizeOf(ids, 1);
    const segment =
      inputs.segment === undefined
        ? tf.fill([batch, seq], 0, "int32")
        : input("segment", inputs.segment, { dtype: "int32", rank: 2, sizes: [batch, seq] });
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    const hidden = xlNet(weights, ids, segment, keep);
    return lmHead(weights, hidden);
  });
}

export interface LmLossInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
  readonly labels: Input<"i32[batch, seq]">;
}

/** The loss that lm is trained by. */
export function lmLoss(weights: XLNetWeights, inputs: LmLossInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(ids, 0);
    const seq = sizeOf(ids, 1);
    const labels = input("labels", inputs.labels, {
      dtype: "int32",
      rank: 2,
      below: config.vocab,
      except: -100,
      sizes: [batch, seq],
    });
    const segment =
      inputs.segment === undefined
        ? tf.fill([batch, seq], 0, "int32")
        : input("segment", inputs.segment, { dtype: "int32", rank: 2, sizes: [batch, seq] });
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    const hidden = xlNet(weights, ids, segment, keep);
    return lmLossOf(weights, hidden, labels);
  });
}
