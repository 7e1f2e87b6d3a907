// Bahdanau (bahdanau.tfm), config rnnsearch. Written by tfmc 0.1.0: change the .tfm file, not this one.
// `keep` is false for padding.
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
  lookUp,
  normal,
  once,
  param,
  pick,
  positions,
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

/** The numbers of rnnsearch. */
export const config = {
  src_vocab: 30000,
  tgt_vocab: 30000,
  src_embed: 620,
  tgt_embed: 620,
  hidden: 1000,
  dec_hidden: 1000,
  attention: 1000,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint bahdanau_seq2seq. */
export const parameters = {
  words: { weight: param("f32[src_vocab, src_embed]", [30000, 620], normal(0.02), "encoder.embed.weight") },
  ahead: {
    cell: {
      input: {
        weight: param("f32[src_embed, 3*hidden]", [620, 3000], normal(0.02), {
          name: "encoder.forward_cell.weight_ih",
          order: [1, 0],
        }),
        bias: param("f32[3*hidden]", [3000], zeros, "encoder.forward_cell.bias_ih"),
      },
      recurrent: {
        weight: param("f32[hidden, 3*hidden]", [1000, 3000], normal(0.02), {
          name: "encoder.forward_cell.weight_hh",
          order: [1, 0],
        }),
        bias: param("f32[3*hidden]", [3000], zeros, "encoder.forward_cell.bias_hh"),
      },
    },
  },
  back: {
    cell: {
      input: {
        weight: param("f32[src_embed, 3*hidden]", [620, 3000], normal(0.02), {
          name: "encoder.backward_cell.weight_ih",
          order: [1, 0],
        }),
        bias: param("f32[3*hidden]", [3000], zeros, "encoder.backward_cell.bias_ih"),
      },
      recurrent: {
        weight: param("f32[hidden, 3*hidden]", [1000, 3000], normal(0.02), {
          name: "encoder.backward_cell.weight_hh",
          order: [1, 0],
        }),
        bias: param("f32[3*hidden]", [3000], zeros, "encoder.backward_cell.bias_hh"),
      },
    },
  },
  init: {
    weight: param("f32[hidden, dec_hidden]", [1000, 1000], normal(0.02), {
      name: "decoder.init.weight",
      order: [1, 0],
    }),
  },
  written: { weight: param("f32[tgt_vocab, tgt_embed]", [30000, 620], normal(0.02), "decoder.embed.weight") },
  write: {
    key: {
      weight: param("f32[2*hidden, attention]", [2000, 1000], normal(0.02), {
        name: "decoder.key.weight",
        order: [1, 0],
      }),
    },
    query: {
      weight: param("f32[dec_hidden, attention]", [1000, 1000], normal(0.02), {
        name: "decoder.query.weight",
        order: [1, 0],
      }),
    },
    score: {
      weight: param("f32[attention, 1]", [1000, 1], normal(0.02), { name: "decoder.score.weight", order: [1, 0] }),
    },
    cell: {
      input: {
        weight: param("f32[tgt_embed + 2*hidden, 3*dec_hidden]", [2620, 3000], normal(0.02), {
          name: "decoder.cell.weight_ih",
          order: [1, 0],
        }),
        bias: param("f32[3*dec_hidden]", [3000], zeros, "decoder.cell.bias_ih"),
      },
      recurrent: {
        weight: param("f32[dec_hidden, 3*dec_hidden]", [1000, 3000], normal(0.02), {
          name: "decoder.cell.weight_hh",
          order: [1, 0],
        }),
        bias: param("f32[3*dec_hidden]", [3000], zeros, "decoder.cell.bias_hh"),
      },
    },
  },
  output: {
    weight: param("f32[tgt_embed + 2*hidden + dec_hidden, tgt_vocab]", [3620, 30000], normal(0.02), {
      name: "decoder.output.weight",
      order: [1, 0],
    }),
    bias: param("f32[tgt_vocab]", [30000], zeros, "decoder.output.bias"),
  },
};

export type BahdanauWeights = Weights<typeof parameters>;
type ReadWeights = BahdanauWeights["ahead"];
type GruWeights = ReadWeights["cell"];
type WriteWeights = BahdanauWeights["write"];
type Gru2Weights = WriteWeights["cell"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<BahdanauWeights> {
  return loadWeights(parameters, source);
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): BahdanauWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: BahdanauWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/**
 * One step of a gated recurrent unit (Cho et al. 2014), as PyTorch has it: the reset gate acts on the recurrent
 * product. Inside of a `scan`: `h = h |> cell: Gru(x)`.
 */
function gru(
  weights: GruWeights,
  h: Tensor<"f32[batch, hidden]">,
  x: Tensor<"f32[batch, src_embed]">,
): Tensor<"f32[batch, hidden]"> {
  return tf.tidy(() => {
    const a = rearrange(linear(x, weights.input.weight, weights.input.bias), "batch (gate n) -> batch gate n", {
      gate: 3,
    });
    const u = rearrange(linear(h, weights.recurrent.weight, weights.recurrent.bias), "batch (gate n) -> batch gate n", {
      gate: 3,
    });
    const keep = tf.sigmoid(tf.add(take(a, 1, 1), take(u, 1, 1)));
    const product = tf.mul(
      tf.sub(1, keep),
      tf.tanh(tf.add(take(a, 1, 2), tf.mul(tf.sigmoid(tf.add(take(a, 1, 0), take(u, 1, 0))), take(u, 1, 2)))),
    );
    return tf.add(product, tf.mul(keep, h));
  });
}

/**
 * The first attention (Bahdanau, Cho and Bengio 2015): two recurrent networks read the source, one from each end, and a
 * third writes the translation, looking at each step over all that was read.
 */
function read(
  weights: ReadWeights,
  x: Tensor<"f32[batch, src, src_embed]">,
  keep: Tensor<"bool[batch, src]">,
): Tensor<"f32[batch, src, hidden]"> {
  const batch = sizeOf(x, 0);
  const src = sizeOf(x, 1);
  let c: Tensor<"f32[batch, hidden]"> = tf.fill([batch, config.hidden], 0);
  const steps: Tensor<"f32[batch, hidden]">[] = [];
  for (let t = 0; t < src; t++) {
    const xt = take(x, 1, t);
    const is_text = take(keep, 1, t);
    const cell = gru(weights.cell, c, xt);
    xt.dispose();
    const h = tf.tidy(() => tf.where(tf.expandDims(is_text, 1), cell, c));
    tf.dispose([is_text, cell]);
    steps.push(h.clone());
    const next = h;
    c.dispose();
    c = next;
  }

  const h2 = stack(steps, 1);
  tf.dispose([...steps, c]);
  return h2;
}

/**
 * One step of a gated recurrent unit (Cho et al. 2014), as PyTorch has it: the reset gate acts on the recurrent
 * product. Inside of a `scan`: `h = h |> cell: Gru(x)`.
 */
function gru2(
  weights: Gru2Weights,
  h: Tensor<"f32[batch, dec_hidden]">,
  x: Tensor<"f32[batch, tgt_embed + 2*hidden]">,
): Tensor<"f32[batch, dec_hidden]"> {
  return tf.tidy(() => {
    const a = rearrange(linear(x, weights.input.weight, weights.input.bias), "batch (gate n) -> batch gate n", {
      gate: 3,
    });
    const u = rearrange(linear(h, weights.recurrent.weight, weights.recurrent.bias), "batch (gate n) -> batch gate n", {
      gate: 3,
    });
    const keep = tf.sigmoid(tf.add(take(a, 1, 1), take(u, 1, 1)));
    const product = tf.mul(
      tf.sub(1, keep),
      tf.tanh(tf.add(take(a, 1, 2), tf.mul(tf.sigmoid(tf.add(take(a, 1, 0), take(u, 1, 0))), take(u, 1, 2)))),
    );
    return tf.add(product, tf.mul(keep, h));
  });
}

/** The states of the writer, and where it looked for each. */
function write(
  weights: WriteWeights,
  y: Tensor<"f32[batch, tgt, tgt_embed]">,
  memory: Tensor<"f32[batch, src, 2*hidden]">,
  keep: Tensor<"bool[batch, src]">,
  start: Tensor<"f32[batch, dec_hidden]">,
  cache?: Cache,
): [Tensor<"f32[batch, tgt, dec_hidden]">, Tensor<"f32[batch, tgt, src]">] {
  const tgt = sizeOf(y, 1);
  const src = sizeOf(memory, 1);
  const [keys] = once(cache, () => {
    return [linear(memory, weights.key.weight)];
  });
  let s: Tensor<"f32[batch, dec_hidden]"> = start.clone();
  [s] = resume(cache, [s]);
  const steps: Tensor<"f32[batch, src + dec_hidden]">[] = [];
  for (let t = 0; t < tgt; t++) {
    const yt = take(y, 1, t);
    const query = linear(s, weights.query.weight);
    const t2 = tf.tidy(() => tf.tanh(tf.add(keys, tf.expandDims(query, 1))));
    query.dispose();
    const energy = linear(t2, weights.score.weight);
    t2.dispose();
    const look = tf.tidy(() => tf.softmax(tf.where(keep, tf.sum(energy, 2), -Infinity)));
    energy.dispose();
    const context = contract(look, memory, "a b, a b p -> a p");
    const joined = concat([yt, context], 1);
    tf.dispose([yt, context]);
    const s2 = gru2(weights.cell, s, joined);
    joined.dispose();
    const joined2 = concat([s2, look], 1);
    look.dispose();
    steps.push(joined2);
    const next = s2;
    s.dispose();
    s = next;
  }

  carry(cache, [s]);
  const steps2 = stack(steps, 1);
  tf.dispose([...steps, s]);
  keys.dispose();
  const steps3 = slice(steps2, 2, 0, config.dec_hidden);
  const steps4 = slice(steps2, 2, config.dec_hidden, src + config.dec_hidden);
  steps2.dispose();
  return [steps3, steps4];
}

/** `keep` is false for padding. */
function bahdanau(
  weights: BahdanauWeights,
  source: Tensor<"i32[batch, src]">,
  keep: Tensor<"bool[batch, src]">,
  target: Tensor<"i32[batch, tgt]">,
  cache?: Cache,
): [Tensor<"f32[batch, tgt, tgt_embed + 2*hidden + dec_hidden]">, Tensor<"f32[batch, tgt, src]">] {
  const src = sizeOf(source, 1);
  const [memory2, start2] = once(cache, () => {
    const x = embedding(weights.words.weight, source);
    const ahead = read(weights.ahead, x, keep);
    const turned = tf.tidy(() => tf.sub(tf.scalar(src - 1, "int32"), positions(src)));
    const x2 = lookUp(x, [1], [turned]);
    x.dispose();
    const x3 = rearrange(x2, "src batch e -> batch src e");
    x2.dispose();
    const keep2 = lookUp(keep, [1], [turned]);
    const keep3 = rearrange(keep2, "src batch -> batch src");
    keep2.dispose();
    const back = read(weights.back, x3, keep3);
    tf.dispose([x3, keep3]);
    const back2 = lookUp(back, [1], [turned]);
    turned.dispose();
    const back3 = rearrange(back2, "src batch hidden -> batch src hidden");
    back2.dispose();
    const memory = concat([ahead, back3], 2);
    tf.dispose([ahead, back3]);
    const back4 = take(back, 1, src - 1);
    back.dispose();
    const init = linear(back4, weights.init.weight);
    back4.dispose();
    const start = tf.tanh(init);
    init.dispose();
    return [memory, start];
  });
  const y = embedding(weights.written.weight, target);
  const [s, look] = write(weights.write, y, memory2, keep, start2, cache);
  start2.dispose();
  const context = contract(look, memory2, "a b c, a c p -> a b p");
  memory2.dispose();
  const joined = concat([s, context, y], 2);
  tf.dispose([y, s, context]);
  return [joined, look];
}

function translateHead(
  weights: BahdanauWeights,
  x: Tensor<"f32[batch, tgt, tgt_embed + 2*hidden + dec_hidden]">,
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
  weights: BahdanauWeights,
  x: Tensor<"f32[batch, tgt, tgt_embed + 2*hidden + dec_hidden]">,
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
  _x: Tensor<"f32[batch, tgt, tgt_embed + 2*hidden + dec_hidden]">,
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
  weights: BahdanauWeights,
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
    guard(0 < src, `Bahdanau: src > 0 does not hold for src = ${src} (bahdanau.tfm:30)`);
    const tgt = sizeOf(target, 1);
    const [joined, look] = bahdanau(weights, source, keep, target, cache);
    cache?.advance(tgt);
    return translateHead(weights, joined, look);
  });
}

/** The loss that translate is trained by. */
export function translateLoss(weights: BahdanauWeights, inputs: TranslateInputs): Tensor<"f32[]"> {
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
    guard(0 < src, `Bahdanau: src > 0 does not hold for src = ${src} (bahdanau.tfm:30)`);
    const [joined, look] = bahdanau(weights, source, keep, target);
    return translateLossOf(weights, joined, look, target);
  });
}

export interface AlignInputs {
  readonly source: Input<"i32[batch, src]">;
  readonly keep?: Input<"bool[batch, src]">;
  readonly target: Input<"i32[batch, tgt]">;
}

/** Where the writer looked for each word. */
export function align(weights: BahdanauWeights, inputs: AlignInputs, cache?: Cache): Tensor<"f32[batch, tgt, src]"> {
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
    guard(0 < src, `Bahdanau: src > 0 does not hold for src = ${src} (bahdanau.tfm:30)`);
    const tgt = sizeOf(target, 1);
    const [joined, look] = bahdanau(weights, source, keep, target, cache);
    cache?.advance(tgt);
    return alignHead(joined, look);
  });
}

/** The target that these inputs lead to, one token at a time. What the steps have in common is computed once. */
export function generate(
  weights: BahdanauWeights,
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
