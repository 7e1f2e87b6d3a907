// Longformer (longformer.tfm), config longformer_base. Written by tfmc 0.1.0: change the .tfm file, not this one.
// A token sees `window` / 2 others on either side; `wide` marks those that see and are seen from everywhere.
import * as tf from "@tensorflow/tfjs-core";
import {
  attend,
  contract,
  cumsum,
  embedding,
  gelu,
  guard,
  initialiseWeights,
  input,
  layerNorm,
  linear,
  loadWeights,
  normal,
  ones,
  param,
  pick,
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

/** The numbers of longformer_base. */
export const config = {
  vocab: 50265,
  ctx: 4098,
  segments: 1,
  d: 768,
  depth: 12,
  heads: 12,
  window: 512,
  pad: 1,
  p: 0.1,
  eps: 1e-5,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint allenai/longformer-base-4096. */
export const parameters = {
  word: { weight: param("f32[vocab, d]", [50265, 768], normal(0.02), "embeddings.word_embeddings.weight") },
  position: { weight: param("f32[ctx, d]", [4098, 768], normal(0.02), "embeddings.position_embeddings.weight") },
  kind: { weight: param("f32[segments, d]", [1, 768], normal(0.02), "embeddings.token_type_embeddings.weight") },
  ln: {
    weight: param("f32[d]", [768], ones, "embeddings.LayerNorm.weight"),
    bias: param("f32[d]", [768], zeros, "embeddings.LayerNorm.bias"),
  },
  layer: repeat(12, "i", {
    attn: {
      query: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "encoder.layer.{i}.attention.self.query.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "encoder.layer.{i}.attention.self.query.bias"),
      },
      key: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "encoder.layer.{i}.attention.self.key.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "encoder.layer.{i}.attention.self.key.bias"),
      },
      value: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "encoder.layer.{i}.attention.self.value.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "encoder.layer.{i}.attention.self.value.bias"),
      },
      query_global: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "encoder.layer.{i}.attention.self.query_global.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "encoder.layer.{i}.attention.self.query_global.bias"),
      },
      key_global: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "encoder.layer.{i}.attention.self.key_global.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "encoder.layer.{i}.attention.self.key_global.bias"),
      },
      value_global: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "encoder.layer.{i}.attention.self.value_global.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "encoder.layer.{i}.attention.self.value_global.bias"),
      },
      out: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "encoder.layer.{i}.attention.output.dense.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "encoder.layer.{i}.attention.output.dense.bias"),
      },
    },
    ln_1: {
      weight: param("f32[d]", [768], ones, "encoder.layer.{i}.attention.output.LayerNorm.weight"),
      bias: param("f32[d]", [768], zeros, "encoder.layer.{i}.attention.output.LayerNorm.bias"),
    },
    mlp: {
      up: {
        weight: param("f32[d, 4*d]", [768, 3072], normal(0.02), {
          name: "encoder.layer.{i}.intermediate.dense.weight",
          order: [1, 0],
        }),
        bias: param("f32[4*d]", [3072], zeros, "encoder.layer.{i}.intermediate.dense.bias"),
      },
      down: {
        weight: param("f32[4*d, d]", [3072, 768], normal(0.02), {
          name: "encoder.layer.{i}.output.dense.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "encoder.layer.{i}.output.dense.bias"),
      },
    },
    ln_2: {
      weight: param("f32[d]", [768], ones, "encoder.layer.{i}.output.LayerNorm.weight"),
      bias: param("f32[d]", [768], zeros, "encoder.layer.{i}.output.LayerNorm.bias"),
    },
  }),
  head: {
    bias: param("f32[vocab]", [50265], zeros, "lm_head.bias"),
    transform: {
      weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "lm_head.dense.weight", order: [1, 0] }),
      bias: param("f32[d]", [768], zeros, "lm_head.dense.bias"),
    },
    norm: {
      weight: param("f32[d]", [768], ones, "lm_head.layer_norm.weight"),
      bias: param("f32[d]", [768], zeros, "lm_head.layer_norm.bias"),
    },
  },
};

