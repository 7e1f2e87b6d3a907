// TransformerXL (transformer_xl.tfm), config wikitext. Written by tfmc 0.1.0: change the .tfm file, not this one.
// The layers remember `span` positions, `filled` of them so far; all share the biases `u` of content and `v` of distance.
import * as tf from "@tensorflow/tfjs-core";
import {
  at,
  attend,
  concat,
  contract,
  embedding,
  initialiseWeights,
  input,
  layerNorm,
  linear,
  linearTransposed,
  loadWeights,
  lookUp,
  normal,
  ones,
  param,
  pick,
  positions,
  rearrange,
  recall,
  repeat,
  saveWeights,
  sizeOf,
  slice,
  stack,
  store,
  table,
  where,
  within,
  zeros,
  type Input,
  type Sink,
  type Source,
  type State,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of wikitext. */
export const config = { vocab: 267735, d: 410, depth: 16, heads: 10, head_dim: 41, ff: 2100, span: 150, eps: 1e-5 };
/** Every weight: its shape, how it starts, and its place in the checkpoint transformer_xl. */
export const parameters = {
  u: param("f32[heads, head_dim]", [10, 41], normal(0.02)),
  v: param("f32[heads, head_dim]", [10, 41], normal(0.02)),
  embed: { weight: param("f32[vocab, d]", [267735, 410], normal(0.02)) },
  layers: repeat(16, "i", {
    attn: {
      q: {
        weight: param("f32[d, heads*head_dim]", [410, 410], normal(0.02), {
          name: "layers.{i}.attn.q_proj.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[d, heads*head_dim]", [410, 410], normal(0.02), {
          name: "layers.{i}.attn.k_proj.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[d, heads*head_dim]", [410, 410], normal(0.02), {
          name: "layers.{i}.attn.v_proj.weight",
          order: [1, 0],
        }),
      },
      r: {
        weight: param("f32[d, heads*head_dim]", [410, 410], normal(0.02), {
          name: "layers.{i}.attn.r_proj.weight",
          order: [1, 0],
        }),
      },
      o: {
        weight: param("f32[heads*head_dim, d]", [410, 410], normal(0.02), {
          name: "layers.{i}.attn.o_proj.weight",
          order: [1, 0],
        }),
      },
    },
    norm1: { weight: param("f32[d]", [410], ones), bias: param("f32[d]", [410], zeros) },
    ffn: {
      up: {
        weight: param("f32[d, ff]", [410, 2100], normal(0.02), { name: "layers.{i}.ffn.up.weight", order: [1, 0] }),
        bias: param("f32[ff]", [2100], zeros),
      },
      down: {
        weight: param("f32[ff, d]", [2100, 410], normal(0.02), { name: "layers.{i}.ffn.down.weight", order: [1, 0] }),
        bias: param("f32[d]", [410], zeros),
      },
    },
    norm2: { weight: param("f32[d]", [410], ones), bias: param("f32[d]", [410], zeros) },
  }),
};

export type TransformerXLWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type XlLayerWeights = TransformerXLWeights["layers"][number];
type XlRelativeWeights = XlLayerWeights["attn"];
type FfnWeights = XlLayerWeights["ffn"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<TransformerXLWeights> {
  return loadWeights(parameters, source);
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): TransformerXLWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: TransformerXLWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/**
 * Attention over a memory and the text behind it, by content and by distance (Dai et al. 2019, "Transformer-XL"). The
 * queries' biases for the two are given, since the paper's layers share them. Of the memory the last `filled` positions
 * are seen.
 */
function xlRelative(
  weights: XlRelativeWeights,
  x: Hidden,
  memory: Tensor<"f32[batch, span, d]">,
  for_content: Tensor<"f32[heads, head_dim]">,
  for_distance: Tensor<"f32[heads, head_dim]">,
  filled: Tensor<"i32[]">,
): Hidden {
  const seq = sizeOf(x, 1);
  const ctx = concat([memory, x], 1);
  const q = linear(x, weights.q.weight);
  const qh = rearrange(q, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  q.dispose();
  const k = linear(ctx, weights.k.weight);
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const v = linear(ctx, weights.v.weight);
  ctx.dispose();
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const t = table([seq + config.span, config.d / 2], (far, h) => Math.sin(far * 10000 ** ((-2 * h) / 410)));
  const t2 = table([seq + config.span, config.d / 2], (far, h) => Math.cos(far * 10000 ** ((-2 * h) / 410)));
  const both2 = stack([t, t2], 2);
  tf.dispose([t, t2]);
  const far = rearrange(both2, "far h s -> far (s h)");
  both2.dispose();
  const r = linear(far, weights.r.weight);
  far.dispose();
  const far2 = rearrange(r, "n (heads c) -> heads n c", { heads: config.heads });
  r.dispose();
  const sum = tf.tidy(() => tf.add(qh, tf.expandDims(for_distance, 1)));
  const by_distance = contract(sum, far2, "a b c d, b o d -> a b c o");
  tf.dispose([far2, sum]);
  const sum2 = tf.tidy(() => tf.add(qh, tf.expandDims(for_content, 1)));
  qh.dispose();
  const y = attend(sum2, kh, vh, {
    scale: 0.15617376188860607,
    mask: where((_q, k) =>
      tf.logicalAnd(
        tf.lessEqual(tf.reshape(k, [-1]), tf.expandDims(tf.add(positions(seq), tf.scalar(config.span, "int32")), 1)),
        tf.lessEqual(tf.sub(tf.scalar(config.span, "int32"), filled), tf.reshape(k, [-1])),
      ),
    ),
    score: (s, _q, k) =>
      tf.add(
        s,
        tf.mul(
          0.15617376188860607,
          tf.transpose(
            lookUp(
              by_distance,
              [3, 2],
              [
                tf.maximum(
                  tf.sub(
                    tf.expandDims(tf.add(positions(seq), tf.scalar(config.span, "int32")), 1),
                    tf.reshape(k, [-1]),
                  ),
                  tf.scalar(0, "int32"),
                ),
                tf.expandDims(positions(seq), 1),
              ],
            ),
            [2, 3, 0, 1],
          ),
        ),
      ),
  });
  tf.dispose([kh, vh, by_distance, sum2]);
  const y2 = rearrange(y, "batch heads i c -> batch i (heads c)");
  y.dispose();
  const o = linear(y2, weights.o.weight);
  y2.dispose();
  return o;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn(weights: FfnWeights, x: Hidden): Hidden {
  return tf.tidy(() =>
    linear(tf.maximum(linear(x, weights.up.weight, weights.up.bias), 0), weights.down.weight, weights.down.bias),
  );
}

/**
 * Transformer-XL (Dai et al. 2019): a text is read segment by segment; each layer also sees what it saw before, by
 * relative positions.
 */
function xlLayer(
  weights: XlLayerWeights,
  x: Hidden,
  for_content: Tensor<"f32[heads, head_dim]">,
  for_distance: Tensor<"f32[heads, head_dim]">,
  filled: Tensor<"i32[]">,
  state?: State,
): Hidden {
  const batch = sizeOf(x, 0);
  const seq = sizeOf(x, 1);
  const memory = recall(state, ["memory"], [batch, config.span, config.d], 0);
  const joined = concat([memory, x], 1);
  const joined2 = slice(joined, 1, seq, seq + config.span);
  joined.dispose();
  store(state, ["memory"], joined2);
  joined2.dispose();
  const attn = xlRelative(weights.attn, x, memory, for_content, for_distance, filled);
  memory.dispose();
  const sum = tf.add(x, attn);
  attn.dispose();
  const x2 = layerNorm(sum, weights.norm1.weight, weights.norm1.bias, 1e-5);
  sum.dispose();
  const ffn2 = ffn(weights.ffn, x2);
  const sum2 = tf.add(x2, ffn2);
  tf.dispose([x2, ffn2]);
  const norm2 = layerNorm(sum2, weights.norm2.weight, weights.norm2.bias, 1e-5);
  sum2.dispose();
  return norm2;
}

/**
 * The layers remember `span` positions, `filled` of them so far; all share the biases `u` of content and `v` of
 * distance.
 */
function transformerXL(weights: TransformerXLWeights, ids: Tensor<"i32[batch, seq]">, state?: State): Hidden {
  const seq = sizeOf(ids, 1);
  const filled = recall(state, ["filled"], [], 0, "int32");
  const t = tf.tidy(() => tf.minimum(tf.add(filled, tf.scalar(seq, "int32")), tf.scalar(config.span, "int32")));
  store(state, ["filled"], t);
  t.dispose();
  const embed = embedding(weights.embed.weight, ids);
  let x: Hidden = tf.tidy(() => tf.mul(20.248456731316587, embed));
  embed.dispose();
  for (let i = 0; i < config.depth; i++) {
    const next = xlLayer(at(weights.layers, i), x, weights.u, weights.v, filled, within(state, "layers", i));
    x.dispose();
    x = next;
  }

  filled.dispose();
  return x;
}

function lmHead(weights: TransformerXLWeights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
  return linearTransposed(x, weights.embed.weight);
}

/** Mean negative log-likelihood of `labels` (nats), over the entries that are not `ignore`. */
function crossEntropy(
  logits: Tensor<"f32[batch, seq - 1, vocab]">,
  labels: Tensor<"i32[batch, seq - 1]">,
): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const counted = tf.notEqual(labels, tf.scalar(-100, "int32"));
    const t = tf.neg(
      tf.sum(tf.where(counted, pick(tf.logSoftmax(logits), tf.where(counted, labels, tf.scalar(0, "int32"))), 0)),
    );
    return tf.div(t, tf.sum(tf.cast(counted, "float32")));
  });
}

function lmLossOf(weights: TransformerXLWeights, x: Hidden, ids: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  const seq = sizeOf(x, 1);
  const logits = linearTransposed(x, weights.embed.weight);
  const logits2 = slice(logits, 1, 0, seq - 1);
  logits.dispose();
  const ids2 = slice(ids, 1, 1, seq);
  const logits3 = crossEntropy(logits2, ids2);
  tf.dispose([logits2, ids2]);
  return logits3;
}

export interface LmInputs {
  readonly ids: Input<"i32[batch, seq]">;
}

/** Next-token logits. The head is the token embedding itself. */
export function lm(weights: TransformerXLWeights, inputs: LmInputs, state?: State): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const hidden = transformerXL(weights, ids, state);
    state?.advance();
    return lmHead(weights, hidden);
  });
}

/** The loss that lm is trained by. */
export function lmLoss(weights: TransformerXLWeights, inputs: LmInputs, state?: State): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const hidden = transformerXL(weights, ids, state);
    state?.advance();
    return lmLossOf(weights, hidden, ids);
  });
}
