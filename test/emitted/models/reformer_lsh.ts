// Reformer (reformer_lsh.tfm), config reformer_lsh. Written by tfmc 0.1.0: change the .tfm file, not this one.
import * as tf from "@tensorflow/tfjs-core";
import {
  argmax,
  argsort,
  concat,
  contract,
  embedding,
  guard,
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
  roll,
  saveWeights,
  sizeOf,
  zeros,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of reformer_lsh. */
export const config = {
  vocab: 320,
  ctx: 4096,
  d: 256,
  depth: 6,
  heads: 4,
  chunk: 64,
  buckets: 64,
  rounds: 2,
  eps: 1e-5,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint reformer. */
export const parameters = {
  embed: { weight: param("f32[vocab, d]", [320, 256], normal(0.02)) },
  positions: { weight: param("f32[ctx, d]", [4096, 256], normal(0.02)) },
  layers: repeat(6, "i", {
    norm1: { weight: param("f32[d]", [256], ones), bias: param("f32[d]", [256], zeros) },
    attn: {
      qk: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), { name: "layers.{i}.attn.qk_proj.weight", order: [1, 0] }),
      },
      v: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), { name: "layers.{i}.attn.v_proj.weight", order: [1, 0] }),
      },
      o: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), { name: "layers.{i}.attn.o_proj.weight", order: [1, 0] }),
      },
    },
    norm2: { weight: param("f32[d]", [256], ones), bias: param("f32[d]", [256], zeros) },
    ffn: {
      up: {
        weight: param("f32[d, 4*d]", [256, 1024], normal(0.02), { name: "layers.{i}.ffn.up.weight", order: [1, 0] }),
        bias: param("f32[4*d]", [1024], zeros),
      },
      down: {
        weight: param("f32[4*d, d]", [1024, 256], normal(0.02), { name: "layers.{i}.ffn.down.weight", order: [1, 0] }),
        bias: param("f32[d]", [256], zeros),
      },
    },
  }),
  norm: { weight: param("f32[2*d]", [512], ones), bias: param("f32[2*d]", [512], zeros) },
};

