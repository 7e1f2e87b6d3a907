// Albert (albert.tfm), config albert_base. Written by tfmc 0.1.0: change the .tfm file, not this one.
// Of `depth` passes, the first depth / groups are through the first group, and so on.
import * as tf from "@tensorflow/tfjs-core";
import {
  at,
  attend,
  contract,
  embedding,
  geluTanh,
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

/** The numbers of albert_base. */
export const config = {
  vocab: 30000,
  ctx: 512,
  segments: 2,
  e: 128,
  d: 768,
  depth: 12,
  groups: 1,
  inner: 1,
  heads: 12,
  p: 0,
  eps: 1e-12,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint albert/albert-base-v2. */
export const parameters = {
  word: { weight: param("f32[vocab, e]", [30000, 128], normal(0.02), "embeddings.word_embeddings.weight") },
  position: { weight: param("f32[ctx, e]", [512, 128], normal(0.02), "embeddings.position_embeddings.weight") },
  kind: { weight: param("f32[segments, e]", [2, 128], normal(0.02), "embeddings.token_type_embeddings.weight") },
  norm: {
    weight: param("f32[e]", [128], ones, "embeddings.LayerNorm.weight"),
    bias: param("f32[e]", [128], zeros, "embeddings.LayerNorm.bias"),
  },
  widen: {
    weight: param("f32[e, d]", [128, 768], normal(0.02), {
      name: "encoder.embedding_hidden_mapping_in.weight",
      order: [1, 0],
    }),
    bias: param("f32[d]", [768], zeros, "encoder.embedding_hidden_mapping_in.bias"),
  },
  group: repeat(1, "i", {
    layer: repeat(1, "j", {
      attention: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "encoder.albert_layer_groups.{i}.albert_layers.{j}.attention.query.weight",
            order: [1, 0],
          }),
          bias: param("f32[d]", [768], zeros, "encoder.albert_layer_groups.{i}.albert_layers.{j}.attention.query.bias"),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "encoder.albert_layer_groups.{i}.albert_layers.{j}.attention.key.weight",
            order: [1, 0],
          }),
          bias: param("f32[d]", [768], zeros, "encoder.albert_layer_groups.{i}.albert_layers.{j}.attention.key.bias"),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "encoder.albert_layer_groups.{i}.albert_layers.{j}.attention.value.weight",
            order: [1, 0],
          }),
          bias: param("f32[d]", [768], zeros, "encoder.albert_layer_groups.{i}.albert_layers.{j}.attention.value.bias"),
        },
        o: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "encoder.albert_layer_groups.{i}.albert_layers.{j}.attention.dense.weight",
            order: [1, 0],
          }),
          bias: param("f32[d]", [768], zeros, "encoder.albert_layer_groups.{i}.albert_layers.{j}.attention.dense.bias"),
        },
      },
      attention_norm: {
        weight: param(
          "f32[d]",
          [768],
          ones,
          "encoder.albert_layer_groups.{i}.albert_layers.{j}.attention.LayerNorm.weight",
        ),
        bias: param(
          "f32[d]",
          [768],
          zeros,
          "encoder.albert_layer_groups.{i}.albert_layers.{j}.attention.LayerNorm.bias",
        ),
      },
      mlp: {
        up: {
          weight: param("f32[d, 4*d]", [768, 3072], normal(0.02), {
            name: "encoder.albert_layer_groups.{i}.albert_layers.{j}.ffn.weight",
            order: [1, 0],
          }),
          bias: param("f32[4*d]", [3072], zeros, "encoder.albert_layer_groups.{i}.albert_layers.{j}.ffn.bias"),
        },
        down: {
          weight: param("f32[4*d, d]", [3072, 768], normal(0.02), {
            name: "encoder.albert_layer_groups.{i}.albert_layers.{j}.ffn_output.weight",
            order: [1, 0],
          }),
          bias: param("f32[d]", [768], zeros, "encoder.albert_layer_groups.{i}.albert_layers.{j}.ffn_output.bias"),
        },
      },
      full_layer_norm: {
        weight: param(
          "f32[d]",
          [768],
          ones,
          "encoder.albert_layer_groups.{i}.albert_layers.{j}.full_layer_layer_norm.weight",
        ),
        bias: param(
          "f32[d]",
          [768],
          zeros,
          "encoder.albert_layer_groups.{i}.albert_layers.{j}.full_layer_layer_norm.bias",
        ),
      },
    }),
  }),
  head: {
    bias: param("f32[vocab]", [30000], zeros, "predictions.bias"),
    transform: {
      weight: param("f32[d, e]", [768, 128], normal(0.02), { name: "predictions.dense.weight", order: [1, 0] }),
      bias: param("f32[e]", [128], zeros, "predictions.dense.bias"),
    },
    norm: {
      weight: param("f32[e]", [128], ones, "predictions.LayerNorm.weight"),
      bias: param("f32[e]", [128], zeros, "predictions.LayerNorm.bias"),
    },
  },
  pooler: {
    weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "pooler.weight", order: [1, 0] }),
    bias: param("f32[d]", [768], zeros),
  },
  order: {
    weight: param("f32[d, 2]", [768, 2], normal(0.02), { name: "sop_classifier.classifier.weight", order: [1, 0] }),
    bias: param("f32[2]", [2], zeros, "sop_classifier.classifier.bias"),
  },
};

