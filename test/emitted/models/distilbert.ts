// DistilBert (distilbert.tfm), config distilbert. Written by tfmc 0.1.0: change the .tfm file, not this one.
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
  where,
  zeros,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of distilbert. */
export const config = { vocab: 30522, ctx: 512, d: 768, depth: 6, heads: 12, p: 0.1 };
/** Every weight: its shape, how it starts, and its place in the checkpoint distilbert/distilbert-base-uncased. */
export const parameters = {
  word: { weight: param("f32[vocab, d]", [30522, 768], normal(0.02), "embeddings.word_embeddings.weight") },
  position: { weight: param("f32[ctx, d]", [512, 768], normal(0.02), "embeddings.position_embeddings.weight") },
  ln: {
    weight: param("f32[d]", [768], ones, "embeddings.LayerNorm.weight"),
    bias: param("f32[d]", [768], zeros, "embeddings.LayerNorm.bias"),
  },
  layer: repeat(6, "i", {
    attention: {
      q: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "transformer.layer.{i}.attention.q_lin.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "transformer.layer.{i}.attention.q_lin.bias"),
      },
      k: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "transformer.layer.{i}.attention.k_lin.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "transformer.layer.{i}.attention.k_lin.bias"),
      },
      v: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "transformer.layer.{i}.attention.v_lin.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "transformer.layer.{i}.attention.v_lin.bias"),
      },
      o: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "transformer.layer.{i}.attention.out_lin.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "transformer.layer.{i}.attention.out_lin.bias"),
      },
    },
    sa_layer_norm: {
      weight: param("f32[d]", [768], ones, "transformer.layer.{i}.sa_layer_norm.weight"),
      bias: param("f32[d]", [768], zeros, "transformer.layer.{i}.sa_layer_norm.bias"),
    },
    ffn: {
      up: {
        weight: param("f32[d, 4*d]", [768, 3072], normal(0.02), {
          name: "transformer.layer.{i}.ffn.lin1.weight",
          order: [1, 0],
        }),
        bias: param("f32[4*d]", [3072], zeros, "transformer.layer.{i}.ffn.lin1.bias"),
      },
      down: {
        weight: param("f32[4*d, d]", [3072, 768], normal(0.02), {
          name: "transformer.layer.{i}.ffn.lin2.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "transformer.layer.{i}.ffn.lin2.bias"),
      },
    },
    output_layer_norm: {
      weight: param("f32[d]", [768], ones, "transformer.layer.{i}.output_layer_norm.weight"),
      bias: param("f32[d]", [768], zeros, "transformer.layer.{i}.output_layer_norm.bias"),
    },
  }),
  head: {
    bias: param("f32[vocab]", [30522], zeros, "vocab_projector.bias"),
    transform: {
      weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "vocab_transform.weight", order: [1, 0] }),
      bias: param("f32[d]", [768], zeros, "vocab_transform.bias"),
    },
    norm: {
      weight: param("f32[d]", [768], ones, "vocab_layer_norm.weight"),
      bias: param("f32[d]", [768], zeros, "vocab_layer_norm.bias"),
    },
  },
};

