// Electra (electra.tfm), config electra_small. Written by tfmc 0.1.0: change the .tfm file, not this one.
// Both are encoders of this kind. Tables may be narrower than the layers.
import * as tf from "@tensorflow/tfjs-core";
import {
  attend,
  contract,
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
  positions,
  rearrange,
  repeat,
  saveWeights,
  sizeOf,
  take,
  where,
  zeros,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of electra_small. */
export const config = { vocab: 30522, ctx: 512, segments: 2, e: 128, d: 256, depth: 12, heads: 4, p: 0.1, eps: 1e-12 };
/** Every weight: its shape, how it starts, and its place in the checkpoint google/electra-small-discriminator. */
export const parameters = {
  word: { weight: param("f32[vocab, e]", [30522, 128], normal(0.02), "embeddings.word_embeddings.weight") },
  position: { weight: param("f32[ctx, e]", [512, 128], normal(0.02), "embeddings.position_embeddings.weight") },
  kind: { weight: param("f32[segments, e]", [2, 128], normal(0.02), "embeddings.token_type_embeddings.weight") },
  norm: {
    weight: param("f32[e]", [128], ones, "embeddings.LayerNorm.weight"),
    bias: param("f32[e]", [128], zeros, "embeddings.LayerNorm.bias"),
  },
  widen: {
    weight: param("f32[e, d]", [128, 256], normal(0.02), { name: "embeddings_project.weight", order: [1, 0] }),
    bias: param("f32[d]", [256], zeros, "embeddings_project.bias"),
  },
  layer: repeat(12, "i", {
    attn: {
      q: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), {
          name: "encoder.layer.{i}.attention.self.query.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "encoder.layer.{i}.attention.self.query.bias"),
      },
      k: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), {
          name: "encoder.layer.{i}.attention.self.key.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "encoder.layer.{i}.attention.self.key.bias"),
      },
      v: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), {
          name: "encoder.layer.{i}.attention.self.value.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "encoder.layer.{i}.attention.self.value.bias"),
      },
      o: {
        weight: param("f32[d, d]", [256, 256], normal(0.02), {
          name: "encoder.layer.{i}.attention.output.dense.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "encoder.layer.{i}.attention.output.dense.bias"),
      },
    },
    ln_1: {
      weight: param("f32[d]", [256], ones, "encoder.layer.{i}.attention.output.LayerNorm.weight"),
      bias: param("f32[d]", [256], zeros, "encoder.layer.{i}.attention.output.LayerNorm.bias"),
    },
    mlp: {
      up: {
        weight: param("f32[d, 4*d]", [256, 1024], normal(0.02), {
          name: "encoder.layer.{i}.intermediate.dense.weight",
          order: [1, 0],
        }),
        bias: param("f32[4*d]", [1024], zeros, "encoder.layer.{i}.intermediate.dense.bias"),
      },
      down: {
        weight: param("f32[4*d, d]", [1024, 256], normal(0.02), {
          name: "encoder.layer.{i}.output.dense.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [256], zeros, "encoder.layer.{i}.output.dense.bias"),
      },
    },
    ln_2: {
      weight: param("f32[d]", [256], ones, "encoder.layer.{i}.output.LayerNorm.weight"),
      bias: param("f32[d]", [256], zeros, "encoder.layer.{i}.output.LayerNorm.bias"),
    },
  }),
  head: {
    bias: param("f32[vocab]", [30522], zeros, "generator_lm_head.bias"),
    transform: {
      weight: param("f32[d, e]", [256, 128], normal(0.02), {
        name: "generator_predictions.dense.weight",
        order: [1, 0],
      }),
      bias: param("f32[e]", [128], zeros, "generator_predictions.dense.bias"),
    },
    norm: {
      weight: param("f32[e]", [128], ones, "generator_predictions.LayerNorm.weight"),
      bias: param("f32[e]", [128], zeros, "generator_predictions.LayerNorm.bias"),
    },
  },
  dense: {
    weight: param("f32[d, d]", [256, 256], normal(0.02), {
      name: "discriminator_predictions.dense.weight",
      order: [1, 0],
    }),
    bias: param("f32[d]", [256], zeros, "discriminator_predictions.dense.bias"),
  },
  answer: {
    weight: param("f32[d, 1]", [256, 1], normal(0.02), {
      name: "discriminator_predictions.dense_prediction.weight",
      order: [1, 0],
    }),
    bias: param("f32[1]", [1], zeros, "discriminator_predictions.dense_prediction.bias"),
  },
};

export type ElectraWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type ElectraLayerWeights = ElectraWeights["layer"][number];
type AttentionWeights = ElectraLayerWeights["attn"];
type FfnWeights = ElectraLayerWeights["mlp"];
type MaskedHeadWeights = ElectraWeights["head"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<ElectraWeights> {
  return loadWeights(parameters, source, {
    prefixes: ["electra."],
    ignore: ["embeddings.position_ids", "generator_lm_head.weight"],
  });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): ElectraWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: ElectraWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention(weights: AttentionWeights, x: Hidden, keep: Tensor<"bool[batch, seq]">): Hidden {
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
function ffn(weights: FfnWeights, x: Hidden): Hidden {
  return tf.tidy(() =>
    linear(gelu(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

/**
 * ELECTRA (Clark et al. 2020): a small generator fills masked tokens in, and a discriminator tells which tokens were
 * replaced.
 */
function electraLayer(weights: ElectraLayerWeights, x: Hidden, keep: Tensor<"bool[batch, seq]">): Hidden {
  const attn = attention(weights.attn, x, keep);
  const sum = tf.add(x, attn);
  attn.dispose();
  const x2 = layerNorm(sum, weights.ln_1.weight, weights.ln_1.bias, 1e-12);
  sum.dispose();
  const mlp = ffn(weights.mlp, x2);
  const sum2 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  const x3 = layerNorm(sum2, weights.ln_2.weight, weights.ln_2.bias, 1e-12);
  sum2.dispose();
  return x3;
}

/** Both are encoders of this kind. Tables may be narrower than the layers. */
function electra(
  weights: ElectraWeights,
  ids: Tensor<"i32[batch, seq]">,
  segment: Tensor<"i32[batch, seq]">,
  keep: Tensor<"bool[batch, seq]">,
): Hidden {
  const seq = sizeOf(ids, 1);
  const word = embedding(weights.word.weight, ids);
  const seq2 = positions(seq);
  const position = embedding(weights.position.weight, seq2);
  seq2.dispose();
  const kind = embedding(weights.kind.weight, segment);
  const sum = tf.tidy(() => tf.add(tf.add(word, position), kind));
  tf.dispose([word, position, kind]);
  const x = layerNorm(sum, weights.norm.weight, weights.norm.bias, 1e-12);
  sum.dispose();
  let h: Hidden = linear(x, weights.widen.weight, weights.widen.bias);
  x.dispose();
  for (const layer_ of weights.layer) {
    const next = electraLayer(layer_, h, keep);
    h.dispose();
    h = next;
  }

  return h;
}

/**
 * Logits for masked tokens (Devlin et al. 2018): a layer, and then the table of the tokens itself, as wide as that
 * layer is.
 */
function maskedHead(
  weights: MaskedHeadWeights,
  x: Hidden,
  table2: Tensor<"f32[vocab, e]">,
): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => {
    const norm = layerNorm(
      gelu(linear(x, weights.transform.weight, weights.transform.bias)),
      weights.norm.weight,
      weights.norm.bias,
      1e-12,
    );
    return tf.add(contract(norm, table2, "a b c, n c -> a b n"), weights.bias);
  });
}

function generatorHead(weights: ElectraWeights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
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

function generatorLossOf(weights: ElectraWeights, x: Hidden, labels: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  const logits = maskedHead(weights.head, x, weights.word.weight);
  const logits2 = crossEntropy(logits, labels);
  logits.dispose();
  return logits2;
}

function discriminatorHead(weights: ElectraWeights, x: Hidden): Tensor<"f32[batch, seq]"> {
  return tf.tidy(() => {
    const logits = take(
      linear(gelu(linear(x, weights.dense.weight, weights.dense.bias)), weights.answer.weight, weights.answer.bias),
      2,
      0,
    );
    return logits;
  });
}

/** log(1 + exp(x)), without overflow. */
function softplus(x: Tensor<"f32[batch, seq]">): Tensor<"f32[batch, seq]"> {
  return tf.tidy(() => tf.add(tf.maximum(x, 0), tf.log(tf.add(1, tf.exp(tf.neg(tf.abs(x)))))));
}

function discriminatorLossOf(
  weights: ElectraWeights,
  x: Hidden,
  replaced: Tensor<"bool[batch, seq]">,
  keep: Tensor<"bool[batch, seq]">,
): Tensor<"f32[]"> {
  const dense = linear(x, weights.dense.weight, weights.dense.bias);
  const dense2 = gelu(dense);
  dense.dispose();
  const answer = linear(dense2, weights.answer.weight, weights.answer.bias);
  dense2.dispose();
  const logits = take(answer, 2, 0);
  answer.dispose();
  const logits2 = softplus(logits);
  const t = tf.tidy(() =>
    tf.div(
      tf.sum(tf.where(keep, tf.sub(logits2, tf.mul(logits, tf.cast(replaced, "float32"))), 0)),
      tf.sum(tf.cast(keep, "float32")),
    ),
  );
  tf.dispose([logits, logits2]);
  return t;
}

export interface GeneratorInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
}

/** The tokens that were masked: `labels` is -100 where none was. */
export function generator(weights: ElectraWeights, inputs: GeneratorInputs): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(ids, 0);
    const seq = sizeOf(ids, 1);
    const segment =
      inputs.segment === undefined
        ? tf.fill([batch, seq], 0, "int32")
        : input("segment", inputs.segment, { dtype: "int32", rank: 2, below: config.segments, sizes: [batch, seq] });
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    guard(seq <= config.ctx, `Electra: seq = ${seq} exceeds ctx = ${config.ctx} (electra.tfm:15)`);
    const hidden = electra(weights, ids, segment, keep);
    return generatorHead(weights, hidden);
  });
}

export interface GeneratorLossInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
  readonly labels: Input<"i32[batch, seq]">;
}

/** The loss that generator is trained by. */
export function generatorLoss(weights: ElectraWeights, inputs: GeneratorLossInputs): Tensor<"f32[]"> {
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
        : input("segment", inputs.segment, { dtype: "int32", rank: 2, below: config.segments, sizes: [batch, seq] });
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    guard(seq <= config.ctx, `Electra: seq = ${seq} exceeds ctx = ${config.ctx} (electra.tfm:15)`);
    const hidden = electra(weights, ids, segment, keep);
    return generatorLossOf(weights, hidden, labels);
  });
}

