// Bert (bert.tfm), config bert_base. Written by tfmc 0.1.0: change the .tfm file, not this one.
// `keep` is false for padding, `segment` 0 for the first text and 1 for the second.
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

/** The numbers of bert_base. */
export const config = { vocab: 30522, ctx: 512, segments: 2, d: 768, depth: 12, heads: 12, p: 0.1, eps: 1e-12 };
/** Every weight: its shape, how it starts, and its place in the checkpoint google-bert/bert-base-uncased. */
export const parameters = {
  word: { weight: param("f32[vocab, d]", [30522, 768], normal(0.02), "embeddings.word_embeddings.weight") },
  position: { weight: param("f32[ctx, d]", [512, 768], normal(0.02), "embeddings.position_embeddings.weight") },
  kind: { weight: param("f32[segments, d]", [2, 768], normal(0.02), "embeddings.token_type_embeddings.weight") },
  ln: {
    weight: param("f32[d]", [768], ones, { name: ["embeddings.LayerNorm.weight", "embeddings.LayerNorm.gamma"] }),
    bias: param("f32[d]", [768], zeros, { name: ["embeddings.LayerNorm.bias", "embeddings.LayerNorm.beta"] }),
  },
  layer: repeat(12, "i", {
    attn: {
      q: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "encoder.layer.{i}.attention.self.query.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "encoder.layer.{i}.attention.self.query.bias"),
      },
      k: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "encoder.layer.{i}.attention.self.key.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "encoder.layer.{i}.attention.self.key.bias"),
      },
      v: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "encoder.layer.{i}.attention.self.value.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "encoder.layer.{i}.attention.self.value.bias"),
      },
      o: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "encoder.layer.{i}.attention.output.dense.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "encoder.layer.{i}.attention.output.dense.bias"),
      },
    },
    ln_1: {
      weight: param("f32[d]", [768], ones, {
        name: [
          "encoder.layer.{i}.attention.output.LayerNorm.weight",
          "encoder.layer.{i}.attention.output.LayerNorm.gamma",
        ],
      }),
      bias: param("f32[d]", [768], zeros, {
        name: [
          "encoder.layer.{i}.attention.output.LayerNorm.bias",
          "encoder.layer.{i}.attention.output.LayerNorm.beta",
        ],
      }),
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
      weight: param("f32[d]", [768], ones, {
        name: ["encoder.layer.{i}.output.LayerNorm.weight", "encoder.layer.{i}.output.LayerNorm.gamma"],
      }),
      bias: param("f32[d]", [768], zeros, {
        name: ["encoder.layer.{i}.output.LayerNorm.bias", "encoder.layer.{i}.output.LayerNorm.beta"],
      }),
    },
  }),
  words: {
    bias: param("f32[vocab]", [30522], zeros, "cls.predictions.bias"),
    transform: {
      weight: param("f32[d, d]", [768, 768], normal(0.02), {
        name: "cls.predictions.transform.dense.weight",
        order: [1, 0],
      }),
      bias: param("f32[d]", [768], zeros, "cls.predictions.transform.dense.bias"),
    },
    norm: {
      weight: param("f32[d]", [768], ones, {
        name: ["cls.predictions.transform.LayerNorm.weight", "cls.predictions.transform.LayerNorm.gamma"],
      }),
      bias: param("f32[d]", [768], zeros, {
        name: ["cls.predictions.transform.LayerNorm.bias", "cls.predictions.transform.LayerNorm.beta"],
      }),
    },
  },
  pooler: {
    weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "pooler.dense.weight", order: [1, 0] }),
    bias: param("f32[d]", [768], zeros, "pooler.dense.bias"),
  },
  next: {
    weight: param("f32[d, 2]", [768, 2], normal(0.02), { name: "cls.seq_relationship.weight", order: [1, 0] }),
    bias: param("f32[2]", [2], zeros, "cls.seq_relationship.bias"),
  },
  classifier: {
    weight: param("f32[d, 2]", [768, 2], normal(0.02), { name: "classifier.weight", order: [1, 0] }),
    bias: param("f32[2]", [2], zeros),
  },
  ends: {
    weight: param("f32[d, 2]", [768, 2], normal(0.02), { name: "qa_outputs.weight", order: [1, 0] }),
    bias: param("f32[2]", [2], zeros, "qa_outputs.bias"),
  },
};