export type DistilBertWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type DistilBertLayerWeights = DistilBertWeights["layer"][number];
type AttentionWeights = DistilBertLayerWeights["attention"];
type FfnWeights = DistilBertLayerWeights["ffn"];
type MaskedHeadWeights = DistilBertWeights["head"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<DistilBertWeights> {
  return loadWeights(parameters, source, { prefixes: ["distilbert."], ignore: ["vocab_projector.weight"] });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): DistilBertWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: DistilBertWeights, sink: Sink): Promise<void> {
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
 * DistilBERT (Sanh et al. 2019): BERT with every other layer taken out, taught by the whole one. Texts have no
 * segments.
 */
function distilBertLayer(weights: DistilBertLayerWeights, x: Hidden, keep: Tensor<"bool[batch, seq]">): Hidden {
  const attention2 = attention(weights.attention, x, keep);
  const sum = tf.add(x, attention2);
  attention2.dispose();
  const x2 = layerNorm(sum, weights.sa_layer_norm.weight, weights.sa_layer_norm.bias, 1e-12);
  sum.dispose();
  const ffn2 = ffn(weights.ffn, x2);
  const sum2 = tf.add(x2, ffn2);
  tf.dispose([x2, ffn2]);
  const x3 = layerNorm(sum2, weights.output_layer_norm.weight, weights.output_layer_norm.bias, 1e-12);
  sum2.dispose();
  return x3;
}

function distilBert(
  weights: DistilBertWeights,
  ids: Tensor<"i32[batch, seq]">,
  keep: Tensor<"bool[batch, seq]">,
): Hidden {
  const seq = sizeOf(ids, 1);
  const word = embedding(weights.word.weight, ids);
  const seq2 = positions(seq);
  const position = embedding(weights.position.weight, seq2);
  seq2.dispose();
  const sum = tf.add(word, position);
  tf.dispose([word, position]);
  let x: Hidden = layerNorm(sum, weights.ln.weight, weights.ln.bias, 1e-12);
  sum.dispose();
  for (const layer_ of weights.layer) {
    const next = distilBertLayer(layer_, x, keep);
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

function mlmHead(weights: DistilBertWeights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
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

function mlmLossOf(weights: DistilBertWeights, x: Hidden, labels: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  const logits = maskedHead(weights.head, x, weights.word.weight);
  const logits2 = crossEntropy(logits, labels);
  logits.dispose();
  return logits2;
}

function distillHead(weights: DistilBertWeights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
  return maskedHead(weights.head, x, weights.word.weight);
}

/**
 * How far the student's distribution is from the teacher's (Hinton et al. 2015): the Kullback-Leibler divergence at a
 * `temperature`, whose square restores the size of the gradient.
 */
function distillation(
  student: Tensor<"f32[batch, seq, vocab]">,
  teacher: Tensor<"f32[batch, seq, vocab]">,
): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const due = tf.logSoftmax(tf.div(teacher, 2));
    return tf.mul(4, tf.mean(tf.sum(tf.mul(tf.exp(due), tf.sub(due, tf.logSoftmax(tf.div(student, 2)))), 2)));
  });
}

/** The vector along the last axis at length 1. A length under `eps` counts as `eps`. */
function unit(x: Hidden): Hidden {
  return tf.tidy(() => tf.div(x, tf.expandDims(tf.maximum(tf.sqrt(tf.sum(tf.mul(x, x), 2)), 1e-12), 2)));
}

function distillLossOf(
  weights: DistilBertWeights,
  x: Hidden,
  labels: Tensor<"i32[batch, seq]">,
  teacher: Tensor<"f32[batch, seq, vocab]">,
  states: Hidden,
): Tensor<"f32[]"> {
  const logits = maskedHead(weights.head, x, weights.word.weight);
  const logits2 = distillation(logits, teacher);
  const logits3 = crossEntropy(logits, labels);
  logits.dispose();
  const x2 = unit(x);
  const states2 = unit(states);
  const product = contract(x2, states2, "a b c, a b c -> a b");
  tf.dispose([x2, states2]);
  const loss = tf.tidy(() => tf.add(tf.add(tf.mul(5, logits2), tf.mul(2, logits3)), tf.sub(1, tf.mean(product))));
  tf.dispose([logits2, logits3, product]);
  return loss;
}

export interface MlmInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
}

/** The tokens that were masked: `labels` is -100 where none was. */
export function mlm(weights: DistilBertWeights, inputs: MlmInputs): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(ids, 0);
    const seq = sizeOf(ids, 1);
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    guard(seq <= config.ctx, `DistilBert: seq = ${seq} exceeds ctx = ${config.ctx} (distilbert.tfm:11)`);
    const hidden = distilBert(weights, ids, keep);
    return mlmHead(weights, hidden);
  });
}

export interface MlmLossInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
  readonly labels: Input<"i32[batch, seq]">;
}

/** The loss that mlm is trained by. */
export function mlmLoss(weights: DistilBertWeights, inputs: MlmLossInputs): Tensor<"f32[]"> {
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
    guard(seq <= config.ctx, `DistilBert: seq = ${seq} exceeds ctx = ${config.ctx} (distilbert.tfm:11)`);
    const hidden = distilBert(weights, ids, keep);
    return mlmLossOf(weights, hidden, labels);
  });
}

export interface DistillInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
}

/** The paper's losses beside: the teacher's distribution at a temperature, and the direction of its hidden states. */
export function distill(weights: DistilBertWeights, inputs: DistillInputs): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(ids, 0);
    const seq = sizeOf(ids, 1);
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    guard(seq <= config.ctx, `DistilBert: seq = ${seq} exceeds ctx = ${config.ctx} (distilbert.tfm:11)`);
    const hidden = distilBert(weights, ids, keep);
    return distillHead(weights, hidden);
  });
}

export interface DistillLossInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
  readonly labels: Input<"i32[batch, seq]">;
  readonly teacher: Input<"f32[batch, seq, vocab]">;
  readonly states: Input<"f32[batch, seq, d]">;
}

/** The loss that distill is trained by. */
export function distillLoss(weights: DistilBertWeights, inputs: DistillLossInputs): Tensor<"f32[]"> {
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
    const teacher = input("teacher", inputs.teacher, { dtype: "float32", rank: 3, sizes: [batch, seq, config.vocab] });
    const states = input("states", inputs.states, { dtype: "float32", rank: 3, sizes: [batch, seq, config.d] });
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    guard(seq <= config.ctx, `DistilBert: seq = ${seq} exceeds ctx = ${config.ctx} (distilbert.tfm:11)`);
    const hidden = distilBert(weights, ids, keep);
    return distillLossOf(weights, hidden, labels, teacher, states);
  });
}