export type ReformerWeights = Weights<typeof parameters>;
export type Output = Tensor<"f32[batch, n, 2*d]">;
type ReformerLayerWeights = ReformerWeights["layers"][number];
type LshAttentionWeights = ReformerLayerWeights["attn"];
type FfnWeights = ReformerLayerWeights["ffn"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<ReformerWeights> {
  return loadWeights(parameters, source);
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): ReformerWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: ReformerWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/** The vector along the last axis at length 1. A length under `eps` counts as `eps`. */
function unit(
  x: Tensor<"f32[batch, heads, rounds, n / chunk, 2*chunk, d / heads]">,
): Tensor<"f32[batch, heads, rounds, n / chunk, 2*chunk, d / heads]"> {
  return tf.tidy(() => tf.div(x, tf.expandDims(tf.maximum(tf.sqrt(tf.sum(tf.mul(x, x), 5)), 1e-12), 5)));
}

/** The logarithm of the sum of exponentials over the last axis, without overflow. */
function logsumexp(
  x: Tensor<"f32[batch, heads, rounds, n / chunk, chunk, 2*chunk]">,
): Tensor<"f32[batch, heads, rounds, n / chunk, chunk]"> {
  return tf.tidy(() => {
    const most = tf.max(x, 5);
    return tf.add(most, tf.log(tf.sum(tf.exp(tf.sub(x, tf.expandDims(most, 5))), 5)));
  });
}

/**
 * Attention by hashing (Kitaev et al. 2020, "Reformer"), of queries that are the keys. Each round turns them at random,
 * by `rotations`, into one bucket of a few. Sorted by bucket and cut into chunks, a position sees those of its own
 * chunk and of the one before, where they are not later in the text; itself only where there is no other. With `strict`
 * all that it sees is of its bucket.
 */
function lshAttention(
  weights: LshAttentionWeights,
  x: Tensor<"f32[batch, n, d]">,
  rotations: Tensor<"f32[rounds, heads, d / heads, buckets / 2]">,
): Tensor<"f32[batch, n, d]"> {
  const n = sizeOf(x, 1);
  const batch = sizeOf(x, 0);
  const qk = linear(x, weights.qk.weight);
  const qk2 = rearrange(qk, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  qk.dispose();
  const v = linear(x, weights.v.weight);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const turned = contract(qk2, rotations, "a b c d, n b d q -> a b c n q");
  const t = tf.neg(turned);
  const joined = concat([turned, t], 4);
  tf.dispose([turned, t]);
  const bucket = argmax(joined, 4);
  joined.dispose();
  const order = argsort(bucket, 2);
  const place = rearrange(order, "batch heads (m i) rounds -> batch heads rounds m i", { m: n / config.chunk });
  const bucket2 = tf.tidy(() =>
    lookUp(
      bucket,
      [2, 0, 1, 3],
      [
        order,
        tf.expandDims(tf.expandDims(tf.expandDims(positions(batch), 1), 2), 3),
        tf.expandDims(tf.expandDims(positions(config.heads), 1), 2),
        positions(config.rounds),
      ],
    ),
  );
  bucket.dispose();
  const alike = rearrange(bucket2, "batch heads (m i) rounds -> batch heads rounds m i", { m: n / config.chunk });
  bucket2.dispose();
  const qk3 = tf.tidy(() =>
    lookUp(
      qk2,
      [2, 0, 1],
      [
        order,
        tf.expandDims(tf.expandDims(tf.expandDims(positions(batch), 1), 2), 3),
        tf.expandDims(tf.expandDims(positions(config.heads), 1), 2),
      ],
    ),
  );
  qk2.dispose();
  const query = rearrange(qk3, "batch heads (m i) rounds c -> batch heads rounds m i c", { m: n / config.chunk });
  qk3.dispose();
  const vh2 = tf.tidy(() =>
    lookUp(
      vh,
      [2, 0, 1],
      [
        order,
        tf.expandDims(tf.expandDims(tf.expandDims(positions(batch), 1), 2), 3),
        tf.expandDims(tf.expandDims(positions(config.heads), 1), 2),
      ],
    ),
  );
  vh.dispose();
  const value = rearrange(vh2, "batch heads (m i) rounds c -> batch heads rounds m i c", { m: n / config.chunk });
  vh2.dispose();
  const place2 = roll(place, 3, 1);
  const joined2 = concat([place2, place], 4);
  place2.dispose();
  const key_place = tf.broadcastTo(joined2, [
    config.chunk,
    batch,
    config.heads,
    config.rounds,
    n / config.chunk,
    2 * config.chunk,
  ]);
  joined2.dispose();
  const alike2 = roll(alike, 3, 1);
  const joined3 = concat([alike2, alike], 4);
  alike2.dispose();
  const key_alike = tf.broadcastTo(joined3, [
    config.chunk,
    batch,
    config.heads,
    config.rounds,
    n / config.chunk,
    2 * config.chunk,
  ]);
  joined3.dispose();
  const query2 = roll(query, 3, 1);
  const keys = concat([query2, query], 4);
  query2.dispose();
  const value2 = roll(value, 3, 1);
  const values = concat([value2, value], 4);
  tf.dispose([value, value2]);
  const hidden = tf.tidy(() =>
    tf.logicalOr(
      tf.less(tf.expandDims(tf.transpose(place, [4, 0, 1, 2, 3]), 5), key_place),
      tf.notEqual(key_alike, tf.expandDims(tf.transpose(alike, [4, 0, 1, 2, 3]), 5)),
    ),
  );
  tf.dispose([alike, key_alike]);
  const keys2 = unit(keys);
  keys.dispose();
  const product = contract(query, keys2, "a b c d e f, a b c d r f -> a b c d e r");
  tf.dispose([query, keys2]);
  const t2 = tf.tidy(() =>
    tf.where(
      hidden,
      -1000000000,
      tf.where(tf.equal(key_place, tf.expandDims(tf.transpose(place, [4, 0, 1, 2, 3]), 5)), -100000, Infinity),
    ),
  );
  tf.dispose([place, key_place, hidden]);
  const s = tf.tidy(() => tf.minimum(tf.mul(0.125, product), tf.transpose(t2, [1, 2, 3, 4, 0, 5])));
  tf.dispose([product, t2]);
  const found = logsumexp(s);
  const s2 = tf.softmax(s);
  s.dispose();
  const y = contract(s2, values, "a b c d e f, a b c d f s -> a b c d e s");
  tf.dispose([values, s2]);
  const back = argsort(order, 2);
  order.dispose();
  const found2 = rearrange(found, "batch heads rounds m i -> batch heads (m i) rounds");
  found.dispose();
  const found3 = tf.tidy(() =>
    lookUp(
      found2,
      [2, 0, 1, 3],
      [
        back,
        tf.expandDims(tf.expandDims(tf.expandDims(positions(batch), 1), 2), 3),
        tf.expandDims(tf.expandDims(positions(config.heads), 1), 2),
        positions(config.rounds),
      ],
    ),
  );
  found2.dispose();
  const y2 = rearrange(y, "batch heads rounds m i c -> batch heads (m i) rounds c");
  y.dispose();
  const y3 = tf.tidy(() =>
    lookUp(
      y2,
      [2, 0, 1, 3],
      [
        back,
        tf.expandDims(tf.expandDims(tf.expandDims(positions(batch), 1), 2), 3),
        tf.expandDims(tf.expandDims(positions(config.heads), 1), 2),
        positions(config.rounds),
      ],
    ),
  );
  tf.dispose([back, y2]);
  const found4 = tf.softmax(found3);
  found3.dispose();
  const product2 = contract(found4, y3, "a b c d, a b c d r -> a b c r");
  tf.dispose([y3, found4]);
  const product3 = rearrange(product2, "batch heads n c -> batch n (heads c)");
  product2.dispose();
  const o = linear(product3, weights.o.weight);
  product3.dispose();
  return o;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn(weights: FfnWeights, x: Tensor<"f32[batch, n, d]">): Tensor<"f32[batch, n, d]"> {
  return tf.tidy(() =>
    linear(tf.maximum(linear(x, weights.up.weight, weights.up.bias), 0), weights.down.weight, weights.down.bias),
  );
}

/**
 * Reformer by hashing alone (Kitaev et al. 2020): a position sees those that hash alike. The random rotations of the
 * hashes are an input. Two streams that change in turns, so that training can undo each layer instead of keeping what
 * it gave.
 */
function reformerLayer(
  weights: ReformerLayerWeights,
  x1: Tensor<"f32[batch, n, d]">,
  x2: Tensor<"f32[batch, n, d]">,
  rotations: Tensor<"f32[rounds, heads, d / heads, buckets / 2]">,
): [Tensor<"f32[batch, n, d]">, Tensor<"f32[batch, n, d]">] {
  const norm1 = layerNorm(x2, weights.norm1.weight, weights.norm1.bias, 1e-5);
  const attn = lshAttention(weights.attn, norm1, rotations);
  norm1.dispose();
  const x12 = tf.add(x1, attn);
  attn.dispose();
  const norm2 = layerNorm(x12, weights.norm2.weight, weights.norm2.bias, 1e-5);
  const ffn2 = ffn(weights.ffn, norm2);
  norm2.dispose();
  const x22 = tf.add(x2, ffn2);
  ffn2.dispose();
  return [x12, x22];
}

function reformer(
  weights: ReformerWeights,
  ids: Tensor<"i32[batch, n]">,
  rotations: Tensor<"f32[rounds, heads, d / heads, buckets / 2]">,
): Output {
  const n = sizeOf(ids, 1);
  const embed = embedding(weights.embed.weight, ids);
  const n2 = positions(n);
  const weight = embedding(weights.positions.weight, n2);
  n2.dispose();
  let x1: Tensor<"f32[batch, n, d]"> = tf.add(embed, weight);
  tf.dispose([embed, weight]);
  let x2: Tensor<"f32[batch, n, d]"> = x1.clone();
  for (const layer of weights.layers) {
    const [x12, x22] = reformerLayer(layer, x1, x2, rotations);
    const next1 = x12;
    const next2 = x22;
    x1.dispose();
    x1 = next1;
    x2.dispose();
    x2 = next2;
  }

  const joined = concat([x1, x2], 2);
  tf.dispose([x1, x2]);
  const norm = layerNorm(joined, weights.norm.weight, weights.norm.bias, 1e-5);
  joined.dispose();
  return norm;
}

export interface EncodeInputs {
  readonly ids: Input<"i32[batch, n]">;
  readonly rotations: Input<"f32[rounds, heads, d / heads, buckets / 2]">;
}

/** x f32[batch, n, 2*d]. */
export function encode(weights: ReformerWeights, inputs: EncodeInputs): Output {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const rotations = input("rotations", inputs.rotations, {
      dtype: "float32",
      rank: 4,
      sizes: [config.rounds, config.heads, config.d / config.heads, config.buckets / 2],
    });
    const n = sizeOf(ids, 1);
    guard(n <= config.ctx, `Reformer: n = ${n} exceeds ctx = ${config.ctx} (reformer_lsh.tfm:15)`);
    guard(
      n % config.chunk === 0,
      `Reformer: n % chunk == 0 does not hold for chunk = ${config.chunk}, n = ${n} (reformer_lsh.tfm:15)`,
    );
    return reformer(weights, ids, rotations);
  });
}
