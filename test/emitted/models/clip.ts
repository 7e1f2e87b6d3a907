// Clip (clip.tfm), config clip_b_32. Written by tfmc 0.1.0: change the .tfm file, not this one.
import * as tf from "@tensorflow/tfjs-core";
import {
  argmax,
  attend,
  both,
  causal,
  concat,
  constant,
  contract,
  conv,
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
  pick,
  positions,
  quickGelu,
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

/** The numbers of clip_b_32. */
export const config = {
  space: 512,
  size: 224,
  patch: 32,
  channels: 3,
  vocab: 49408,
  ctx: 77,
  end: 49407,
  p: 0,
  image_d: 768,
  image_depth: 12,
  image_heads: 12,
  image_ff: 3072,
  image_eps: 1e-5,
  text_d: 512,
  text_depth: 12,
  text_heads: 8,
  text_ff: 2048,
  text_eps: 1e-5,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint openai/clip-vit-base-patch32. */
export const parameters = {
  logit_scale: param("f32[]", [], constant(2.6592)),
  vision: {
    class: param("f32[image_d]", [768], normal(0.02), "vision_model.embeddings.class_embedding"),
    patches: {
      projection: {
        weight: param(
          "f32[image_d, channels, patch, patch]",
          [768, 3, 32, 32],
          normal(0.02),
          "vision_model.embeddings.patch_embedding.weight",
        ),
      },
    },
    position: {
      weight: param(
        "f32[size^2 / patch^2 + 1, image_d]",
        [50, 768],
        normal(0.02),
        "vision_model.embeddings.position_embedding.weight",
      ),
    },
    ln_in: {
      weight: param("f32[image_d]", [768], ones, "vision_model.pre_layrnorm.weight"),
      bias: param("f32[image_d]", [768], zeros, "vision_model.pre_layrnorm.bias"),
    },
    layers: repeat(12, "i", {
      ln_1: {
        weight: param("f32[image_d]", [768], ones, "vision_model.encoder.layers.{i}.layer_norm1.weight"),
        bias: param("f32[image_d]", [768], zeros, "vision_model.encoder.layers.{i}.layer_norm1.bias"),
      },
      attn: {
        q: {
          weight: param("f32[image_d, image_d]", [768, 768], normal(0.02), {
            name: "vision_model.encoder.layers.{i}.self_attn.q_proj.weight",
            order: [1, 0],
          }),
          bias: param("f32[image_d]", [768], zeros, "vision_model.encoder.layers.{i}.self_attn.q_proj.bias"),
        },
        k: {
          weight: param("f32[image_d, image_d]", [768, 768], normal(0.02), {
            name: "vision_model.encoder.layers.{i}.self_attn.k_proj.weight",
            order: [1, 0],
          }),
          bias: param("f32[image_d]", [768], zeros, "vision_model.encoder.layers.{i}.self_attn.k_proj.bias"),
        },
        v: {
          weight: param("f32[image_d, image_d]", [768, 768], normal(0.02), {
            name: "vision_model.encoder.layers.{i}.self_attn.v_proj.weight",
            order: [1, 0],
          }),
          bias: param("f32[image_d]", [768], zeros, "vision_model.encoder.layers.{i}.self_attn.v_proj.bias"),
        },
        o: {
          weight: param("f32[image_d, image_d]", [768, 768], normal(0.02), {
            name: "vision_model.encoder.layers.{i}.self_attn.out_proj.weight",
            order: [1, 0],
          }),
          bias: param("f32[image_d]", [768], zeros, "vision_model.encoder.layers.{i}.self_attn.out_proj.bias"),
        },
      },
      ln_2: {
        weight: param("f32[image_d]", [768], ones, "vision_model.encoder.layers.{i}.layer_norm2.weight"),
        bias: param("f32[image_d]", [768], zeros, "vision_model.encoder.layers.{i}.layer_norm2.bias"),
      },
      mlp: {
        up: {
          weight: param("f32[image_d, image_ff]", [768, 3072], normal(0.02), {
            name: "vision_model.encoder.layers.{i}.mlp.fc1.weight",
            order: [1, 0],
          }),
          bias: param("f32[image_ff]", [3072], zeros, "vision_model.encoder.layers.{i}.mlp.fc1.bias"),
        },
        down: {
          weight: param("f32[image_ff, image_d]", [3072, 768], normal(0.02), {
            name: "vision_model.encoder.layers.{i}.mlp.fc2.weight",
            order: [1, 0],
          }),
          bias: param("f32[image_d]", [768], zeros, "vision_model.encoder.layers.{i}.mlp.fc2.bias"),
        },
      },
    }),
    ln_out: {
      weight: param("f32[image_d]", [768], ones, "vision_model.post_layernorm.weight"),
      bias: param("f32[image_d]", [768], zeros, "vision_model.post_layernorm.bias"),
    },
  },
  language: {
    token: {
      weight: param("f32[vocab, text_d]", [49408, 512], normal(0.02), "text_model.embeddings.token_embedding.weight"),
    },
    position: {
      weight: param("f32[ctx, text_d]", [77, 512], normal(0.02), "text_model.embeddings.position_embedding.weight"),
    },
    layers: repeat(12, "i", {
      ln_1: {
        weight: param("f32[text_d]", [512], ones, "text_model.encoder.layers.{i}.layer_norm1.weight"),
        bias: param("f32[text_d]", [512], zeros, "text_model.encoder.layers.{i}.layer_norm1.bias"),
      },
      attn: {
        q: {
          weight: param("f32[text_d, text_d]", [512, 512], normal(0.02), {
            name: "text_model.encoder.layers.{i}.self_attn.q_proj.weight",
            order: [1, 0],
          }),
          bias: param("f32[text_d]", [512], zeros, "text_model.encoder.layers.{i}.self_attn.q_proj.bias"),
        },
        k: {
          weight: param("f32[text_d, text_d]", [512, 512], normal(0.02), {
            name: "text_model.encoder.layers.{i}.self_attn.k_proj.weight",
            order: [1, 0],
          }),
          bias: param("f32[text_d]", [512], zeros, "text_model.encoder.layers.{i}.self_attn.k_proj.bias"),
        },
        v: {
          weight: param("f32[text_d, text_d]", [512, 512], normal(0.02), {
            name: "text_model.encoder.layers.{i}.self_attn.v_proj.weight",
            order: [1, 0],
          }),
          bias: param("f32[text_d]", [512], zeros, "text_model.encoder.layers.{i}.self_attn.v_proj.bias"),
        },
        o: {
          weight: param("f32[text_d, text_d]", [512, 512], normal(0.02), {
            name: "text_model.encoder.layers.{i}.self_attn.out_proj.weight",
            order: [1, 0],
          }),
          bias: param("f32[text_d]", [512], zeros, "text_model.encoder.layers.{i}.self_attn.out_proj.bias"),
        },
      },
      ln_2: {
        weight: param("f32[text_d]", [512], ones, "text_model.encoder.layers.{i}.layer_norm2.weight"),
        bias: param("f32[text_d]", [512], zeros, "text_model.encoder.layers.{i}.layer_norm2.bias"),
      },
      mlp: {
        up: {
          weight: param("f32[text_d, text_ff]", [512, 2048], normal(0.02), {
            name: "text_model.encoder.layers.{i}.mlp.fc1.weight",
            order: [1, 0],
          }),
          bias: param("f32[text_ff]", [2048], zeros, "text_model.encoder.layers.{i}.mlp.fc1.bias"),
        },
        down: {
          weight: param("f32[text_ff, text_d]", [2048, 512], normal(0.02), {
            name: "text_model.encoder.layers.{i}.mlp.fc2.weight",
            order: [1, 0],
          }),
          bias: param("f32[text_d]", [512], zeros, "text_model.encoder.layers.{i}.mlp.fc2.bias"),
        },
      },
    }),
    ln_out: {
      weight: param("f32[text_d]", [512], ones, "text_model.final_layer_norm.weight"),
      bias: param("f32[text_d]", [512], zeros, "text_model.final_layer_norm.bias"),
    },
  },
  visual_projection: {
    weight: param("f32[image_d, space]", [768, 512], normal(0.02), { name: "visual_projection.weight", order: [1, 0] }),
  },
  text_projection: {
    weight: param("f32[text_d, space]", [512, 512], normal(0.02), { name: "text_projection.weight", order: [1, 0] }),
  },
};

export type ClipWeights = Weights<typeof parameters>;
type ImageTowerWeights = ClipWeights["vision"];
type ClipLayerWeights = ImageTowerWeights["layers"][number];
type AttentionWeights = ClipLayerWeights["attn"];
type FfnWeights = ClipLayerWeights["mlp"];
type TextTowerWeights = ClipWeights["language"];
type ClipLayer2Weights = TextTowerWeights["layers"][number];
type Attention2Weights = ClipLayer2Weights["attn"];
type Ffn2Weights = ClipLayer2Weights["mlp"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<ClipWeights> {
  return loadWeights(parameters, source, {
    ignore: ["text_model.embeddings.position_ids", "vision_model.embeddings.position_ids"],
  });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): ClipWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: ClipWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention(
  weights: AttentionWeights,
  x: Tensor<"f32[image, size^2 / patch^2 + 1, image_d]">,
): Tensor<"f32[image, size^2 / patch^2 + 1, image_d]"> {
  const q = linear(x, weights.q.weight, weights.q.bias);
  const k = linear(x, weights.k.weight, weights.k.bias);
  const v = linear(x, weights.v.weight, weights.v.bias);
  const vh = rearrange(v, "image n (heads c) -> image heads n c", { heads: config.image_heads });
  v.dispose();
  const qh = rearrange(q, "image i (g c) -> image g 1 i c", { g: config.image_heads });
  q.dispose();
  const kh = rearrange(k, "image n (heads c) -> image heads n c", { heads: config.image_heads });
  k.dispose();
  const y = attend(qh, kh, vh, { scale: 0.125 });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "image g 1 i c -> image i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
  y2.dispose();
  return o;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn(
  weights: FfnWeights,
  x: Tensor<"f32[image, size^2 / patch^2 + 1, image_d]">,
): Tensor<"f32[image, size^2 / patch^2 + 1, image_d]"> {
  return tf.tidy(() =>
    linear(quickGelu(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

function clipLayer(
  weights: ClipLayerWeights,
  x: Tensor<"f32[image, size^2 / patch^2 + 1, image_d]">,
): Tensor<"f32[image, size^2 / patch^2 + 1, image_d]"> {
  const ln_1 = layerNorm(x, weights.ln_1.weight, weights.ln_1.bias, 1e-5);
  const attn = attention(weights.attn, ln_1);
  ln_1.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const ln_2 = layerNorm(x2, weights.ln_2.weight, weights.ln_2.bias, 1e-5);
  const mlp = ffn(weights.mlp, ln_2);
  ln_2.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

/** What an image shows, by its class token. */
function imageTower(
  weights: ImageTowerWeights,
  pixels: Tensor<"f32[image, channels, size, size]">,
): Tensor<"f32[image, image_d]"> {
  const image = sizeOf(pixels, 0);
  const projection = conv(pixels, weights.patches.projection.weight, { stride: config.patch });
  const seen = rearrange(projection, "image d h w -> image (h w) d");
  projection.dispose();
  const class2 = tf.broadcastTo(weights.class, [image, 1, config.image_d]);
  const joined = concat([class2, seen], 1);
  tf.dispose([seen, class2]);
  const n = positions(config.size ** 2 / config.patch ** 2 + 1);
  const weight = embedding(weights.position.weight, n);
  n.dispose();
  const position = tf.add(joined, weight);
  tf.dispose([joined, weight]);
  let x: Tensor<"f32[image, size^2 / patch^2 + 1, image_d]"> = layerNorm(
    position,
    weights.ln_in.weight,
    weights.ln_in.bias,
    1e-5,
  );
  position.dispose();
  for (const layer of weights.layers) {
    const next = clipLayer(layer, x);
    x.dispose();
    x = next;
  }

  const x2 = take(x, 1, 0);
  x.dispose();
  const ln_out = layerNorm(x2, weights.ln_out.weight, weights.ln_out.bias, 1e-5);
  x2.dispose();
  return ln_out;
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention2(
  weights: Attention2Weights,
  x: Tensor<"f32[text, seq, text_d]">,
  keep: Tensor<"bool[text, seq]">,
): Tensor<"f32[text, seq, text_d]"> {
  const q = linear(x, weights.q.weight, weights.q.bias);
  const k = linear(x, weights.k.weight, weights.k.bias);
  const v = linear(x, weights.v.weight, weights.v.bias);
  const vh = rearrange(v, "text n (heads c) -> text heads n c", { heads: config.text_heads });
  v.dispose();
  const qh = rearrange(q, "text i (g c) -> text g 1 i c", { g: config.text_heads });
  q.dispose();
  const kh = rearrange(k, "text n (heads c) -> text heads n c", { heads: config.text_heads });
  k.dispose();
  const y = attend(qh, kh, vh, {
    scale: 0.125,
    mask: both(
      causal,
      where(() => tf.expandDims(tf.expandDims(tf.expandDims(keep, 1), 2), 3)),
    ),
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "text g 1 i c -> text i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
  y2.dispose();
  return o;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn2(weights: Ffn2Weights, x: Tensor<"f32[text, seq, text_d]">): Tensor<"f32[text, seq, text_d]"> {
  return tf.tidy(() =>
    linear(quickGelu(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

function clipLayer2(
  weights: ClipLayer2Weights,
  x: Tensor<"f32[text, seq, text_d]">,
  keep: Tensor<"bool[text, seq]">,
): Tensor<"f32[text, seq, text_d]"> {
  const ln_1 = layerNorm(x, weights.ln_1.weight, weights.ln_1.bias, 1e-5);
  const attn = attention2(weights.attn, ln_1, keep);
  ln_1.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const ln_2 = layerNorm(x2, weights.ln_2.weight, weights.ln_2.bias, 1e-5);
  const mlp = ffn2(weights.mlp, ln_2);
  ln_2.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

/** What a text says, by the token that ends it: `end`, or the largest one where that is 2, as in the first vocabulary. */
function textTower(
  weights: TextTowerWeights,
  ids: Tensor<"i32[text, seq]">,
  keep: Tensor<"bool[text, seq]">,
): Tensor<"f32[text, text_d]"> {
  const seq = sizeOf(ids, 1);
  const text = sizeOf(ids, 0);
  const token = embedding(weights.token.weight, ids);
  const n = positions(seq);
  const weight = embedding(weights.position.weight, n);
  n.dispose();
  let x: Tensor<"f32[text, seq, text_d]"> = tf.add(token, weight);
  tf.dispose([token, weight]);
  for (const layer of weights.layers) {
    const next = clipLayer2(layer, x, keep);
    x.dispose();
    x = next;
  }

  const t = tf.tidy(() => tf.cast(tf.equal(ids, tf.scalar(config.end, "int32")), "int32"));
  const last = argmax(t, 1);
  t.dispose();
  const ln_out = layerNorm(x, weights.ln_out.weight, weights.ln_out.bias, 1e-5);
  x.dispose();
  const ln_out2 = tf.tidy(() => lookUp(ln_out, [1, 0], [last, positions(text)]));
  tf.dispose([last, ln_out]);
  return ln_out2;
}

/** The vector along the last axis at length 1. A length under `eps` counts as `eps`. */
function unit(x: Tensor<"f32[image, space]">): Tensor<"f32[image, space]"> {
  return tf.tidy(() => tf.div(x, tf.expandDims(tf.maximum(tf.sqrt(tf.sum(tf.mul(x, x), 1)), 1e-12), 1)));
}

/** The vector along the last axis at length 1. A length under `eps` counts as `eps`. */
function unit2(x: Tensor<"f32[text, space]">): Tensor<"f32[text, space]"> {
  return tf.tidy(() => tf.div(x, tf.expandDims(tf.maximum(tf.sqrt(tf.sum(tf.mul(x, x), 1)), 1e-12), 1)));
}

function clip(
  weights: ClipWeights,
  pixels: Tensor<"f32[image, channels, size, size]">,
  ids: Tensor<"i32[text, seq]">,
  keep: Tensor<"bool[text, seq]">,
): [Tensor<"f32[image, space]">, Tensor<"f32[text, space]">] {
  const seen = imageTower(weights.vision, pixels);
  const said = textTower(weights.language, ids, keep);
  const visual_projection = linear(seen, weights.visual_projection.weight);
  seen.dispose();
  const images = unit(visual_projection);
  visual_projection.dispose();
  const text_projection = linear(said, weights.text_projection.weight);
  said.dispose();
  const texts = unit2(text_projection);
  text_projection.dispose();
  return [images, texts];
}

function matchHead(
  weights: ClipWeights,
  images: Tensor<"f32[image, space]">,
  texts: Tensor<"f32[text, space]">,
): Tensor<"f32[image, text]"> {
  return tf.tidy(() => tf.mul(tf.exp(weights.logit_scale), contract(images, texts, "a b, n b -> a n")));
}

/**
 * Pairs of one batch against all others in it (Radford et al. 2021): entry [i, i] is a pair, and the largest of its row
 * and column.
 */
function contrastive(logits: Tensor<"f32[image, text]">): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const image = sizeOf(logits, 0);
    const sum = tf.add(
      tf.mean(pick(tf.logSoftmax(logits), positions(image))),
      tf.mean(pick(tf.transpose(tf.logSoftmax(tf.transpose(logits, [1, 0])), [1, 0]), positions(image))),
    );
    return tf.mul(-0.5, sum);
  });
}

function pairHead(
  weights: ClipWeights,
  images: Tensor<"f32[image, space]">,
  texts: Tensor<"f32[text, space]">,
): Tensor<"f32[]"> {
  const product = contract(images, texts, "a b, n b -> a n");
  const product2 = tf.tidy(() => tf.mul(tf.exp(weights.logit_scale), product));
  product.dispose();
  const cost = contrastive(product2);
  product2.dispose();
  return cost;
}

function pairLossOf(
  weights: ClipWeights,
  images: Tensor<"f32[image, space]">,
  texts: Tensor<"f32[text, space]">,
): Tensor<"f32[]"> {
  const product = contract(images, texts, "a b, n b -> a n");
  const product2 = tf.tidy(() => tf.mul(tf.exp(weights.logit_scale), product));
  product.dispose();
  const cost = contrastive(product2);
  product2.dispose();
  return cost;
}

export interface MatchInputs {
  readonly pixels: Input<"f32[image, channels, size, size]">;
  readonly ids: Input<"i32[text, seq]">;
  readonly keep?: Input<"bool[text, seq]">;
}

/** How well each image fits each text. */
export function match(weights: ClipWeights, inputs: MatchInputs): Tensor<"f32[image, text]"> {
  return tf.tidy(() => {
    const pixels = input("pixels", inputs.pixels, {
      dtype: "float32",
      rank: 4,
      sizes: [null, config.channels, config.size, config.size],
    });
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const text = sizeOf(ids, 0);
    const seq = sizeOf(ids, 1);
    const keep =
      inputs.keep === undefined
        ? tf.fill([text, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [text, seq] });
    guard(seq <= config.ctx, `Clip: seq = ${seq} exceeds ctx = ${config.ctx} (clip.tfm:37)`);
    const [images, texts] = clip(weights, pixels, ids, keep);
    return matchHead(weights, images, texts);
  });
}

export interface PairInputs {
  readonly pixels: Input<"f32[image, channels, size, size]">;
  readonly ids: Input<"i32[text, seq]">;
  readonly keep?: Input<"bool[text, seq]">;
}

/** What training makes small, where image n and text n belong together, and no others. */
export function pair(weights: ClipWeights, inputs: PairInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const pixels = input("pixels", inputs.pixels, {
      dtype: "float32",
      rank: 4,
      sizes: [null, config.channels, config.size, config.size],
    });
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const text = sizeOf(ids, 0);
    const seq = sizeOf(ids, 1);
    const keep =
      inputs.keep === undefined
        ? tf.fill([text, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [text, seq] });
    guard(seq <= config.ctx, `Clip: seq = ${seq} exceeds ctx = ${config.ctx} (clip.tfm:37)`);
    const image = sizeOf(pixels, 0);
    guard(image === text, `Clip: image == text does not hold for image = ${image}, text = ${text} (clip.tfm:57)`);
    const [images, texts] = clip(weights, pixels, ids, keep);
    return pairHead(weights, images, texts);
  });
}

/** The loss that pair is trained by. */
export function pairLoss(weights: ClipWeights, inputs: PairInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const pixels = input("pixels", inputs.pixels, {
      dtype: "float32",
      rank: 4,
      sizes: [null, config.channels, config.size, config.size],
    });
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const text = sizeOf(ids, 0);
    const seq = sizeOf(ids, 1);
    const keep =
      inputs.keep === undefined
        ? tf.fill([text, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [text, seq] });
    guard(seq <= config.ctx, `Clip: seq = ${seq} exceeds ctx = ${config.ctx} (clip.tfm:37)`);
    const image = sizeOf(pixels, 0);
    guard(image === text, `Clip: image == text does not hold for image = ${image}, text = ${text} (clip.tfm:57)`);
    const [images, texts] = clip(weights, pixels, ids, keep);
    return pairLossOf(weights, images, texts);
  });
}

export interface EmbedInputs {
  readonly pixels: Input<"f32[image, channels, size, size]">;
  readonly ids: Input<"i32[text, seq]">;
  readonly keep?: Input<"bool[text, seq]">;
}

/** The place of each image, and that of each text. */
export function embed(
  weights: ClipWeights,
  inputs: EmbedInputs,
): { readonly images: Tensor<"f32[image, space]">; readonly texts: Tensor<"f32[text, space]"> } {
  return tf.tidy(() => {
    const pixels = input("pixels", inputs.pixels, {
      dtype: "float32",
      rank: 4,
      sizes: [null, config.channels, config.size, config.size],
    });
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const text = sizeOf(ids, 0);
    const seq = sizeOf(ids, 1);
    const keep =
      inputs.keep === undefined
        ? tf.fill([text, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [text, seq] });
    guard(seq <= config.ctx, `Clip: seq = ${seq} exceeds ctx = ${config.ctx} (clip.tfm:37)`);
    const [images, texts] = clip(weights, pixels, ids, keep);
    return { images, texts };
  });
}