export interface DiscriminatorInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
}

/** Log-odds that a token is not what it was, but what the generator made of it. */
export function discriminator(weights: ElectraWeights, inputs: DiscriminatorInputs): Tensor<"f32[batch, seq]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(ids, 0);
    const seq = sizeOf(ids, 1);
    const segment =
      inputs.segment === undefined
        ? tf.fill([batch, seq], 0, "int32")
        : input("segment", inputs.segment, { dtype: "int32", rank: 2, below: config.segments, sizes: [batch, seq] });
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    guard(seq <= config.ctx, `Electra: seq = ${seq} exceeds ctx = ${config.ctx} (electra.tfm:15)`);
    const hidden = electra(weights, ids, segment, keep);
    return discriminatorHead(weights, hidden);
  });
}

export interface DiscriminatorLossInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
  readonly replaced: Input<"bool[batch, seq]">;
}

/** The loss that discriminator is trained by. */
export function discriminatorLoss(weights: ElectraWeights, inputs: DiscriminatorLossInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(ids, 0);
    const seq = sizeOf(ids, 1);
    const replaced = input("replaced", inputs.replaced, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    const segment =
      inputs.segment === undefined
        ? tf.fill([batch, seq], 0, "int32")
        : input("segment", inputs.segment, { dtype: "int32", rank: 2, below: config.segments, sizes: [batch, seq] });
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    guard(seq <= config.ctx, `Electra: seq = ${seq} exceeds ctx = ${config.ctx} (electra.tfm:15)`);
    const hidden = electra(weights, ids, segment, keep);
    return discriminatorLossOf(weights, hidden, replaced, keep);
  });
}