export type BertWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type BertLayerWeights = BertWeights["layer"][number];
type AttentionWeights = BertLayerWeights["attn"];
type FfnWeights = BertLayerWeights["mlp"];
type MaskedHeadWeights = BertWeights["words"];
type PoolerWeights = BertWeights["pooler"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<BertWeights> {
  return loadWeights(parameters, source, {
    prefixes: ["bert."],
    ignore: ["embeddings.position_ids", "cls.predictions.decoder.*"],
  });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): BertWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: BertWeights, sink: Sink): Promise<void> {
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

/** BERT (Devlin et al. 2018): a post-norm encoder that sees both sides of every token, and five tasks for it. */
function bertLayer(weights: BertLayerWeights, x: Hidden, keep: Tensor<"bool[batch, seq]">): Hidden {
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

/** `keep` is false for padding, `segment` 0 for the first text and 1 for the second. */
function bert(
  weights: BertWeights,
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
  let x: Hidden = layerNorm(sum, weights.ln.weight, weights.ln.bias, 1e-12);
  sum.dispose();
  for (const layer_ of weights.layer) {
    const next = bertLayer(layer_, x, keep);
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
      1e-12,
    );
    return tf.add(contract(norm, table2, "a b c, n c -> a b n"), weights.bias);
  });
}

function mlmHead(weights: BertWeights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
  return maskedHead(weights.words, x, weights.word.weight);
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

function mlmLossOf(weights: BertWeights, x: Hidden, labels: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  const logits = maskedHead(weights.words, x, weights.word.weight);
  const logits2 = crossEntropy(logits, labels);
  logits.dispose();
  return logits2;
}

/** What stands behind the first token, for what is said of a whole text. */
function pooler(weights: PoolerWeights, x: Hidden): Tensor<"f32[batch, d]"> {
  return tf.tidy(() => tf.tanh(linear(take(x, 1, 0), weights.weight, weights.bias)));
}

function pretrainingHead(weights: BertWeights, x: Hidden): [Tensor<"f32[batch, seq, vocab]">, Tensor<"f32[batch, 2]">] {
  const pooler2 = pooler(weights.pooler, x);
  const next = linear(pooler2, weights.next.weight, weights.next.bias);
  pooler2.dispose();
  return [maskedHead(weights.words, x, weights.word.weight), next];
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
  weights: BertWeights,
  x: Hidden,
  labels: Tensor<"i32[batch, seq]">,
  other: Tensor<"i32[batch]">,
): Tensor<"f32[]"> {
  const tokens2 = maskedHead(weights.words, x, weights.word.weight);
  const pooler2 = pooler(weights.pooler, x);
  const next = linear(pooler2, weights.next.weight, weights.next.bias);
  pooler2.dispose();
  const tokens3 = crossEntropy(tokens2, labels);
  tokens2.dispose();
  const next2 = crossEntropy2(next, other);
  next.dispose();
  const loss = tf.add(tokens3, next2);
  tf.dispose([tokens3, next2]);
  return loss;
}

function classifyHead(weights: BertWeights, x: Hidden): Tensor<"f32[batch, 2]"> {
  const pooler2 = pooler(weights.pooler, x);
  const logits = linear(pooler2, weights.classifier.weight, weights.classifier.bias);
  pooler2.dispose();
  return logits;
}

function classifyLossOf(weights: BertWeights, x: Hidden, label: Tensor<"i32[batch]">): Tensor<"f32[]"> {
  const pooler2 = pooler(weights.pooler, x);
  const logits = linear(pooler2, weights.classifier.weight, weights.classifier.bias);
  pooler2.dispose();
  const logits2 = crossEntropy2(logits, label);
  logits.dispose();
  return logits2;
}

function tagHead(weights: BertWeights, x: Hidden): Tensor<"f32[batch, seq, 2]"> {
  return linear(x, weights.classifier.weight, weights.classifier.bias);
}

/** Mean negative log-likelihood of `labels` (nats), over the entries that are not `ignore`. */
function crossEntropy3(logits: Tensor<"f32[batch, seq, 2]">, labels: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const counted = tf.notEqual(labels, tf.scalar(-100, "int32"));
    const t = tf.neg(
      tf.sum(tf.where(counted, pick(tf.logSoftmax(logits), tf.where(counted, labels, tf.scalar(0, "int32"))), 0)),
    );
    return tf.div(t, tf.sum(tf.cast(counted, "float32")));
  });
}