export type AlbertWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type AlbertGroupWeights = AlbertWeights["group"][0];
type AlbertLayerWeights = AlbertGroupWeights["layer"][number];
type AttentionWeights = AlbertLayerWeights["attention"];
type FfnWeights = AlbertLayerWeights["mlp"];
type MaskedHeadWeights = AlbertWeights["head"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<AlbertWeights> {
  return loadWeights(parameters, source, {
    prefixes: ["albert."],
    ignore: ["embeddings.position_ids", "predictions.decoder.*"],
  });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): AlbertWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: AlbertWeights, sink: Sink): Promise<void> {
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
    linear(geluTanh(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

/** ALBERT (Lan et al. 2019): BERT with a narrow table of tokens, and with few layers that are each passed many times. */
function albertLayer(weights: AlbertLayerWeights, x: Hidden, keep: Tensor<"bool[batch, seq]">): Hidden {
  const attention2 = attention(weights.attention, x, keep);
  const sum = tf.add(x, attention2);
  attention2.dispose();
  const x2 = layerNorm(sum, weights.attention_norm.weight, weights.attention_norm.bias, 1e-12);
  sum.dispose();
  const mlp = ffn(weights.mlp, x2);
  const sum2 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  const x3 = layerNorm(sum2, weights.full_layer_norm.weight, weights.full_layer_norm.bias, 1e-12);
  sum2.dispose();
  return x3;
}

/** The layers that are passed together. */
function albertGroup(weights: AlbertGroupWeights, x: Hidden, keep: Tensor<"bool[batch, seq]">): Hidden {
  let x2: Hidden = x.clone();
  for (const layer_ of weights.layer) {
    const next = albertLayer(layer_, x2, keep);
    x2.dispose();
    x2 = next;
  }

  return x2;
}

/** Of `depth` passes, the first depth / groups are through the first group, and so on. */
function albert(
  weights: AlbertWeights,
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
  const norm = layerNorm(sum, weights.norm.weight, weights.norm.bias, 1e-12);
  sum.dispose();
  let x: Hidden = linear(norm, weights.widen.weight, weights.widen.bias);
  norm.dispose();
  for (let i = 0; i < config.depth; i++) {
    const next = albertGroup(at(weights.group, 0), x, keep);
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
  table2: Tensor<"f32[vocab, e]">,
): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => {
    const norm = layerNorm(
      geluTanh(linear(x, weights.transform.weight, weights.transform.bias)),
      weights.norm.weight,
      weights.norm.bias,
      1e-12,
    );
    return tf.add(contract(norm, table2, "a b c, n c -> a b n"), weights.bias);
  });
}

function mlmHead(weights: AlbertWeights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
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

function mlmLossOf(weights: AlbertWeights, x: Hidden, labels: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  const logits = maskedHead(weights.head, x, weights.word.weight);
  const logits2 = crossEntropy(logits, labels);
  logits.dispose();
  return logits2;
}

function pretrainingHead(
  weights: AlbertWeights,
  x: Hidden,
): [Tensor<"f32[batch, seq, vocab]">, Tensor<"f32[batch, 2]">] {
  const x2 = take(x, 1, 0);
  const pooler = linear(x2, weights.pooler.weight, weights.pooler.bias);
  x2.dispose();
  const t = tf.tanh(pooler);
  pooler.dispose();
  const order = linear(t, weights.order.weight, weights.order.bias);
  t.dispose();
  return [maskedHead(weights.head, x, weights.word.weight), order];
}

/** Mean negative log-likelihood of `labels` (nats), over the entries that are not `ignore`. */
function crossEntropy2(logits: Tensor<"f32[batch, 2]">, labels: Tensor<"i32[batch]">): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const counted = tf.notEqual(labels, tf.scalar(-100, "int32"));
    const t = tf.neg(
      tf.sum(tf.where(counted, pick(tf.logSoftmax(logits), tf.where(counted, labels, tf.scalar(0, "int32"))), 0)),
    );
    return tf.div(t, tf.sum(tf.cast(counted, "float32")));
  });
}

