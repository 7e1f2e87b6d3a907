// Luong (luong.tfm), config global. Written by tfmc 0.1.0: change the .tfm file, not this one.
// `keep` is false for padding. What is about to be written, and where each step looked.
import * as tf from "@tensorflow/tfjs-core";
import {
  carry,
  concat,
  contract,
  decode,
  embedding,
  guard,
  initialiseWeights,
  input,
  lastPosition,
  linear,
  loadWeights,
  normal,
  once,
  param,
  pick,
  rearrange,
  resume,
  saveWeights,
  sizeOf,
  slice,
  stack,
  take,
  zeros,
  type Cache,
  type GenerateOptions,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of global. */
export const config = {
  src_vocab: 50000,
  tgt_vocab: 50000,
  src_embed: 1000,
  tgt_embed: 1000,
  hidden: 1000,
  attentional: 1000,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint luong_seq2seq. */
export const parameters = {
  words: { weight: param("f32[src_vocab, src_embed]", [50000, 1000], normal(0.02), "encoder.embed.weight") },
  read: {
    cell: {
      input: {
        weight: param("f32[src_embed, 4*hidden]", [1000, 4000], normal(0.02), {
          name: "encoder.cell.weight_ih",
          order: [1, 0],
        }),
        bias: param("f32[4*hidden]", [4000], zeros, "encoder.cell.bias_ih"),
      },
      recurrent: {
        weight: param("f32[hidden, 4*hidden]", [1000, 4000], normal(0.02), {
          name: "encoder.cell.weight_hh",
          order: [1, 0],
        }),
        bias: param("f32[4*hidden]", [4000], zeros, "encoder.cell.bias_hh"),
      },
    },
  },
  written: { weight: param("f32[tgt_vocab, tgt_embed]", [50000, 1000], normal(0.02), "decoder.embed.weight") },
  write: {
    cell: {
      input: {
        weight: param("f32[tgt_embed, 4*hidden]", [1000, 4000], normal(0.02), {
          name: "decoder.cell.weight_ih",
          order: [1, 0],
        }),
        bias: param("f32[4*hidden]", [4000], zeros, "decoder.cell.bias_ih"),
      },
      recurrent: {
        weight: param("f32[hidden, 4*hidden]", [1000, 4000], normal(0.02), {
          name: "decoder.cell.weight_hh",
          order: [1, 0],
        }),
        bias: param("f32[4*hidden]", [4000], zeros, "decoder.cell.bias_hh"),
      },
    },
  },
  score: {
    weight: param("f32[hidden, hidden]", [1000, 1000], normal(0.02), { name: "decoder.score.weight", order: [1, 0] }),
  },
  combine: {
    weight: param("f32[2*hidden, attentional]", [2000, 1000], normal(0.02), {
      name: "decoder.combine.weight",
      order: [1, 0],
    }),
  },
  output: {
    weight: param("f32[attentional, tgt_vocab]", [1000, 50000], normal(0.02), {
      name: "decoder.output.weight",
      order: [1, 0],
    }),
    bias: param("f32[tgt_vocab]", [50000], zeros, "decoder.output.bias"),
  },
};

export type LuongWeights = Weights<typeof parameters>;
type ReadWeights = LuongWeights["read"];
type LstmWeights = ReadWeights["cell"];
type WriteWeights = LuongWeights["write"];
type Lstm2Weights = WriteWeights["cell"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<LuongWeights> {
  return loadWeights(parameters, source);
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): LuongWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: LuongWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/**
 * One step of a long short-term memory (Hochreiter and Schmidhuber 1997), as PyTorch has it: the new hidden state and
 * the new cell. Inside of a `scan`: `h, c = h |> cell: Lstm(c, x)`.
 */
function lstm(
  weights: LstmWeights,
  h: Tensor<"f32[batch, hidden]">,
  c: Tensor<"f32[batch, hidden]">,
  x: Tensor<"f32[batch, src_embed]">,
): [Tensor<"f32[batch, hidden]">, Tensor<"f32[batch, hidden]">] {
  return tf.tidy(() => {
    const sum = tf.add(
      linear(x, weights.input.weight, weights.input.bias),
      linear(h, weights.recurrent.weight, weights.recurrent.bias),
    );
    const a = rearrange(sum, "batch (gate n) -> batch gate n", { gate: 4 });
    const cell = tf.add(
      tf.mul(tf.sigmoid(take(a, 1, 1)), c),
      tf.mul(tf.sigmoid(take(a, 1, 0)), tf.tanh(take(a, 1, 2))),
    );
    return [tf.mul(tf.sigmoid(take(a, 1, 3)), tf.tanh(cell)), cell];
  });
}

/**
 * Global attention (Luong, Pham and Manning 2015): one recurrent network reads, a second goes on from where the first
 * ended and writes; what it is about to write looks over all that was read. The states of the reader, and the cell at
 * the end: padding leaves both as they were.
 */
function read(
  weights: ReadWeights,
  x: Tensor<"f32[batch, src, src_embed]">,
  keep: Tensor<"bool[batch, src]">,
): [Tensor<"f32[batch, src, hidden]">, Tensor<"f32[batch, hidden]">] {
  const batch = sizeOf(x, 0);
  const src = sizeOf(x, 1);
  let zero: Tensor<"f32[batch, hidden]"> = tf.fill([batch, config.hidden], 0);
  let c: Tensor<"f32[batch, hidden]"> = zero.clone();
  const steps: Tensor<"f32[batch, 2*hidden]">[] = [];
  for (let t = 0; t < src; t++) {
    const xt = take(x, 1, t);
    const is_text = take(keep, 1, t);
    const [new2, cell] = lstm(weights.cell, zero, c, xt);
    xt.dispose();
    const h = tf.tidy(() => tf.where(tf.expandDims(is_text, 1), new2, zero));
    new2.dispose();
    const c2 = tf.tidy(() => tf.where(tf.expandDims(is_text, 1), cell, c));
    tf.dispose([is_text, cell]);
    const joined = concat([h, c2], 1);
    steps.push(joined);
    const next1 = h;
    const next2 = c2;
    zero.dispose();
    zero = next1;
    c.dispose();
    c = next2;
  }

  const steps2 = stack(steps, 1);
  tf.dispose([...steps, zero, c]);
  const steps3 = slice(steps2, 2, 0, config.hidden);
  const steps4 = tf.tidy(() => take(slice(steps2, 2, config.hidden, 2 * config.hidden), 1, src - 1));
  steps2.dispose();
  return [steps3, steps4];
}

/**
 * One step of a long short-term memory (Hochreiter and Schmidhuber 1997), as PyTorch has it: the new hidden state and
 * the new cell. Inside of a `scan`: `h, c = h |> cell: Lstm(c, x)`.
 */
function lstm2(
  weights: Lstm2Weights,
  h: Tensor<"f32[batch, hidden]">,
  c: Tensor<"f32[batch, hidden]">,
  x: Tensor<"f32[batch, tgt_embed]">,
): [Tensor<"f32[batch, hidden]">, Tensor<"f32[batch, hidden]">] {
  return tf.tidy(() => {
    const sum = tf.add(
      linear(x, weights.input.weight, weights.input.bias),
      linear(h, weights.recurrent.weight, weights.recurrent.bias),
    );
    const a = rearrange(sum, "batch (gate n) -> batch gate n", { gate: 4 });
    const cell = tf.add(
      tf.mul(tf.sigmoid(take(a, 1, 1)), c),
      tf.mul(tf.sigmoid(take(a, 1, 0)), tf.tanh(take(a, 1, 2))),
    );
    return [tf.mul(tf.sigmoid(take(a, 1, 3)), tf.tanh(cell)), cell];
  });
}

function write(
  weights: WriteWeights,
  y: Tensor<"f32[batch, tgt, tgt_embed]">,
  h: Tensor<"f32[batch, hidden]">,
  c: Tensor<"f32[batch, hidden]">,
  cache?: Cache,
): Tensor<"f32[batch, tgt, hidden]"> {
  const tgt = sizeOf(y, 1);
  let h2: Tensor<"f32[batch, hidden]"> = h.clone();
  let c2: Tensor<"f32[batch, hidden]"> = c.clone();
  [h2, c2] = resume(cache, [h2, c2]);
  const steps: Tensor<"f32[batch, hidden]">[] = [];
  for (let t = 0; t < tgt; t++) {
    const yt = take(y, 1, t);
    const [h3, c3] = lstm2(weights.cell, h2, c2, yt);
    yt.dispose();
    steps.push(h3.clone());
    const next1 = h3;
    const next2 = c3;
    h2.dispose();
    h2 = next1;
    c2.dispose();
    c2 = next2;
  }

  carry(cache, [h2, c2]);
  const h4 = stack(steps, 1);
  tf.dispose([...steps, h2, c2]);
  return h4;
}

/** `keep` is false for padding. What is about to be written, and where each step looked. */
function luong(
  weights: LuongWeights,
  source: Tensor<"i32[batch, src]">,
  keep: Tensor<"bool[batch, src]">,
  target: Tensor<"i32[batch, tgt]">,
  cache?: Cache,
): [Tensor<"f32[batch, tgt, attentional]">, Tensor<"f32[batch, tgt, src]">] {
  const src = sizeOf(source, 1);
  const [memory3, c2, memory4, score2] = once(cache, () => {
    const words = embedding(weights.words.weight, source);
    const [memory, c] = read(weights.read, words, keep);
    words.dispose();
    const memory2 = take(memory, 1, src - 1);
    const score = linear(memory, weights.score.weight);
    return [memory, c, memory2, score];
  });
  const written = embedding(weights.written.weight, target);
  const s = write(weights.write, written, memory4, c2, cache);
  tf.dispose([c2, memory4, written]);
  const product = contract(s, score2, "a b c, a o c -> a b o");
  score2.dispose();
  const look = tf.tidy(() => tf.softmax(tf.where(tf.expandDims(keep, 1), product, -Infinity)));
  product.dispose();
  const context = contract(look, memory3, "a b c, a c p -> a b p");
  memory3.dispose();
  const joined = concat([context, s], 2);
  tf.dispose([s, context]);
  const combine = linear(joined, weights.combine.weight);
  joined.dispose();
  const t = tf.tanh(combine);
  combine.dispose();
  return [t, look];
}

function translateHead(
  weights: LuongWeights,
  x: Tensor<"f32[batch, tgt, attentional]">,
  _look: Tensor<"f32[batch, tgt, src]">,
): Tensor<"f32[batch, tgt, tgt_vocab]"> {
  return linear(x, weights.output.weight, weights.output.bias);
}

/** Mean negative log-likelihood of `labels` (nats), over the entries that are not `ignore`. */
function crossEntropy(
  logits: Tensor<"f32[batch, tgt - 1, tgt_vocab]">,
  labels: Tensor<"i32[batch, tgt - 1]">,
): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const counted = tf.notEqual(labels, tf.scalar(0, "int32"));
    const t = tf.neg(
      tf.sum(tf.where(counted, pick(tf.logSoftmax(logits), tf.where(counted, labels, tf.scalar(0, "int32"))), 0)),
    );
    return tf.div(t, tf.sum(tf.cast(counted, "float32")));
  });
}