export type LongformerWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type LongformerLayerWeights = LongformerWeights["layer"][number];
type LongformerAttentionWeights = LongformerLayerWeights["attn"];
type FfnWeights = LongformerLayerWeights["mlp"];
type MaskedHeadWeights = LongformerWeights["head"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<LongformerWeights> {
  return loadWeights(parameters, source, {
    prefixes: ["longformer."],
    ignore: ["embeddings.position_ids", "pooler.*", "lm_head.decoder.*"],
  });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): LongformerWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: LongformerWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/**
 * Longformer (Beltagy et al. 2020): RoBERTa for long texts. A token sees its neighbours and the wide tokens, and those
 * see all.
 */
function longformerAttention(
  weights: LongformerAttentionWeights,
  x: Hidden,
  keep: Tensor<"bool[batch, seq]">,
  wide: Tensor<"bool[batch, seq]">,
): Hidden {
  const query = linear(x, weights.query.weight, weights.query.bias);
  const query2 = rearrange(query, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  query.dispose();
  const key = linear(x, weights.key.weight, weights.key.bias);
  const key2 = rearrange(key, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  key.dispose();
  const value = linear(x, weights.value.weight, weights.value.bias);
  const value2 = rearrange(value, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  value.dispose();
  const near = attend(query2, key2, value2, {
    scale: 0.125,
    mask: where((q, k) =>
      tf.expandDims(
        tf.logicalAnd(
          tf.expandDims(keep, 1),
          tf.logicalOr(
            tf.logicalAnd(
              tf.lessEqual(
                tf.sub(tf.expandDims(tf.reshape(q, [-1]), 1), tf.reshape(k, [-1])),
                tf.scalar(config.window / 2, "int32"),
              ),
              tf.lessEqual(
                tf.sub(tf.reshape(k, [-1]), tf.expandDims(tf.reshape(q, [-1]), 1)),
                tf.scalar(config.window / 2, "int32"),
              ),
            ),
            tf.logicalOr(tf.expandDims(wide, 2), tf.expandDims(wide, 1)),
          ),
        ),
        1,
      ),
    ),
  });
  tf.dispose([query2, key2, value2]);
  const query_global = linear(x, weights.query_global.weight, weights.query_global.bias);
  const query_global2 = rearrange(query_global, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  query_global.dispose();
  const key_global = linear(x, weights.key_global.weight, weights.key_global.bias);
  const key_global2 = rearrange(key_global, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  key_global.dispose();
  const value_global = linear(x, weights.value_global.weight, weights.value_global.bias);
  const value_global2 = rearrange(value_global, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  value_global.dispose();
  const far = attend(query_global2, key_global2, value_global2, {
    scale: 0.125,
    mask: where(() => tf.expandDims(tf.expandDims(keep, 1), 2)),
  });
  tf.dispose([query_global2, key_global2, value_global2]);
  const seen = tf.tidy(() =>
    tf.where(
      tf.expandDims(tf.expandDims(keep, 1), 3),
      tf.where(tf.expandDims(tf.expandDims(wide, 1), 3), far, near),
      0,
    ),
  );
  tf.dispose([near, far]);
  const seen2 = rearrange(seen, "batch heads seq c -> batch seq (heads c)");
  seen.dispose();
  const out = linear(seen2, weights.out.weight, weights.out.bias);
  seen2.dispose();
  return out;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn(weights: FfnWeights, x: Hidden): Hidden {
  return tf.tidy(() =>
    linear(gelu(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

function longformerLayer(
  weights: LongformerLayerWeights,
  x: Hidden,
  keep: Tensor<"bool[batch, seq]">,
  wide: Tensor<"bool[batch, seq]">,
): Hidden {
  const attn = longformerAttention(weights.attn, x, keep, wide);
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

/** A token sees `window` / 2 others on either side; `wide` marks those that see and are seen from everywhere. */
function longformer(
  weights: LongformerWeights,
  ids: Tensor<"i32[batch, seq]">,
  keep: Tensor<"bool[batch, seq]">,
  wide: Tensor<"bool[batch, seq]">,
  segment: Tensor<"i32[batch, seq]">,
): Hidden {
  const text = tf.tidy(() => tf.cast(tf.notEqual(ids, tf.scalar(config.pad, "int32")), "int32"));
  const text2 = cumsum(text, 1);
  const at2 = tf.tidy(() => tf.add(tf.mul(text2, text), tf.scalar(config.pad, "int32")));
  tf.dispose([text, text2]);
  const word = embedding(weights.word.weight, ids);
  const position = embedding(weights.position.weight, at2);
  at2.dispose();
  const kind = embedding(weights.kind.weight, segment);
  const sum = tf.tidy(() => tf.add(tf.add(word, position), kind));
  tf.dispose([word, position, kind]);
  let x: Hidden = layerNorm(sum, weights.ln.weight, weights.ln.bias, 1e-5);
  sum.dispose();
  for (const layer_ of weights.layer) {
    const next = longformerLayer(layer_, x, keep, wide);
    x.dispose();
    x = next;
  }

  return x;
}

/**
 * Logits for masked tokens (Devlin et al. 2018): a layer, and then the table of the tokens itself, as wide as that
 * layer is.
 */
function maskedHead(
  weights: MaskedHeadWeights,
  x: Hidden,
  table2: Tensor<"f32[vocab, d]">,
): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => {
    const norm = layerNorm(
      gelu(linear(x, weights.transform.weight, weights.transform.bias)),
      weights.norm.weight,
      weights.norm.bias,
      1e-5,
    );
    return tf.add(contract(norm, table2, "a b c, n c -> a b n"), weights.bias);
  });
}

function mlmHead(weights: LongformerWeights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
  return maskedHead(weights.head, x, weights.word.weight);
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

function mlmLossOf(weights: LongformerWeights, x: Hidden, labels: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  const logits = maskedHead(weights.head, x, weights.word.weight);
  const logits2 = crossEntropy(logits, labels);
  logits.dispose();
  return logits2;
}

export interface MlmInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
  readonly wide?: Input<"bool[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
}

/** The tokens that were masked: `labels` is -100 where none was. */
export function mlm(weights: LongformerWeights, inputs: MlmInputs): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(ids, 0);
    const seq = sizeOf(ids, 1);
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    const wide =
      inputs.wide === undefined
        ? tf.fill([batch, seq], 0, "bool")
        : input("wide", inputs.wide, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    const segment =
      inputs.segment === undefined
        ? tf.fill([batch, seq], 0, "int32")
        : input("segment", inputs.segment, { dtype: "int32", rank: 2, below: config.segments, sizes: [batch, seq] });
    guard(
      seq + config.pad < config.ctx,
      `Longformer: seq + pad < ctx does not hold for seq + pad = ${seq + config.pad}, ctx = ${config.ctx} (longformer.tfm:30)`,
    );
    const hidden = longformer(weights, ids, keep, wide, segment);
    return mlmHead(weights, hidden);
  });
}

export interface MlmLossInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
  readonly wide?: Input<"bool[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly labels: Input<"i32[batch, seq]">;
}

/** The loss that mlm is trained by. */
export function mlmLoss(weights: LongformerWeights, inputs: MlmLossInputs): Tensor<"f32[]"> {
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
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    const wide =
      inputs.wide === undefined
        ? tf.fill([batch, seq], 0, "bool")
        : input("wide", inputs.wide, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    const segment =
      inputs.segment === undefined
        ? tf.fill([batch, seq], 0, "int32")
        : input("segment", inputs.segment, { dtype: "int32", rank: 2, below: config.segments, sizes: [batch, seq] });
    guard(
      seq + config.pad < config.ctx,
      `Longformer: seq + pad < ctx does not hold for seq + pad = ${seq + config.pad}, ctx = ${config.ctx} (longformer.tfm:30)`,
    );
    const hidden = longformer(weights, ids, keep, wide, segment);
    return mlmLossOf(weights, hidden, labels);
  });
}
