// Reformer (reformer.tfm), config reformer. Written by tfmc 0.1.0: change the .tfm file, not this one.
// `hashing` is whether the odd layers hash. Their random `rotations`, into two buckets each, are an input.
import * as tf from "@tensorflow/tfjs-core";
import {
  argmax,
  argsort,
  at,
  attend,
  both,
  causal,
  concat,
  contract,
  embedding,
  guard,
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
  pick,
  positions,
  rearrange,
  roll,
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

/** The numbers of reformer. */
export const config = {
  vocab: 320,
  lines: 64,
  columns: 64,
  line_d: 64,
  column_d: 192,
  d: 256,
  depth: 6,
  heads: 12,
  c: 64,
  ff: 512,
  p: 0.05,
  eps: 1e-12,
  chunk: 64,
  before: 1,
  hashing: true,
  hash_chunk: 64,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint google/reformer-crime-and-punishment. */
export const parameters = {
  word: { weight: param("f32[vocab, d]", [320, 256], normal(0.02), "reformer.embeddings.word_embeddings.weight") },
  position: {
    line: param("f32[lines, line_d]", [64, 64], normal(1), {
      name: "reformer.embeddings.position_embeddings.weights.0",
      split: [64, 64],
      shape: [64, 1, 64],
    }),
    column: param("f32[columns, column_d]", [64, 192], normal(1), {
      name: "reformer.embeddings.position_embeddings.weights.1",
      split: [64, 192],
      shape: [1, 64, 192],
    }),
  },
  layers: list(
    {
      norm_1: {
        weight: param("f32[d]", [256], ones, "reformer.encoder.layers.0.attention.layer_norm.weight"),
        bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.0.attention.layer_norm.bias"),
      },
      attn: {
        q: {
          weight: param("f32[d, heads*c]", [256, 768], normal(0.02), {
            name: "reformer.encoder.layers.0.attention.self_attention.query.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*c]", [256, 768], normal(0.02), {
            name: "reformer.encoder.layers.0.attention.self_attention.key.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*c]", [256, 768], normal(0.02), {
            name: "reformer.encoder.layers.0.attention.self_attention.value.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*c, d]", [768, 256], normal(0.02), {
            name: "reformer.encoder.layers.0.attention.output.dense.weight",
            order: [1, 0],
          }),
        },
      },
      norm_2: {
        weight: param("f32[d]", [256], ones, "reformer.encoder.layers.0.feed_forward.layer_norm.weight"),
        bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.0.feed_forward.layer_norm.bias"),
      },
      mlp: {
        up: {
          weight: param("f32[d, ff]", [256, 512], normal(0.02), {
            name: "reformer.encoder.layers.0.feed_forward.dense.dense.weight",
            order: [1, 0],
          }),
          bias: param("f32[ff]", [512], zeros, "reformer.encoder.layers.0.feed_forward.dense.dense.bias"),
        },
        down: {
          weight: param("f32[ff, d]", [512, 256], normal(0.02), {
            name: "reformer.encoder.layers.0.feed_forward.output.dense.weight",
            order: [1, 0],
          }),
          bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.0.feed_forward.output.dense.bias"),
        },
      },
    },
    {
      norm_1: {
        weight: param("f32[d]", [256], ones, "reformer.encoder.layers.1.attention.layer_norm.weight"),
        bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.1.attention.layer_norm.bias"),
      },
      attn: {
        qk: {
          weight: param("f32[d, heads*c]", [256, 768], normal(0.02), {
            name: "reformer.encoder.layers.1.attention.self_attention.query_key.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*c]", [256, 768], normal(0.02), {
            name: "reformer.encoder.layers.1.attention.self_attention.value.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*c, d]", [768, 256], normal(0.02), {
            name: "reformer.encoder.layers.1.attention.output.dense.weight",
            order: [1, 0],
          }),
        },
      },
      norm_2: {
        weight: param("f32[d]", [256], ones, "reformer.encoder.layers.1.feed_forward.layer_norm.weight"),
        bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.1.feed_forward.layer_norm.bias"),
      },
      mlp: {
        up: {
          weight: param("f32[d, ff]", [256, 512], normal(0.02), {
            name: "reformer.encoder.layers.1.feed_forward.dense.dense.weight",
            order: [1, 0],
          }),
          bias: param("f32[ff]", [512], zeros, "reformer.encoder.layers.1.feed_forward.dense.dense.bias"),
        },
        down: {
          weight: param("f32[ff, d]", [512, 256], normal(0.02), {
            name: "reformer.encoder.layers.1.feed_forward.output.dense.weight",
            order: [1, 0],
          }),
          bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.1.feed_forward.output.dense.bias"),
        },
      },
    },
    {
      norm_1: {
        weight: param("f32[d]", [256], ones, "reformer.encoder.layers.2.attention.layer_norm.weight"),
        bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.2.attention.layer_norm.bias"),
      },
      attn: {
        q: {
          weight: param("f32[d, heads*c]", [256, 768], normal(0.02), {
            name: "reformer.encoder.layers.2.attention.self_attention.query.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*c]", [256, 768], normal(0.02), {
            name: "reformer.encoder.layers.2.attention.self_attention.key.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*c]", [256, 768], normal(0.02), {
            name: "reformer.encoder.layers.2.attention.self_attention.value.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*c, d]", [768, 256], normal(0.02), {
            name: "reformer.encoder.layers.2.attention.output.dense.weight",
            order: [1, 0],
          }),
        },
      },
      norm_2: {
        weight: param("f32[d]", [256], ones, "reformer.encoder.layers.2.feed_forward.layer_norm.weight"),
        bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.2.feed_forward.layer_norm.bias"),
      },
      mlp: {
        up: {
          weight: param("f32[d, ff]", [256, 512], normal(0.02), {
            name: "reformer.encoder.layers.2.feed_forward.dense.dense.weight",
            order: [1, 0],
          }),
          bias: param("f32[ff]", [512], zeros, "reformer.encoder.layers.2.feed_forward.dense.dense.bias"),
        },
        down: {
          weight: param("f32[ff, d]", [512, 256], normal(0.02), {
            name: "reformer.encoder.layers.2.feed_forward.output.dense.weight",
            order: [1, 0],
          }),
          bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.2.feed_forward.output.dense.bias"),
        },
      },
    },
    {
      norm_1: {
        weight: param("f32[d]", [256], ones, "reformer.encoder.layers.3.attention.layer_norm.weight"),
        bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.3.attention.layer_norm.bias"),
      },
      attn: {
        qk: {
          weight: param("f32[d, heads*c]", [256, 768], normal(0.02), {
            name: "reformer.encoder.layers.3.attention.self_attention.query_key.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*c]", [256, 768], normal(0.02), {
            name: "reformer.encoder.layers.3.attention.self_attention.value.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*c, d]", [768, 256], normal(0.02), {
            name: "reformer.encoder.layers.3.attention.output.dense.weight",
            order: [1, 0],
          }),
        },
      },
      norm_2: {
        weight: param("f32[d]", [256], ones, "reformer.encoder.layers.3.feed_forward.layer_norm.weight"),
        bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.3.feed_forward.layer_norm.bias"),
      },
      mlp: {
        up: {
          weight: param("f32[d, ff]", [256, 512], normal(0.02), {
            name: "reformer.encoder.layers.3.feed_forward.dense.dense.weight",
            order: [1, 0],
          }),
          bias: param("f32[ff]", [512], zeros, "reformer.encoder.layers.3.feed_forward.dense.dense.bias"),
        },
        down: {
          weight: param("f32[ff, d]", [512, 256], normal(0.02), {
            name: "reformer.encoder.layers.3.feed_forward.output.dense.weight",
            order: [1, 0],
          }),
          bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.3.feed_forward.output.dense.bias"),
        },
      },
    },
    {
      norm_1: {
        weight: param("f32[d]", [256], ones, "reformer.encoder.layers.4.attention.layer_norm.weight"),
        bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.4.attention.layer_norm.bias"),
      },
      attn: {
        q: {
          weight: param("f32[d, heads*c]", [256, 768], normal(0.02), {
            name: "reformer.encoder.layers.4.attention.self_attention.query.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*c]", [256, 768], normal(0.02), {
            name: "reformer.encoder.layers.4.attention.self_attention.key.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*c]", [256, 768], normal(0.02), {
            name: "reformer.encoder.layers.4.attention.self_attention.value.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*c, d]", [768, 256], normal(0.02), {
            name: "reformer.encoder.layers.4.attention.output.dense.weight",
            order: [1, 0],
          }),
        },
      },
      norm_2: {
        weight: param("f32[d]", [256], ones, "reformer.encoder.layers.4.feed_forward.layer_norm.weight"),
        bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.4.feed_forward.layer_norm.bias"),
      },
      mlp: {
        up: {
          weight: param("f32[d, ff]", [256, 512], normal(0.02), {
            name: "reformer.encoder.layers.4.feed_forward.dense.dense.weight",
            order: [1, 0],
          }),
          bias: param("f32[ff]", [512], zeros, "reformer.encoder.layers.4.feed_forward.dense.dense.bias"),
        },
        down: {
          weight: param("f32[ff, d]", [512, 256], normal(0.02), {
            name: "reformer.encoder.layers.4.feed_forward.output.dense.weight",
            order: [1, 0],
          }),
          bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.4.feed_forward.output.dense.bias"),
        },
      },
    },
    {
      norm_1: {
        weight: param("f32[d]", [256], ones, "reformer.encoder.layers.5.attention.layer_norm.weight"),
        bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.5.attention.layer_norm.bias"),
      },
      attn: {
        qk: {
          weight: param("f32[d, heads*c]", [256, 768], normal(0.02), {
            name: "reformer.encoder.layers.5.attention.self_attention.query_key.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*c]", [256, 768], normal(0.02), {
            name: "reformer.encoder.layers.5.attention.self_attention.value.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*c, d]", [768, 256], normal(0.02), {
            name: "reformer.encoder.layers.5.attention.output.dense.weight",
            order: [1, 0],
          }),
        },
      },
      norm_2: {
        weight: param("f32[d]", [256], ones, "reformer.encoder.layers.5.feed_forward.layer_norm.weight"),
        bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.5.feed_forward.layer_norm.bias"),
      },
      mlp: {
        up: {
          weight: param("f32[d, ff]", [256, 512], normal(0.02), {
            name: "reformer.encoder.layers.5.feed_forward.dense.dense.weight",
            order: [1, 0],
          }),
          bias: param("f32[ff]", [512], zeros, "reformer.encoder.layers.5.feed_forward.dense.dense.bias"),
        },
        down: {
          weight: param("f32[ff, d]", [512, 256], normal(0.02), {
            name: "reformer.encoder.layers.5.feed_forward.output.dense.weight",
            order: [1, 0],
          }),
          bias: param("f32[d]", [256], zeros, "reformer.encoder.layers.5.feed_forward.output.dense.bias"),
        },
      },
    },
  ),
  norm: {
    weight: param("f32[2*d]", [512], ones, "reformer.encoder.layer_norm.weight"),
    bias: param("f32[2*d]", [512], zeros, "reformer.encoder.layer_norm.bias"),
  },
  bias: param("f32[vocab]", [320], zeros, "lm_head.bias"),
  head: {
    weight: param("f32[2*d, vocab]", [512, 320], normal(0.02), { name: "lm_head.decoder.weight", order: [1, 0] }),
  },
};

export type ReformerWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, n, 2*d]">;
type AxialWeights = ReformerWeights["position"];
type ReformerLayerWeights = ReformerWeights["layers"][0];
type AttentionWeights = ReformerLayerWeights["attn"];
type FfnWeights = ReformerLayerWeights["mlp"];
type HashingLayerWeights = ReformerWeights["layers"][1];
type LshAttentionWeights = HashingLayerWeights["attn"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<ReformerWeights> {
  return loadWeights(parameters, source, { ignore: ["lm_head.decoder.bias"] });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): ReformerWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: ReformerWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/**
 * A row for each line of a grid and one for each of its columns, side by side (Ho et al. 2019): few rows for many
 * positions.
 */
function axial(weights: AxialWeights, x: Tensor<"f32[batch, n, d]">): Tensor<"f32[batch, n, d]"> {
  return tf.tidy(() => {
    const n = sizeOf(x, 1);
    const joined = concat(
      [
        embedding(weights.line, tf.floorDiv(positions(n), tf.scalar(config.columns, "int32"))),
        embedding(weights.column, tf.mod(positions(n), tf.scalar(config.columns, "int32"))),
      ],
      1,
    );
    return tf.add(x, joined);
  });
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention(weights: AttentionWeights, x: Tensor<"f32[batch, n, d]">): Tensor<"f32[batch, n, d]"> {
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
    mask: both(
      causal,
      where((q, k) =>
        tf.lessEqual(
          tf.sub(tf.floorDiv(q, tf.scalar(config.chunk, "int32")), tf.floorDiv(k, tf.scalar(config.chunk, "int32"))),
          tf.scalar(config.before, "int32"),
        ),
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

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn(weights: FfnWeights, x: Tensor<"f32[batch, n, d]">): Tensor<"f32[batch, n, d]"> {
  return tf.tidy(() =>
    linear(tf.maximum(linear(x, weights.up.weight, weights.up.bias), 0), weights.down.weight, weights.down.bias),
  );
}

/** Two streams that change in turns, so that training can undo each layer instead of keeping what it gave. */
function reformerLayer(
  weights: ReformerLayerWeights,
  x1: Tensor<"f32[batch, n, d]">,
  x2: Tensor<"f32[batch, n, d]">,
): [Tensor<"f32[batch, n, d]">, Tensor<"f32[batch, n, d]">] {
  const norm_1 = layerNorm(x2, weights.norm_1.weight, weights.norm_1.bias, 1e-12);
  const attn = attention(weights.attn, norm_1);
  norm_1.dispose();
  const x12 = tf.add(x1, attn);
  attn.dispose();
  const norm_2 = layerNorm(x12, weights.norm_2.weight, weights.norm_2.bias, 1e-12);
  const mlp = ffn(weights.mlp, norm_2);
  norm_2.dispose();
  const x22 = tf.add(x2, mlp);
  mlp.dispose();
  return [x12, x22];
}

/** The vector along the last axis at length 1. A length under `eps` counts as `eps`. */
function unit(
  x: Tensor<"f32[batch, heads, 1, n / hash_chunk, 2*hash_chunk, c]">,
): Tensor<"f32[batch, heads, 1, n / hash_chunk, 2*hash_chunk, c]"> {
  return tf.tidy(() => tf.div(x, tf.expandDims(tf.maximum(tf.sqrt(tf.sum(tf.mul(x, x), 5)), 1e-12), 5)));
}

/** The logarithm of the sum of exponentials over the last axis, without overflow. */
function logsumexp(
  x: Tensor<"f32[batch, heads, 1, n / hash_chunk, hash_chunk, 2*hash_chunk]">,
): Tensor<"f32[batch, heads, 1, n / hash_chunk, hash_chunk]"> {
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
  rotations: Tensor<"f32[1, heads, c, half]">,
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
  bucket.dispose();
  const place = rearrange(order, "batch heads (m i) 1 -> batch heads 1 m i", { m: n / config.hash_chunk });
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
  const query = rearrange(qk3, "batch heads (m i) 1 c -> batch heads 1 m i c", { m: n / config.hash_chunk });
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
  const value = rearrange(vh2, "batch heads (m i) 1 c -> batch heads 1 m i c", { m: n / config.hash_chunk });
  vh2.dispose();
  const place2 = roll(place, 3, 1);
  const joined2 = concat([place2, place], 4);
  place2.dispose();
  const key_place = tf.broadcastTo(joined2, [
    config.hash_chunk,
    batch,
    config.heads,
    1,
    n / config.hash_chunk,
    2 * config.hash_chunk,
  ]);
  joined2.dispose();
  const query2 = roll(query, 3, 1);
  const keys = concat([query2, query], 4);
  query2.dispose();
  const value2 = roll(value, 3, 1);
  const values = concat([value2, value], 4);
  tf.dispose([value, value2]);
  const keys2 = unit(keys);
  keys.dispose();
  const product = contract(query, keys2, "a b c d e f, a b c d r f -> a b c d e r");
  tf.dispose([query, keys2]);
  const t2 = tf.tidy(() =>
    tf.where(
      tf.less(tf.expandDims(tf.transpose(place, [4, 0, 1, 2, 3]), 5), key_place),
      -1000000000,
      tf.where(tf.equal(key_place, tf.expandDims(tf.transpose(place, [4, 0, 1, 2, 3]), 5)), -100000, Infinity),
    ),
  );
  tf.dispose([place, key_place]);
  const s = tf.tidy(() => tf.minimum(product, tf.transpose(t2, [1, 2, 3, 4, 0, 5])));
  tf.dispose([product, t2]);
  const found = logsumexp(s);
  const s2 = tf.softmax(s);
  s.dispose();
  const y = contract(s2, values, "a b c d e f, a b c d f s -> a b c d e s");
  tf.dispose([values, s2]);
  const back = argsort(order, 2);
  order.dispose();
  const found2 = rearrange(found, "batch heads 1 m i -> batch heads (m i) 1");
  found.dispose();
  const found3 = tf.tidy(() =>
    lookUp(
      found2,
      [2, 0, 1, 3],
      [
        back,
        tf.expandDims(tf.expandDims(tf.expandDims(positions(batch), 1), 2), 3),
        tf.expandDims(tf.expandDims(positions(config.heads), 1), 2),
        positions(1),
      ],
    ),
  );
  found2.dispose();
  const y2 = rearrange(y, "batch heads 1 m i c -> batch heads (m i) 1 c");
  y.dispose();
  const y3 = tf.tidy(() =>
    lookUp(
      y2,
      [2, 0, 1, 3],
      [
        back,
        tf.expandDims(tf.expandDims(tf.expandDims(positions(batch), 1), 2), 3),
        tf.expandDims(tf.expandDims(positions(config.heads), 1), 2),
        positions(1),
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

/** The same with hashing. Here scores are not scaled, and what chunks bring together may be of several buckets. */
function hashingLayer(
  weights: HashingLayerWeights,
  x1: Tensor<"f32[batch, n, d]">,
  x2: Tensor<"f32[batch, n, d]">,
  rotations: Tensor<"f32[1, heads, c, half]">,
): [Tensor<"f32[batch, n, d]">, Tensor<"f32[batch, n, d]">] {
  const norm_1 = layerNorm(x2, weights.norm_1.weight, weights.norm_1.bias, 1e-12);
  const attn = lshAttention(weights.attn, norm_1, rotations);
  norm_1.dispose();
  const x12 = tf.add(x1, attn);
  attn.dispose();
  const norm_2 = layerNorm(x12, weights.norm_2.weight, weights.norm_2.bias, 1e-12);
  const mlp = ffn(weights.mlp, norm_2);
  norm_2.dispose();
  const x22 = tf.add(x2, mlp);
  mlp.dispose();
  return [x12, x22];
}

/** `hashing` is whether the odd layers hash. Their random `rotations`, into two buckets each, are an input. */
function reformer(
  weights: ReformerWeights,
  ids: Tensor<"i32[batch, n]">,
  rotations: Tensor<"f32[1, heads, c, half]">,
): Hidden {
  const word = embedding(weights.word.weight, ids);
  const x1 = axial(weights.position, word);
  word.dispose();
  const [x12, x2] = reformerLayer(at(weights.layers, 0), x1, x1);
  x1.dispose();
  const [x13, x22] = hashingLayer(at(weights.layers, 1), x12, x2, rotations);
  tf.dispose([x12, x2]);
  const [x14, x23] = reformerLayer(at(weights.layers, 2), x13, x22);
  tf.dispose([x13, x22]);
  const [x15, x24] = hashingLayer(at(weights.layers, 3), x14, x23, rotations);
  tf.dispose([x14, x23]);
  const [x16, x25] = reformerLayer(at(weights.layers, 4), x15, x24);
  tf.dispose([x15, x24]);
  const [x17, x26] = hashingLayer(at(weights.layers, 5), x16, x25, rotations);
  tf.dispose([x16, x25]);
  const joined = concat([x17, x26], 2);
  tf.dispose([x17, x26]);
  const norm = layerNorm(joined, weights.norm.weight, weights.norm.bias, 1e-12);
  joined.dispose();
  return norm;
}

function lmHead(weights: ReformerWeights, x: Hidden): Tensor<"f32[batch, n, vocab]"> {
  return linear(x, weights.head.weight);
}

/** Mean negative log-likelihood of `labels` (nats), over the entries that are not `ignore`. */
function crossEntropy(
  logits: Tensor<"f32[batch, n - 1, vocab]">,
  labels: Tensor<"i32[batch, n - 1]">,
): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const counted = tf.notEqual(labels, tf.scalar(-100, "int32"));
    const t = tf.neg(
      tf.sum(tf.where(counted, pick(tf.logSoftmax(logits), tf.where(counted, labels, tf.scalar(0, "int32"))), 0)),
    );
    return tf.div(t, tf.sum(tf.cast(counted, "float32")));
  });
}

function lmLossOf(weights: ReformerWeights, x: Hidden, ids: Tensor<"i32[batch, n]">): Tensor<"f32[]"> {
  const n = sizeOf(x, 1);
  const logits = linear(x, weights.head.weight);
  const logits2 = slice(logits, 1, 0, n - 1);
  logits.dispose();
  const ids2 = slice(ids, 1, 1, n);
  const logits3 = crossEntropy(logits2, ids2);
  tf.dispose([logits2, ids2]);
  return logits3;
}

export interface LmInputs {
  readonly ids: Input<"i32[batch, n]">;
  readonly rotations: Input<"f32[1, heads, c, half]">;
}

/** Next-token logits. */
export function lm(weights: ReformerWeights, inputs: LmInputs): Tensor<"f32[batch, n, vocab]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const rotations = input("rotations", inputs.rotations, {
      dtype: "float32",
      rank: 4,
      sizes: [1, config.heads, config.c, null],
    });
    const n = sizeOf(ids, 1);
    guard(
      n <= config.lines * config.columns,
      `Reformer: n = ${n} exceeds lines*columns = ${config.lines * config.columns} (reformer.tfm:41)`,
    );
    guard(
      n % config.hash_chunk === 0,
      `Reformer: !hashing | n % hash_chunk == 0 does not hold for hash_chunk = ${config.hash_chunk}, n = ${n} (reformer.tfm:41)`,
    );
    const hidden = reformer(weights, ids, rotations);
    return lmHead(weights, hidden);
  });
}

/** The loss that lm is trained by. */
export function lmLoss(weights: ReformerWeights, inputs: LmInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const rotations = input("rotations", inputs.rotations, {
      dtype: "float32",
      rank: 4,
      sizes: [1, config.heads, config.c, null],
    });
    const n = sizeOf(ids, 1);
    guard(
      n <= config.lines * config.columns,
      `Reformer: n = ${n} exceeds lines*columns = ${config.lines * config.columns} (reformer.tfm:41)`,
    );
    guard(
      n % config.hash_chunk === 0,
      `Reformer: !hashing | n % hash_chunk == 0 does not hold for hash_chunk = ${config.hash_chunk}, n = ${n} (reformer.tfm:41)`,
    );
    const hidden = reformer(weights, ids, rotations);
    return lmLossOf(weights, hidden, ids);
  });
}