function pretrainingLossOf(
  weights: AlbertWeights,
  x: Hidden,
  labels: Tensor<"i32[batch, seq]">,
  swapped: Tensor<"i32[batch]">,
): Tensor<"f32[]"> {
  const tokens2 = maskedHead(weights.head, x, weights.word.weight);
  const x2 = take(x, 1, 0);
  const pooler = linear(x2, weights.pooler.weight, weights.pooler.bias);
  x2.dispose();
  const t = tf.tanh(pooler);
  pooler.dispose();
  const order = linear(t, weights.order.weight, weights.order.bias);
  t.dispose();
  const tokens3 = crossEntropy(tokens2, labels);
  tokens2.dispose();
  const order2 = crossEntropy2(order, swapped);
  order.dispose();
  const loss = tf.add(tokens3, order2);
  tf.dispose([tokens3, order2]);
  return loss;
}

export interface MlmInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
}

/** The tokens that were masked: `labels` is -100 where none was. */
export function mlm(weights: AlbertWeights, inputs: MlmInputs): Tensor<"f32[batch, seq, vocab]"> {
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
    guard(seq <= config.ctx, `Albert: seq = ${seq} exceeds ctx = ${config.ctx} (albert.tfm:21)`);
    const hidden = albert(weights, ids, segment, keep);
    return mlmHead(weights, hidden);
  });
}

export interface MlmLossInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
  readonly labels: Input<"i32[batch, seq]">;
}

/** The loss that mlm is trained by. */
export function mlmLoss(weights: AlbertWeights, inputs: MlmLossInputs): Tensor<"f32[]"> {
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
    guard(seq <= config.ctx, `Albert: seq = ${seq} exceeds ctx = ${config.ctx} (albert.tfm:21)`);
    const hidden = albert(weights, ids, segment, keep);
    return mlmLossOf(weights, hidden, labels);
  });
}

export interface PretrainingInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
}

/** As the paper trains: the masked tokens, and whether two pieces of text were swapped. */
export function pretraining(
  weights: AlbertWeights,
  inputs: PretrainingInputs,
): { readonly tokens: Tensor<"f32[batch, seq, vocab]">; readonly order: Tensor<"f32[batch, 2]"> } {
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
    guard(seq <= config.ctx, `Albert: seq = ${seq} exceeds ctx = ${config.ctx} (albert.tfm:21)`);
    const hidden = albert(weights, ids, segment, keep);
    const [tokens2, order] = pretrainingHead(weights, hidden);
    return { tokens: tokens2, order };
  });
}

export interface PretrainingLossInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
  readonly labels: Input<"i32[batch, seq]">;
  readonly swapped: Input<"i32[batch]">;
}

/** The loss that pretraining is trained by. */
export function pretrainingLoss(weights: AlbertWeights, inputs: PretrainingLossInputs): Tensor<"f32[]"> {
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
    const swapped = input("swapped", inputs.swapped, {
      dtype: "int32",
      rank: 1,
      below: 2,
      except: -100,
      sizes: [batch],
    });
    const segment =
      inputs.segment === undefined
        ? tf.fill([batch, seq], 0, "int32")
        : input("segment", inputs.segment, { dtype: "int32", rank: 2, below: config.segments, sizes: [batch, seq] });
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    guard(seq <= config.ctx, `Albert: seq = ${seq} exceeds ctx = ${config.ctx} (albert.tfm:21)`);
    const hidden = albert(weights, ids, segment, keep);
    return pretrainingLossOf(weights, hidden, labels, swapped);
  });
}
