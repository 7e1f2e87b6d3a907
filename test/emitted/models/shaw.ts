// ShawEncoder (shaw.tfm), config shaw_base. Written by tfmc 0.1.0: change the .tfm file, not this one.
// The encoder of the paper's base model. Nothing else tells it where a token stands.
import * as tf from "@tensorflow/tfjs-core";
import {
  attend,
  contract,
  embedding,
  initialiseWeights,
  input,
  layerNorm,
  linear,
  loadWeights,
  lookUp,
  normal,
  ones,
  param,
  positions,
  rearrange,
  repeat,
  saveWeights,
  sizeOf,
  where,
  zeros,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of shaw_base. */
export const config = { vocab: 32768, d: 512, depth: 6, heads: 8, ff: 1024, clip: 16, p: 0.1, eps: 1e-5 };
/** Every weight: its shape, how it starts, and its place in the checkpoint shaw_encoder. */
export const parameters = {
  embed: { weight: param("f32[vocab, d]", [32768, 512], normal(0.02)) },
  layers: repeat(6, "i", {
    norm1: { weight: param("f32[d]", [512], ones), bias: param("f32[d]", [512], zeros) },
    attn: {
      rel_k: param("f32[d / heads, 2*clip + 1]", [64, 33], normal(0.02), {
        name: "layers.{i}.attn.rel_k.weight",
        order: [1, 0],
      }),
      rel_v: param("f32[2*clip + 1, d / heads]", [33, 64], normal(0.02), "layers.{i}.attn.rel_v.weight"),
      q: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.{i}.attn.q_proj.weight", order: [1, 0] }),
      },
      k: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.{i}.attn.k_proj.weight", order: [1, 0] }),
      },
      v: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.{i}.attn.v_proj.weight", order: [1, 0] }),
      },
      o: {
        weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.{i}.attn.o_proj.weight", order: [1, 0] }),
      },
    },
    norm2: { weight: param("f32[d]", [512], ones), bias: param("f32[d]", [512], zeros) },
    ffn: {
      up: {
        weight: param("f32[d, ff]", [512, 1024], normal(0.02), { name: "layers.{i}.ffn.up.weight", order: [1, 0] }),
        bias: param("f32[ff]", [1024], zeros),
      },
      down: {
        weight: param("f32[ff, d]", [1024, 512], normal(0.02), { name: "layers.{i}.ffn.down.weight", order: [1, 0] }),
        bias: param("f32[d]", [512], zeros),
      },
    },
  }),
  norm: { weight: param("f32[d]", [512], ones), bias: param("f32[d]", [512], zeros) },
};

export type ShawEncoderWeights = Weights<typeof parameters>;
export type Output = Tensor<"f32[batch, seq, d]">;
type ShawLayerWeights = ShawEncoderWeights["layers"][number];
type ShawRelativeWeights = ShawLayerWeights["attn"];
type FfnWeights = ShawLayerWeights["ffn"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<ShawEncoderWeights> {
  return loadWeights(parameters, source);
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): ShawEncoderWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: ShawEncoderWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/**
 * Attention that knows relative positions by learned vectors, on keys and on values, for offsets up to `clip` either
 * way (Shaw et al. 2018).
 */
function shawRelative(weights: ShawRelativeWeights, x: Output, keep: Tensor<"bool[batch, seq]">): Output {
  const seq = sizeOf(x, 1);
  const batch = sizeOf(x, 0);
  const q = linear(x, weights.q.weight);
  const qh = rearrange(q, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  q.dispose();
  const k = linear(x, weights.k.weight);
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const v = linear(x, weights.v.weight);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const t = tf.tidy(() =>
    tf.minimum(
      tf.sub(tf.broadcastTo(positions(seq), [seq, seq]), tf.expandDims(positions(seq), 1)),
      tf.scalar(config.clip, "int32"),
    ),
  );
  const hit = tf.tidy(() =>
    tf.equal(
      tf.expandDims(tf.add(tf.maximum(t, tf.scalar(-config.clip, "int32")), tf.scalar(config.clip, "int32")), 2),
      positions(2 * config.clip + 1),
    ),
  );
  t.dispose();
  const hot = tf.cast(hit, "float32");
  hit.dispose();
  const product = linear(qh, weights.rel_k);
  const bias_k = contract(product, hot, "a b c d, c o d -> a b c o");
  product.dispose();
  const c = tf.fill([batch, config.heads, seq], 1);
  const j = tf.tidy(() => tf.cast(tf.equal(tf.expandDims(positions(seq), 1), positions(seq)), "float32"));
  const own = contract(c, j, "a b c, c o -> a b c o");
  tf.dispose([c, j]);
  const attended = attend(qh, kh, own, {
    scale: 0.125,
    mask: where(() => tf.expandDims(tf.expandDims(keep, 1), 2)),
    score: (s, q, k) =>
      tf.add(
        s,
        tf.mul(
          0.125,
          tf.transpose(
            lookUp(bias_k, [2, 3], [tf.expandDims(tf.reshape(q, [-1]), 1), tf.reshape(k, [-1])]),
            [2, 3, 0, 1],
          ),
        ),
      ),
  });
  tf.dispose([qh, kh, bias_k, own]);
  const product2 = contract(attended, vh, "a b c d, a b d q -> a b c q");
  vh.dispose();
  const product3 = contract(attended, hot, "a b c d, c d p -> a b c p");
  tf.dispose([hot, attended]);
  const product4 = linear(product3, weights.rel_v);
  product3.dispose();
  const y = tf.add(product2, product4);
  tf.dispose([product2, product4]);
  const y2 = rearrange(y, "batch g i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight);
  y2.dispose();
  return o;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn(weights: FfnWeights, x: Output): Output {
  return tf.tidy(() =>
    linear(tf.maximum(linear(x, weights.up.weight, weights.up.bias), 0), weights.down.weight, weights.down.bias),
  );
}

/**
 * Self-attention with relative positions (Shaw et al. 2018): keys and values know how far they are from the query, up
 * to `clip`.
 */
function shawLayer(weights: ShawLayerWeights, x: Output, keep: Tensor<"bool[batch, seq]">): Output {
  const norm1 = layerNorm(x, weights.norm1.weight, weights.norm1.bias, 1e-5);
  const attn = shawRelative(weights.attn, norm1, keep);
  norm1.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const norm2 = layerNorm(x2, weights.norm2.weight, weights.norm2.bias, 1e-5);
  const ffn2 = ffn(weights.ffn, norm2);
  norm2.dispose();
  const x3 = tf.add(x2, ffn2);
  tf.dispose([x2, ffn2]);
  return x3;
}

/** The encoder of the paper's base model. Nothing else tells it where a token stands. */
function shawEncoder2(
  weights: ShawEncoderWeights,
  ids: Tensor<"i32[batch, seq]">,
  keep: Tensor<"bool[batch, seq]">,
): Output {
  let x: Output = embedding(weights.embed.weight, ids);
  for (const layer of weights.layers) {
    const next = shawLayer(layer, x, keep);
    x.dispose();
    x = next;
  }

  const norm = layerNorm(x, weights.norm.weight, weights.norm.bias, 1e-5);
  x.dispose();
  return norm;
}

export interface ShawEncoderInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
}

/** The encoder of the paper's base model. Nothing else tells it where a token stands. */
export function shawEncoder(weights: ShawEncoderWeights, inputs: ShawEncoderInputs): Output {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(ids, 0);
    const seq = sizeOf(ids, 1);
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    return shawEncoder2(weights, ids, keep);
  });
}