function translateLossOf(
  weights: LuongWeights,
  x: Tensor<"f32[batch, tgt, attentional]">,
  _look: Tensor<"f32[batch, tgt, src]">,
  target: Tensor<"i32[batch, tgt]">,
): Tensor<"f32[]"> {
  const tgt = sizeOf(x, 1);
  const logits = linear(x, weights.output.weight, weights.output.bias);
  const logits2 = slice(logits, 1, 0, tgt - 1);
  logits.dispose();
  const target2 = slice(target, 1, 1, tgt);
  const logits3 = crossEntropy(logits2, target2);
  tf.dispose([logits2, target2]);
  return logits3;
}

function alignHead(
  _x: Tensor<"f32[batch, tgt, attentional]">,
  look: Tensor<"f32[batch, tgt, src]">,
): Tensor<"f32[batch, tgt, src]"> {
  return look.clone();
}

export interface TranslateInputs {
  readonly source: Input<"i32[batch, src]">;
  readonly keep?: Input<"bool[batch, src]">;
  readonly target: Input<"i32[batch, tgt]">;
}

/** What comes next in the translation, at each position of it. */
export function translate(
  weights: LuongWeights,
  inputs: TranslateInputs,
  cache?: Cache,
): Tensor<"f32[batch, tgt, tgt_vocab]"> {
  return tf.tidy(() => {
    const source = once(cache, () => [
      input("source", inputs.source, { dtype: "int32", rank: 2, below: config.src_vocab }),
    ])[0];
    const batch = sizeOf(source, 0);
    const target = input("target", inputs.target, {
      dtype: "int32",
      rank: 2,
      below: config.tgt_vocab,
      sizes: [batch, null],
    });
    const src = sizeOf(source, 1);
    const keep = once(cache, () => [
      inputs.keep === undefined
        ? tf.fill([batch, src], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, src] }),
    ])[0];
    guard(0 < src, `Luong: src > 0 does not hold for src = ${src} (luong.tfm:28)`);
    const tgt = sizeOf(target, 1);
    const [t, look] = luong(weights, source, keep, target, cache);
    cache?.advance(tgt);
    return translateHead(weights, t, look);
  });
}

