// PositionEncoder (positions.tfm), config positions. Written by tfmc 0.1.0: change the .tfm file, not this one.
import * as tf from "@tensorflow/tfjs-core";
import {
  at,
  attend,
  embedding,
  gelu,
  initialiseWeights,
  input,
  layerNorm,
  linear,
  list,
  loadWeights,
  lookUp,
  normal,
  ones,
  param,
  positions,
  rearrange,
  saveWeights,
  sizeOf,
  stack,
  table,
  take,
  where,
  zeros,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of positions. */
export const config = {
  vocab: 32000,
  d: 512,
  heads: 8,
  theta: 10000,
  buckets: 32,
  far: 128,
  eps: 1e-5,
  first: "rope_interleaved",
  second: "rope_half",
  third: "alibi",
  fourth: "t5",
};
/** Every weight: its shape, how it starts, and its place in the checkpoint position_encoder. */
export const parameters = {
  embed: { weight: param("f32[vocab, d]", [32000, 512], normal(0.02)) },
  layers: list(
    {
      norm1: { weight: param("f32[d]", [512], ones), bias: param("f32[d]", [512], zeros) },
      attn: {
        q: {
          weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.0.attn.q_proj.weight", order: [1, 0] }),
        },
        k: {
          weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.0.attn.k_proj.weight", order: [1, 0] }),
        },
        v: {
          weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.0.attn.v_proj.weight", order: [1, 0] }),
        },
        o: {
          weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.0.attn.o_proj.weight", order: [1, 0] }),
        },
      },
      norm2: { weight: param("f32[d]", [512], ones), bias: param("f32[d]", [512], zeros) },
      ffn: {
        up: {
          weight: param("f32[d, 4*d]", [512, 2048], normal(0.02), { name: "layers.0.ffn.up.weight", order: [1, 0] }),
          bias: param("f32[4*d]", [2048], zeros),
        },
        down: {
          weight: param("f32[4*d, d]", [2048, 512], normal(0.02), { name: "layers.0.ffn.down.weight", order: [1, 0] }),
          bias: param("f32[d]", [512], zeros),
        },
      },
    },
    {
      norm1: { weight: param("f32[d]", [512], ones), bias: param("f32[d]", [512], zeros) },
      attn: {
        q: {
          weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.1.attn.q_proj.weight", order: [1, 0] }),
        },
        k: {
          weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.1.attn.k_proj.weight", order: [1, 0] }),
        },
        v: {
          weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.1.attn.v_proj.weight", order: [1, 0] }),
        },
        o: {
          weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.1.attn.o_proj.weight", order: [1, 0] }),
        },
      },
      norm2: { weight: param("f32[d]", [512], ones), bias: param("f32[d]", [512], zeros) },
      ffn: {
        up: {
          weight: param("f32[d, 4*d]", [512, 2048], normal(0.02), { name: "layers.1.ffn.up.weight", order: [1, 0] }),
          bias: param("f32[4*d]", [2048], zeros),
        },
        down: {
          weight: param("f32[4*d, d]", [2048, 512], normal(0.02), { name: "layers.1.ffn.down.weight", order: [1, 0] }),
          bias: param("f32[d]", [512], zeros),
        },
      },
    },
    {
      norm1: { weight: param("f32[d]", [512], ones), bias: param("f32[d]", [512], zeros) },
      attn: {
        q: {
          weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.2.attn.q_proj.weight", order: [1, 0] }),
        },
        k: {
          weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.2.attn.k_proj.weight", order: [1, 0] }),
        },
        v: {
          weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.2.attn.v_proj.weight", order: [1, 0] }),
        },
        o: {
          weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.2.attn.o_proj.weight", order: [1, 0] }),
        },
      },
      norm2: { weight: param("f32[d]", [512], ones), bias: param("f32[d]", [512], zeros) },
      ffn: {
        up: {
          weight: param("f32[d, 4*d]", [512, 2048], normal(0.02), { name: "layers.2.ffn.up.weight", order: [1, 0] }),
          bias: param("f32[4*d]", [2048], zeros),
        },
        down: {
          weight: param("f32[4*d, d]", [2048, 512], normal(0.02), { name: "layers.2.ffn.down.weight", order: [1, 0] }),
          bias: param("f32[d]", [512], zeros),
        },
      },
    },
    {
      norm1: { weight: param("f32[d]", [512], ones), bias: param("f32[d]", [512], zeros) },
      rel_bias: { weight: param("f32[buckets, heads]", [32, 8], normal(0.02), "layers.3.attn.rel_bias.weight") },
      attn: {
        q: {
          weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.3.attn.q_proj.weight", order: [1, 0] }),
        },
        k: {
          weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.3.attn.k_proj.weight", order: [1, 0] }),
        },
        v: {
          weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.3.attn.v_proj.weight", order: [1, 0] }),
        },
        o: {
          weight: param("f32[d, d]", [512, 512], normal(0.02), { name: "layers.3.attn.o_proj.weight", order: [1, 0] }),
        },
      },
      norm2: { weight: param("f32[d]", [512], ones), bias: param("f32[d]", [512], zeros) },
      ffn: {
        up: {
          weight: param("f32[d, 4*d]", [512, 2048], normal(0.02), { name: "layers.3.ffn.up.weight", order: [1, 0] }),
          bias: param("f32[4*d]", [2048], zeros),
        },
        down: {
          weight: param("f32[4*d, d]", [2048, 512], normal(0.02), { name: "layers.3.ffn.down.weight", order: [1, 0] }),
          bias: param("f32[d]", [512], zeros),
        },
      },
    },
  ),
  norm: { weight: param("f32[d]", [512], ones), bias: param("f32[d]", [512], zeros) },
};

export type PositionEncoderWeights = Weights<typeof parameters>;
export type Output = Tensor<"f32[batch, seq, d]">;
type PositionLayerWeights = PositionEncoderWeights["layers"][0];
type AttentionWeights = PositionLayerWeights["attn"];
type FfnWeights = PositionLayerWeights["ffn"];
type PositionLayer2Weights = PositionEncoderWeights["layers"][1];
type Attention2Weights = PositionLayer2Weights["attn"];
type PositionLayer3Weights = PositionEncoderWeights["layers"][2];
type Attention3Weights = PositionLayer3Weights["attn"];
type PositionLayer4Weights = PositionEncoderWeights["layers"][3];
type Attention4Weights = PositionLayer4Weights["attn"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<PositionEncoderWeights> {
  return loadWeights(parameters, source);
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): PositionEncoderWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: PositionEncoderWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/** Rotary positions (Su et al. 2021): each pair of channels turns by its position times a frequency. */
function rope(x: Tensor<"f32[batch, heads, seq, d / heads]">): Tensor<"f32[batch, heads, seq, d / heads]"> {
  return tf.tidy(() => {
    const seq = sizeOf(x, 2);
    const split = rearrange(x, "batch heads n (h s) -> batch heads n h s", { h: config.d / (2 * config.heads) });
    const a = take(split, 4, 0);
    const b = take(split, 4, 1);
    const across = table([seq, config.d / (2 * config.heads)], (n, h) => Math.cos(n * 10000 ** ((-2 * h) / 64)));
    const along = table([seq, config.d / (2 * config.heads)], (n, h) => Math.sin(n * 10000 ** ((-2 * h) / 64)));
    const turned = rearrange(
      stack([tf.sub(tf.mul(a, across), tf.mul(b, along)), tf.add(tf.mul(b, across), tf.mul(a, along))], 4),
      "batch heads n h s -> batch heads n (h s)",
    );
    return turned;
  });
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention(weights: AttentionWeights, x: Output, keep: Tensor<"bool[batch, seq]">): Output {
  const q = linear(x, weights.q.weight);
  const qh = rearrange(q, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  q.dispose();
  const k = linear(x, weights.k.weight);
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const v = linear(x, weights.v.weight);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const qh2 = rope(qh);
  qh.dispose();
  const qh3 = rearrange(qh2, "batch g i c -> batch g 1 i c");
  qh2.dispose();
  const kh2 = rope(kh);
  kh.dispose();
  const y = attend(qh3, kh2, vh, {
    scale: 0.125,
    mask: where(() => tf.expandDims(tf.expandDims(tf.expandDims(keep, 1), 2), 3)),
  });
  tf.dispose([vh, qh3, kh2]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight);
  y2.dispose();
  return o;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn(weights: FfnWeights, x: Output): Output {
  return tf.tidy(() =>
    linear(gelu(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

/**
 * Four ways for attention to know positions, a layer each: rotations of neighbouring channels or of channels half a
 * head apart (Su et al. 2021, "RoFormer"), scores that fall with the distance (Press et al. 2021, "ALiBi"), a bias
 * learned for each bucket of distances (Raffel et al. 2019, "T5").
 */
function positionLayer(weights: PositionLayerWeights, x: Output, keep: Tensor<"bool[batch, seq]">): Output {
  const h = layerNorm(x, weights.norm1.weight, weights.norm1.bias, 1e-5);
  const y = attention(weights.attn, h, keep);
  h.dispose();
  const x2 = tf.add(x, y);
  y.dispose();
  const norm2 = layerNorm(x2, weights.norm2.weight, weights.norm2.bias, 1e-5);
  const ffn2 = ffn(weights.ffn, norm2);
  norm2.dispose();
  const x3 = tf.add(x2, ffn2);
  tf.dispose([x2, ffn2]);
  return x3;
}

/** Rotary positions (Su et al. 2021): each pair of channels turns by its position times a frequency. */
function rope2(x: Tensor<"f32[batch, heads, seq, d / heads]">): Tensor<"f32[batch, heads, seq, d / heads]"> {
  return tf.tidy(() => {
    const seq = sizeOf(x, 2);
    const split = rearrange(x, "batch heads n (s h) -> batch heads n h s", { s: 2 });
    const a = take(split, 4, 0);
    const b = take(split, 4, 1);
    const across = table([seq, config.d / (2 * config.heads)], (n, h) => Math.cos(n * 10000 ** ((-2 * h) / 64)));
    const along = table([seq, config.d / (2 * config.heads)], (n, h) => Math.sin(n * 10000 ** ((-2 * h) / 64)));
    const turned = rearrange(
      stack([tf.sub(tf.mul(a, across), tf.mul(b, along)), tf.add(tf.mul(b, across), tf.mul(a, along))], 4),
      "batch heads n h s -> batch heads n (s h)",
    );
    return turned;
  });
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention2(weights: Attention2Weights, x: Output, keep: Tensor<"bool[batch, seq]">): Output {
  const q = linear(x, weights.q.weight);
  const qh = rearrange(q, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  q.dispose();
  const k = linear(x, weights.k.weight);
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const v = linear(x, weights.v.weight);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const qh2 = rope2(qh);
  qh.dispose();
  const qh3 = rearrange(qh2, "batch g i c -> batch g 1 i c");
  qh2.dispose();
  const kh2 = rope2(kh);
  kh.dispose();
  const y = attend(qh3, kh2, vh, {
    scale: 0.125,
    mask: where(() => tf.expandDims(tf.expandDims(tf.expandDims(keep, 1), 2), 3)),
  });
  tf.dispose([vh, qh3, kh2]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight);
  y2.dispose();
  return o;
}

/**
 * Four ways for attention to know positions, a layer each: rotations of neighbouring channels or of channels half a
 * head apart (Su et al. 2021, "RoFormer"), scores that fall with the distance (Press et al. 2021, "ALiBi"), a bias
 * learned for each bucket of distances (Raffel et al. 2019, "T5").
 */
function positionLayer2(weights: PositionLayer2Weights, x: Output, keep: Tensor<"bool[batch, seq]">): Output {
  const h = layerNorm(x, weights.norm1.weight, weights.norm1.bias, 1e-5);
  const y = attention2(weights.attn, h, keep);
  h.dispose();
  const x2 = tf.add(x, y);
  y.dispose();
  const norm2 = layerNorm(x2, weights.norm2.weight, weights.norm2.bias, 1e-5);
  const ffn2 = ffn(weights.ffn, norm2);
  norm2.dispose();
  const x3 = tf.add(x2, ffn2);
  tf.dispose([x2, ffn2]);
  return x3;
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention3(weights: Attention3Weights, x: Output, keep: Tensor<"bool[batch, seq]">): Output {
  const q = linear(x, weights.q.weight);
  const k = linear(x, weights.k.weight);
  const v = linear(x, weights.v.weight);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const qh = rearrange(q, "batch i (g c) -> batch g 1 i c", { g: config.heads });
  q.dispose();
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const y = attend(qh, kh, vh, {
    scale: 0.125,
    mask: where(() => tf.expandDims(tf.expandDims(tf.expandDims(keep, 1), 2), 3)),
    score: (s, q, k) =>
      tf.sub(
        s,
        tf.mul(
          tf.expandDims(
            tf.expandDims(
              tf.where(
                tf.less(tf.cast(tf.add(tf.expandDims(positions(config.heads), 1), positions(1)), "float32"), 8),
                tf.pow(
                  2,
                  tf.div(
                    tf.mul(
                      -8,
                      tf.add(tf.cast(tf.add(tf.expandDims(positions(config.heads), 1), positions(1)), "float32"), 1),
                    ),
                    8,
                  ),
                ),
                tf.pow(
                  2,
                  tf.div(
                    tf.mul(
                      -4,
                      tf.add(
                        tf.mul(
                          2,
                          tf.sub(
                            tf.cast(tf.add(tf.expandDims(positions(config.heads), 1), positions(1)), "float32"),
                            8,
                          ),
                        ),
                        1,
                      ),
                    ),
                    8,
                  ),
                ),
              ),
              2,
            ),
            3,
          ),
          tf.cast(tf.abs(tf.sub(tf.expandDims(tf.reshape(q, [-1]), 1), tf.reshape(k, [-1]))), "float32"),
        ),
      ),
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight);
  y2.dispose();
  return o;
}

/**
 * Four ways for attention to know positions, a layer each: rotations of neighbouring channels or of channels half a
 * head apart (Su et al. 2021, "RoFormer"), scores that fall with the distance (Press et al. 2021, "ALiBi"), a bias
 * learned for each bucket of distances (Raffel et al. 2019, "T5").
 */
function positionLayer3(weights: PositionLayer3Weights, x: Output, keep: Tensor<"bool[batch, seq]">): Output {
  const h = layerNorm(x, weights.norm1.weight, weights.norm1.bias, 1e-5);
  const y = attention3(weights.attn, h, keep);
  h.dispose();
  const x2 = tf.add(x, y);
  y.dispose();
  const norm2 = layerNorm(x2, weights.norm2.weight, weights.norm2.bias, 1e-5);
  const ffn2 = ffn(weights.ffn, norm2);
  norm2.dispose();
  const x3 = tf.add(x2, ffn2);
  tf.dispose([x2, ffn2]);
  return x3;
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention4(
  weights: Attention4Weights,
  x: Output,
  keep: Tensor<"bool[batch, seq]">,
  bias: Tensor<"f32[heads, seq, seq]">,
): Output {
  const q = linear(x, weights.q.weight);
  const k = linear(x, weights.k.weight);
  const v = linear(x, weights.v.weight);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const qh = rearrange(q, "batch i (g c) -> batch g 1 i c", { g: config.heads });
  q.dispose();
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const y = attend(qh, kh, vh, {
    scale: 0.125,
    mask: where(() => tf.expandDims(tf.expandDims(tf.expandDims(keep, 1), 2), 3)),
    score: (s, q, k) =>
      tf.add(
        s,
        lookUp(
          bias,
          [0, 1, 2],
          [
            tf.expandDims(tf.expandDims(tf.add(tf.expandDims(positions(config.heads), 1), positions(1)), 2), 3),
            tf.expandDims(tf.reshape(q, [-1]), 1),
            tf.reshape(k, [-1]),
          ],
        ),
      ),
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight);
  y2.dispose();
  return o;
}

/**
 * Four ways for attention to know positions, a layer each: rotations of neighbouring channels or of channels half a
 * head apart (Su et al. 2021, "RoFormer"), scores that fall with the distance (Press et al. 2021, "ALiBi"), a bias
 * learned for each bucket of distances (Raffel et al. 2019, "T5").
 */
function positionLayer4(weights: PositionLayer4Weights, x: Output, keep: Tensor<"bool[batch, seq]">): Output {
  const seq = sizeOf(x, 1);
  const h = layerNorm(x, weights.norm1.weight, weights.norm1.bias, 1e-5);
  const offset = tf.tidy(() => tf.sub(tf.broadcastTo(positions(seq), [seq, seq]), tf.expandDims(positions(seq), 1)));
  const distance = tf.abs(offset);
  const share = tf.tidy(() =>
    tf.add(
      tf.div(tf.log(tf.div(tf.cast(tf.maximum(distance, tf.scalar(1, "int32")), "float32"), 8)), 2.772588722239781),
      1e-5,
    ),
  );
  const t = tf.tidy(() =>
    tf.minimum(
      tf.add(tf.scalar(Math.floor(config.buckets / 4), "int32"), tf.cast(tf.mul(share, 8), "int32")),
      tf.scalar(Math.floor(config.buckets / 2) - 1, "int32"),
    ),
  );
  share.dispose();
  const bucket = tf.tidy(() =>
    tf.where(
      tf.less(distance, tf.scalar(Math.floor(config.buckets / 4), "int32")),
      distance,
      tf.maximum(t, tf.scalar(Math.floor(config.buckets / 4), "int32")),
    ),
  );
  tf.dispose([distance, t]);
  const t2 = tf.tidy(() =>
    tf.where(
      tf.less(tf.scalar(0, "int32"), offset),
      tf.scalar(Math.floor(config.buckets / 2), "int32"),
      tf.scalar(0, "int32"),
    ),
  );
  offset.dispose();
  const offset2 = tf.add(bucket, t2);
  tf.dispose([bucket, t2]);
  const weight = embedding(weights.rel_bias.weight, offset2);
  offset2.dispose();
  const bias = rearrange(weight, "i j heads -> heads i j");
  weight.dispose();
  const y = attention4(weights.attn, h, keep, bias);
  tf.dispose([h, bias]);
  const x2 = tf.add(x, y);
  y.dispose();
  const norm2 = layerNorm(x2, weights.norm2.weight, weights.norm2.bias, 1e-5);
  const ffn2 = ffn(weights.ffn, norm2);
  norm2.dispose();
  const x3 = tf.add(x2, ffn2);
  tf.dispose([x2, ffn2]);
  return x3;
}

function positionEncoder2(
  weights: PositionEncoderWeights,
  ids: Tensor<"i32[batch, seq]">,
  keep: Tensor<"bool[batch, seq]">,
): Output {
  const embed = embedding(weights.embed.weight, ids);
  const layers = positionLayer(at(weights.layers, 0), embed, keep);
  embed.dispose();
  const layers2 = positionLayer2(at(weights.layers, 1), layers, keep);
  layers.dispose();
  const layers3 = positionLayer3(at(weights.layers, 2), layers2, keep);
  layers2.dispose();
  const x = positionLayer4(at(weights.layers, 3), layers3, keep);
  layers3.dispose();
  const norm = layerNorm(x, weights.norm.weight, weights.norm.bias, 1e-5);
  x.dispose();
  return norm;
}

export interface PositionEncoderInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
}

/** output f32[batch, seq, d]. */
export function positionEncoder(weights: PositionEncoderWeights, inputs: PositionEncoderInputs): Output {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(ids, 0);
    const seq = sizeOf(ids, 1);
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    return positionEncoder2(weights, ids, keep);
  });
}
