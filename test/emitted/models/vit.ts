// ViT (vit.tfm), config vit_base_16. Written by tfmc 0.1.0: change the .tfm file, not this one.
import * as tf from "@tensorflow/tfjs-core";
import {
  attend,
  concat,
  conv,
  embedding,
  gelu,
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
  zeros,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of vit_base_16. */
export const config = {
  image: 224,
  patch: 16,
  channels: 3,
  d: 768,
  depth: 12,
  heads: 12,
  bias: true,
  p: 0,
  eps: 1e-12,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint google/vit-base-patch16-224. */
export const parameters = {
  class: param("f32[d]", [768], normal(0.02), { name: "vit.embeddings.cls_token", split: [768], shape: [1, 1, 768] }),
  patches: {
    projection: {
      weight: param(
        "f32[d, channels, patch, patch]",
        [768, 3, 16, 16],
        normal(0.02),
        "vit.embeddings.patch_embeddings.projection.weight",
      ),
      bias: param("f32[d]", [768], zeros, "vit.embeddings.patch_embeddings.projection.bias"),
    },
  },
  position: {
    weight: param("f32[image^2 / patch^2 + 1, d]", [197, 768], normal(0.02), {
      name: "vit.embeddings.position_embeddings",
      split: [197, 768],
      shape: [1, 197, 768],
    }),
  },
  layer: repeat(12, "i", {
    ln_1: {
      weight: param("f32[d]", [768], ones, "vit.encoder.layer.{i}.layernorm_before.weight"),
      bias: param("f32[d]", [768], zeros, "vit.encoder.layer.{i}.layernorm_before.bias"),
    },
    attn: {
      q: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "vit.encoder.layer.{i}.attention.attention.query.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "vit.encoder.layer.{i}.attention.attention.query.bias"),
      },
      k: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "vit.encoder.layer.{i}.attention.attention.key.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "vit.encoder.layer.{i}.attention.attention.key.bias"),
      },
      v: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "vit.encoder.layer.{i}.attention.attention.value.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "vit.encoder.layer.{i}.attention.attention.value.bias"),
      },
      o: {
        weight: param("f32[d, d]", [768, 768], normal(0.02), {
          name: "vit.encoder.layer.{i}.attention.output.dense.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "vit.encoder.layer.{i}.attention.output.dense.bias"),
      },
    },
    ln_2: {
      weight: param("f32[d]", [768], ones, "vit.encoder.layer.{i}.layernorm_after.weight"),
      bias: param("f32[d]", [768], zeros, "vit.encoder.layer.{i}.layernorm_after.bias"),
    },
    mlp: {
      up: {
        weight: param("f32[d, 4*d]", [768, 3072], normal(0.02), {
          name: "vit.encoder.layer.{i}.intermediate.dense.weight",
          order: [1, 0],
        }),
        bias: param("f32[4*d]", [3072], zeros, "vit.encoder.layer.{i}.intermediate.dense.bias"),
      },
      down: {
        weight: param("f32[4*d, d]", [3072, 768], normal(0.02), {
          name: "vit.encoder.layer.{i}.output.dense.weight",
          order: [1, 0],
        }),
        bias: param("f32[d]", [768], zeros, "vit.encoder.layer.{i}.output.dense.bias"),
      },
    },
  }),
  ln: {
    weight: param("f32[d]", [768], ones, "vit.layernorm.weight"),
    bias: param("f32[d]", [768], zeros, "vit.layernorm.bias"),
  },
  classifier: {
    weight: param("f32[d, 1000]", [768, 1000], normal(0.02), { name: "classifier.weight", order: [1, 0] }),
    bias: param("f32[1000]", [1000], zeros),
  },
};

export type ViTWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, image^2 / patch^2 + 1, d]">;
type PatchEmbedWeights = ViTWeights["patches"];
type VitLayerWeights = ViTWeights["layer"][number];
type AttentionWeights = VitLayerWeights["attn"];
type FfnWeights = VitLayerWeights["mlp"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<ViTWeights> {
  return loadWeights(parameters, source);
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): ViTWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: ViTWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/** An image as a sequence of patches, row by row, each projected to d channels (Dosovitskiy et al. 2020). */
function patchEmbed(
  weights: PatchEmbedWeights,
  x: Tensor<"f32[batch, channels, image, image]">,
): Tensor<"f32[batch, (image // patch)^2, d]"> {
  return tf.tidy(() => {
    const projection = tf.add(
      conv(x, weights.projection.weight, { stride: config.patch }),
      tf.expandDims(tf.expandDims(weights.projection.bias, 1), 2),
    );
    return rearrange(projection, "batch d h w -> batch (h w) d");
  });
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention(weights: AttentionWeights, x: Hidden): Hidden {
  const q = linear(x, weights.q.weight, weights.q.bias);
  const k = linear(x, weights.k.weight, weights.k.bias);
  const v = linear(x, weights.v.weight, weights.v.bias);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const qh = rearrange(q, "batch i (g c) -> batch g 1 i c", { g: config.heads });
  q.dispose();
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const y = attend(qh, kh, vh, { scale: 0.125 });
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
 * ViT (Dosovitskiy et al. 2020): an image is a sequence of patches to an encoder, and a class token in front gathers
 * what they show.
 */
function vitLayer(weights: VitLayerWeights, x: Hidden): Hidden {
  const ln_1 = layerNorm(x, weights.ln_1.weight, weights.ln_1.bias, 1e-12);
  const attn = attention(weights.attn, ln_1);
  ln_1.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const ln_2 = layerNorm(x2, weights.ln_2.weight, weights.ln_2.bias, 1e-12);
  const mlp = ffn(weights.mlp, ln_2);
  ln_2.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

function viT(weights: ViTWeights, pixels: Tensor<"f32[batch, channels, image, image]">): Hidden {
  const batch = sizeOf(pixels, 0);
  const seen = patchEmbed(weights.patches, pixels);
  const class2 = tf.broadcastTo(weights.class, [batch, 1, config.d]);
  const joined = concat([class2, seen], 1);
  tf.dispose([seen, class2]);
  const n = positions(config.image ** 2 / config.patch ** 2 + 1);
  const weight = embedding(weights.position.weight, n);
  n.dispose();
  let x: Hidden = tf.add(joined, weight);
  tf.dispose([joined, weight]);
  for (const layer_ of weights.layer) {
    const next = vitLayer(layer_, x);
    x.dispose();
    x = next;
  }

  const ln = layerNorm(x, weights.ln.weight, weights.ln.bias, 1e-12);
  x.dispose();
  return ln;
}

function classifyHead(weights: ViTWeights, x: Hidden): Tensor<"f32[batch, 1000]"> {
  return tf.tidy(() => linear(take(x, 1, 0), weights.classifier.weight, weights.classifier.bias));
}

/** Mean negative log-likelihood of `labels` (nats), over the entries that are not `ignore`. */
function crossEntropy(logits: Tensor<"f32[batch, 1000]">, labels: Tensor<"i32[batch]">): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const counted = tf.notEqual(labels, tf.scalar(-100, "int32"));
    const t = tf.neg(
      tf.sum(tf.where(counted, pick(tf.logSoftmax(logits), tf.where(counted, labels, tf.scalar(0, "int32"))), 0)),
    );
    return tf.div(t, tf.sum(tf.cast(counted, "float32")));
  });
}

function classifyLossOf(weights: ViTWeights, x: Hidden, label: Tensor<"i32[batch]">): Tensor<"f32[]"> {
  const x2 = take(x, 1, 0);
  const logits = linear(x2, weights.classifier.weight, weights.classifier.bias);
  x2.dispose();
  const logits2 = crossEntropy(logits, label);
  logits.dispose();
  return logits2;
}

export interface ClassifyInputs {
  readonly pixels: Input<"f32[batch, channels, image, image]">;
}

/** What the image shows. */
export function classify(weights: ViTWeights, inputs: ClassifyInputs): Tensor<"f32[batch, 1000]"> {
  return tf.tidy(() => {
    const pixels = input("pixels", inputs.pixels, {
      dtype: "float32",
      rank: 4,
      sizes: [null, config.channels, config.image, config.image],
    });
    const hidden = viT(weights, pixels);
    return classifyHead(weights, hidden);
  });
}

export interface ClassifyLossInputs {
  readonly pixels: Input<"f32[batch, channels, image, image]">;
  readonly label: Input<"i32[batch]">;
}

/** The loss that classify is trained by. */
export function classifyLoss(weights: ViTWeights, inputs: ClassifyLossInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const pixels = input("pixels", inputs.pixels, {
      dtype: "float32",
      rank: 4,
      sizes: [null, config.channels, config.image, config.image],
    });
    const batch = sizeOf(pixels, 0);
    const label = input("label", inputs.label, { dtype: "int32", rank: 1, below: 1000, except: -100, sizes: [batch] });
    const hidden = viT(weights, pixels);
    return classifyLossOf(weights, hidden, label);
  });
}