function tagLossOf(weights: BertWeights, x: Hidden, labels: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  const logits = linear(x, weights.classifier.weight, weights.classifier.bias);
  const logits2 = crossEntropy3(logits, labels);
  logits.dispose();
  return logits2;
}

function answerHead(weights: BertWeights, x: Hidden): [Tensor<"f32[batch, seq]">, Tensor<"f32[batch, seq]">] {
  return tf.tidy(() => {
    const ends = linear(x, weights.ends.weight, weights.ends.bias);
    return [take(ends, 2, 0), take(ends, 2, 1)];
  });
}

/** Mean negative log-likelihood of `labels` (nats), over the entries that are not `ignore`. */
function crossEntropy4(logits: Tensor<"f32[batch, seq]">, labels: Tensor<"i32[batch]">): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const counted = tf.notEqual(labels, tf.scalar(-100, "int32"));
    const t = tf.neg(
      tf.sum(tf.where(counted, pick(tf.logSoftmax(logits), tf.where(counted, labels, tf.scalar(0, "int32"))), 0)),
    );
    return tf.div(t, tf.sum(tf.cast(counted, "float32")));
  });
}

function answerLossOf(
  weights: BertWeights,
  x: Hidden,
  first: Tensor<"i32[batch]">,
  last: Tensor<"i32[batch]">,
): Tensor<"f32[]"> {
  const ends = linear(x, weights.ends.weight, weights.ends.bias);
  const start = take(ends, 2, 0);
  const end = take(ends, 2, 1);
  ends.dispose();
  const start2 = crossEntropy4(start, first);
  start.dispose();
  const end2 = crossEntropy4(end, last);
  end.dispose();
  const product = tf.tidy(() => tf.mul(0.5, tf.add(start2, end2)));
  tf.dispose([start2, end2]);
  return product;
}

export interface MlmInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
}

/** The tokens that were masked: `labels` is -100 where none was. */
export function mlm(weights: BertWeights, inputs: MlmInputs): Tensor<"f32[batch, seq, vocab]"> {
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
    guard(seq <= config.ctx, `Bert: seq = ${seq} exceeds ctx = ${config.ctx} (bert.tfm:19)`);
    const hidden = bert(weights, ids, segment, keep);
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
export function mlmLoss(weights: BertWeights, inputs: MlmLossInputs): Tensor<"f32[]"> {
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
    guard(seq <= config.ctx, `Bert: seq = ${seq} exceeds ctx = ${config.ctx} (bert.tfm:19)`);
    const hidden = bert(weights, ids, segment, keep);
    return mlmLossOf(weights, hidden, labels);
  });
}

export interface PretrainingInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
}

/** As the paper trains: the masked tokens, and whether the second text is another than what followed the first. */
export function pretraining(
  weights: BertWeights,
  inputs: PretrainingInputs,
): { readonly tokens: Tensor<"f32[batch, seq, vocab]">; readonly next: Tensor<"f32[batch, 2]"> } {
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
    guard(seq <= config.ctx, `Bert: seq = ${seq} exceeds ctx = ${config.ctx} (bert.tfm:19)`);
    const hidden = bert(weights, ids, segment, keep);
    const [tokens2, next] = pretrainingHead(weights, hidden);
    return { tokens: tokens2, next };
  });
}

export interface PretrainingLossInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
  readonly labels: Input<"i32[batch, seq]">;
  readonly other: Input<"i32[batch]">;
}

/** The loss that pretraining is trained by. */
export function pretrainingLoss(weights: BertWeights, inputs: PretrainingLossInputs): Tensor<"f32[]"> {
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
    const other = input("other", inputs.other, { dtype: "int32", rank: 1, below: 2, except: -100, sizes: [batch] });
    const segment =
      inputs.segment === undefined
        ? tf.fill([batch, seq], 0, "int32")
        : input("segment", inputs.segment, { dtype: "int32", rank: 2, below: config.segments, sizes: [batch, seq] });
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    guard(seq <= config.ctx, `Bert: seq = ${seq} exceeds ctx = ${config.ctx} (bert.tfm:19)`);
    const hidden = bert(weights, ids, segment, keep);
    return pretrainingLossOf(weights, hidden, labels, other);
  });
}