/** The loss that translate is trained by. */
export function translateLoss(weights: LuongWeights, inputs: TranslateInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const source = input("source", inputs.source, { dtype: "int32", rank: 2, below: config.src_vocab });
    const batch = sizeOf(source, 0);
    const target = input("target", inputs.target, {
      dtype: "int32",
      rank: 2,
      below: config.tgt_vocab,
      sizes: [batch, null],
    });
    const src = sizeOf(source, 1);
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, src], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, src] });
    guard(0 < src, `Luong: src > 0 does not hold for src = ${src} (luong.tfm:28)`);
    const [t, look] = luong(weights, source, keep, target);
    return translateLossOf(weights, t, look, target);
  });
}

export interface AlignInputs {
  readonly source: Input<"i32[batch, src]">;
  readonly keep?: Input<"bool[batch, src]">;
  readonly target: Input<"i32[batch, tgt]">;
}

/** Where the writer looked for each word. */
export function align(weights: LuongWeights, inputs: AlignInputs, cache?: Cache): Tensor<"f32[batch, tgt, src]"> {
  return tf.tidy(() => {
    const source = once(cache, () => [
      input("source", inputs.source, { dtype: "int32", rank: 2, below: config.src_vocab }),
    ])[0];
    const batch = sizeOf(source, 0);
    const target = input("target", inputs.target, {
      dtype: "int32",
      rank: 2,
      below: config.tgt_vocab,
      sizes: [batch, null],
    });
    const src = sizeOf(source, 1);
    const keep = once(cache, () => [
      inputs.keep === undefined
        ? tf.fill([batch, src], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, src] }),
    ])[0];
    guard(0 < src, `Luong: src > 0 does not hold for src = ${src} (luong.tfm:28)`);
    const tgt = sizeOf(target, 1);
    const [t, look] = luong(weights, source, keep, target, cache);
    cache?.advance(tgt);
    return alignHead(t, look);
  });
}

/** The target that these inputs lead to, one token at a time. What the steps have in common is computed once. */
export function generate(
  weights: LuongWeights,
  inputs: Omit<TranslateInputs, "target">,
  options: GenerateOptions = {},
): AsyncGenerator<number, void> {
  return decode((tokens, cache) => lastPosition(translate(weights, { ...inputs, target: tokens }, cache)), [], {
    vocab: config.tgt_vocab,
    start: [2],
    stop: [3],
    beams: 12,
    ...options,
  });
}