export interface ClassifyInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
}

/** The class of a text. */
export function classify(weights: BertWeights, inputs: ClassifyInputs): Tensor<"f32[batch, 2]"> {
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
    guard(seq <= config.ctx, `Bert: seq = ${seq} exceeds ctx = ${config.ctx} (bert.tfm:19)`);
    const hidden = bert(weights, ids, segment, keep);
    return classifyHead(weights, hidden);
  });
}

export interface ClassifyLossInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
  readonly label: Input<"i32[batch]">;
}

/** The loss that classify is trained by. */
export function classifyLoss(weights: BertWeights, inputs: ClassifyLossInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(ids, 0);
    const label = input("label", inputs.label, { dtype: "int32", rank: 1, below: 2, except: -100, sizes: [batch] });
    const seq = sizeOf(ids, 1);
    const segment =
      inputs.segment === undefined
        ? tf.fill([batch, seq], 0, "int32")
        : input("segment", inputs.segment, { dtype: "int32", rank: 2, below: config.segments, sizes: [batch, seq] });
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    guard(seq <= config.ctx, `Bert: seq = ${seq} exceeds ctx = ${config.ctx} (bert.tfm:19)`);
    const hidden = bert(weights, ids, segment, keep);
    return classifyLossOf(weights, hidden, label);
  });
}

export interface TagInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
}

/** The class of each token. */
export function tag(weights: BertWeights, inputs: TagInputs): Tensor<"f32[batch, seq, 2]"> {
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
    guard(seq <= config.ctx, `Bert: seq = ${seq} exceeds ctx = ${config.ctx} (bert.tfm:19)`);
    const hidden = bert(weights, ids, segment, keep);
    return tagHead(weights, hidden);
  });
}

export interface TagLossInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
  readonly labels: Input<"i32[batch, seq]">;
}

/** The loss that tag is trained by. */
export function tagLoss(weights: BertWeights, inputs: TagLossInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(ids, 0);
    const seq = sizeOf(ids, 1);
    const labels = input("labels", inputs.labels, {
      dtype: "int32",
      rank: 2,
      below: 2,
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
    guard(seq <= config.ctx, `Bert: seq = ${seq} exceeds ctx = ${config.ctx} (bert.tfm:19)`);
    const hidden = bert(weights, ids, segment, keep);
    return tagLossOf(weights, hidden, labels);
  });
}

export interface AnswerInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
}

/** Where the answer to a question starts and ends. */
export function answer(
  weights: BertWeights,
  inputs: AnswerInputs,
): { readonly start: Tensor<"f32[batch, seq]">; readonly end: Tensor<"f32[batch, seq]"> } {
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
    guard(seq <= config.ctx, `Bert: seq = ${seq} exceeds ctx = ${config.ctx} (bert.tfm:19)`);
    const hidden = bert(weights, ids, segment, keep);
    const [start, end] = answerHead(weights, hidden);
    return { start, end };
  });
}

export interface AnswerLossInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly segment?: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
  readonly first: Input<"i32[batch]">;
  readonly last: Input<"i32[batch]">;
}

/** The loss that answer is trained by. */
export function answerLoss(weights: BertWeights, inputs: AnswerLossInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(ids, 0);
    const seq = sizeOf(ids, 1);
    const first = input("first", inputs.first, { dtype: "int32", rank: 1, below: seq, except: -100, sizes: [batch] });
    const last = input("last", inputs.last, { dtype: "int32", rank: 1, below: seq, except: -100, sizes: [batch] });
    const segment =
      inputs.segment === undefined
        ? tf.fill([batch, seq], 0, "int32")
        : input("segment", inputs.segment, { dtype: "int32", rank: 2, below: config.segments, sizes: [batch, seq] });
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    guard(seq <= config.ctx, `Bert: seq = ${seq} exceeds ctx = ${config.ctx} (bert.tfm:19)`);
    const hidden = bert(weights, ids, segment, keep);
    return answerLossOf(weights, hidden, first, last);
  });
}
