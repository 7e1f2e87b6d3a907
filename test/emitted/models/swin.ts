// Swin (swin.tfm), config swin_tiny. Written by tfmc 0.1.0: change the .tfm file, not this one.
// Four stages; of those without layers there is none.
import * as tf from "@tensorflow/tfjs-core";
import {
  at,
  attend,
  conv,
  gelu,
  initialiseWeights,
  input,
  layerNorm,
  linear,
  list,
  loadWeights,
  lookUp,
  normal,
  ones,
  param,
  pick,
  positions,
  rearrange,
  repeat,
  roll,
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

/** The numbers of swin_tiny. */
export const config = {
  image: 224,
  patch: 4,
  channels: 3,
  d: 96,
  win: 7,
  times: 4,
  bias: true,
  p: 0,
  eps: 1e-5,
  depth_1: 2,
  depth_2: 2,
  depth_3: 6,
  depth_4: 2,
  heads_1: 3,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint microsoft/swin-tiny-patch4-window7-224. */
export const parameters = {
  patches: {
    weight: param(
      "f32[d, channels, patch, patch]",
      [96, 3, 4, 4],
      normal(0.02),
      "swin.embeddings.patch_embeddings.projection.weight",
    ),
    bias: param("f32[d]", [96], zeros, "swin.embeddings.patch_embeddings.projection.bias"),
  },
  ln_in: {
    weight: param("f32[d]", [96], ones, "swin.embeddings.norm.weight"),
    bias: param("f32[d]", [96], zeros, "swin.embeddings.norm.bias"),
  },
  stage: list(
    {
      layer: repeat(2, "i", {
        relative: param("f32[2*win - 1, 2*win - 1, heads_1]", [13, 13, 3], normal(0.02), {
          name: "swin.encoder.layers.0.blocks.{i}.attention.self.relative_position_bias_table",
          split: [13, 13, 3],
          shape: [169, 3],
        }),
        ln_1: {
          weight: param("f32[d]", [96], ones, "swin.encoder.layers.0.blocks.{i}.layernorm_before.weight"),
          bias: param("f32[d]", [96], zeros, "swin.encoder.layers.0.blocks.{i}.layernorm_before.bias"),
        },
        attn: {
          q: {
            weight: param("f32[d, d]", [96, 96], normal(0.02), {
              name: "swin.encoder.layers.0.blocks.{i}.attention.self.query.weight",
              order: [1, 0],
            }),
            bias: param("f32[d]", [96], zeros, "swin.encoder.layers.0.blocks.{i}.attention.self.query.bias"),
          },
          k: {
            weight: param("f32[d, d]", [96, 96], normal(0.02), {
              name: "swin.encoder.layers.0.blocks.{i}.attention.self.key.weight",
              order: [1, 0],
            }),
            bias: param("f32[d]", [96], zeros, "swin.encoder.layers.0.blocks.{i}.attention.self.key.bias"),
          },
          v: {
            weight: param("f32[d, d]", [96, 96], normal(0.02), {
              name: "swin.encoder.layers.0.blocks.{i}.attention.self.value.weight",
              order: [1, 0],
            }),
            bias: param("f32[d]", [96], zeros, "swin.encoder.layers.0.blocks.{i}.attention.self.value.bias"),
          },
          o: {
            weight: param("f32[d, d]", [96, 96], normal(0.02), {
              name: "swin.encoder.layers.0.blocks.{i}.attention.output.dense.weight",
              order: [1, 0],
            }),
            bias: param("f32[d]", [96], zeros, "swin.encoder.layers.0.blocks.{i}.attention.output.dense.bias"),
          },
        },
        ln_2: {
          weight: param("f32[d]", [96], ones, "swin.encoder.layers.0.blocks.{i}.layernorm_after.weight"),
          bias: param("f32[d]", [96], zeros, "swin.encoder.layers.0.blocks.{i}.layernorm_after.bias"),
        },
        mlp: {
          up: {
            weight: param("f32[d, d*times]", [96, 384], normal(0.02), {
              name: "swin.encoder.layers.0.blocks.{i}.intermediate.dense.weight",
              order: [1, 0],
            }),
            bias: param("f32[d*times]", [384], zeros, "swin.encoder.layers.0.blocks.{i}.intermediate.dense.bias"),
          },
          down: {
            weight: param("f32[d*times, d]", [384, 96], normal(0.02), {
              name: "swin.encoder.layers.0.blocks.{i}.output.dense.weight",
              order: [1, 0],
            }),
            bias: param("f32[d]", [96], zeros, "swin.encoder.layers.0.blocks.{i}.output.dense.bias"),
          },
        },
      }),
    },
    {
      layer: repeat(2, "i", {
        relative: param("f32[2*win - 1, 2*win - 1, 2*heads_1]", [13, 13, 6], normal(0.02), {
          name: "swin.encoder.layers.1.blocks.{i}.attention.self.relative_position_bias_table",
          split: [13, 13, 6],
          shape: [169, 6],
        }),
        ln_1: {
          weight: param("f32[2*d]", [192], ones, "swin.encoder.layers.1.blocks.{i}.layernorm_before.weight"),
          bias: param("f32[2*d]", [192], zeros, "swin.encoder.layers.1.blocks.{i}.layernorm_before.bias"),
        },
        attn: {
          q: {
            weight: param("f32[2*d, 2*d]", [192, 192], normal(0.02), {
              name: "swin.encoder.layers.1.blocks.{i}.attention.self.query.weight",
              order: [1, 0],
            }),
            bias: param("f32[2*d]", [192], zeros, "swin.encoder.layers.1.blocks.{i}.attention.self.query.bias"),
          },
          k: {
            weight: param("f32[2*d, 2*d]", [192, 192], normal(0.02), {
              name: "swin.encoder.layers.1.blocks.{i}.attention.self.key.weight",
              order: [1, 0],
            }),
            bias: param("f32[2*d]", [192], zeros, "swin.encoder.layers.1.blocks.{i}.attention.self.key.bias"),
          },
          v: {
            weight: param("f32[2*d, 2*d]", [192, 192], normal(0.02), {
              name: "swin.encoder.layers.1.blocks.{i}.attention.self.value.weight",
              order: [1, 0],
            }),
            bias: param("f32[2*d]", [192], zeros, "swin.encoder.layers.1.blocks.{i}.attention.self.value.bias"),
          },
          o: {
            weight: param("f32[2*d, 2*d]", [192, 192], normal(0.02), {
              name: "swin.encoder.layers.1.blocks.{i}.attention.output.dense.weight",
              order: [1, 0],
            }),
            bias: param("f32[2*d]", [192], zeros, "swin.encoder.layers.1.blocks.{i}.attention.output.dense.bias"),
          },
        },
        ln_2: {
          weight: param("f32[2*d]", [192], ones, "swin.encoder.layers.1.blocks.{i}.layernorm_after.weight"),
          bias: param("f32[2*d]", [192], zeros, "swin.encoder.layers.1.blocks.{i}.layernorm_after.bias"),
        },
        mlp: {
          up: {
            weight: param("f32[2*d, 2*d*times]", [192, 768], normal(0.02), {
              name: "swin.encoder.layers.1.blocks.{i}.intermediate.dense.weight",
              order: [1, 0],
            }),
            bias: param("f32[2*d*times]", [768], zeros, "swin.encoder.layers.1.blocks.{i}.intermediate.dense.bias"),
          },
          down: {
            weight: param("f32[2*d*times, 2*d]", [768, 192], normal(0.02), {
              name: "swin.encoder.layers.1.blocks.{i}.output.dense.weight",
              order: [1, 0],
            }),
            bias: param("f32[2*d]", [192], zeros, "swin.encoder.layers.1.blocks.{i}.output.dense.bias"),
          },
        },
      }),
    },
    {
      layer: repeat(6, "i", {
        relative: param("f32[2*win - 1, 2*win - 1, 4*heads_1]", [13, 13, 12], normal(0.02), {
          name: "swin.encoder.layers.2.blocks.{i}.attention.self.relative_position_bias_table",
          split: [13, 13, 12],
          shape: [169, 12],
        }),
        ln_1: {
          weight: param("f32[4*d]", [384], ones, "swin.encoder.layers.2.blocks.{i}.layernorm_before.weight"),
          bias: param("f32[4*d]", [384], zeros, "swin.encoder.layers.2.blocks.{i}.layernorm_before.bias"),
        },
        attn: {
          q: {
            weight: param("f32[4*d, 4*d]", [384, 384], normal(0.02), {
              name: "swin.encoder.layers.2.blocks.{i}.attention.self.query.weight",
              order: [1, 0],
            }),
            bias: param("f32[4*d]", [384], zeros, "swin.encoder.layers.2.blocks.{i}.attention.self.query.bias"),
          },
          k: {
            weight: param("f32[4*d, 4*d]", [384, 384], normal(0.02), {
              name: "swin.encoder.layers.2.blocks.{i}.attention.self.key.weight",
              order: [1, 0],
            }),
            bias: param("f32[4*d]", [384], zeros, "swin.encoder.layers.2.blocks.{i}.attention.self.key.bias"),
          },
          v: {
            weight: param("f32[4*d, 4*d]", [384, 384], normal(0.02), {
              name: "swin.encoder.layers.2.blocks.{i}.attention.self.value.weight",
              order: [1, 0],
            }),
            bias: param("f32[4*d]", [384], zeros, "swin.encoder.layers.2.blocks.{i}.attention.self.value.bias"),
          },
          o: {
            weight: param("f32[4*d, 4*d]", [384, 384], normal(0.02), {
              name: "swin.encoder.layers.2.blocks.{i}.attention.output.dense.weight",
              order: [1, 0],
            }),
            bias: param("f32[4*d]", [384], zeros, "swin.encoder.layers.2.blocks.{i}.attention.output.dense.bias"),
          },
        },
        ln_2: {
          weight: param("f32[4*d]", [384], ones, "swin.encoder.layers.2.blocks.{i}.layernorm_after.weight"),
          bias: param("f32[4*d]", [384], zeros, "swin.encoder.layers.2.blocks.{i}.layernorm_after.bias"),
        },
        mlp: {
          up: {
            weight: param("f32[4*d, 4*d*times]", [384, 1536], normal(0.02), {
              name: "swin.encoder.layers.2.blocks.{i}.intermediate.dense.weight",
              order: [1, 0],
            }),
            bias: param("f32[4*d*times]", [1536], zeros, "swin.encoder.layers.2.blocks.{i}.intermediate.dense.bias"),
          },
          down: {
            weight: param("f32[4*d*times, 4*d]", [1536, 384], normal(0.02), {
              name: "swin.encoder.layers.2.blocks.{i}.output.dense.weight",
              order: [1, 0],
            }),
            bias: param("f32[4*d]", [384], zeros, "swin.encoder.layers.2.blocks.{i}.output.dense.bias"),
          },
        },
      }),
    },
    {
      layer: repeat(2, "i", {
        relative: param("f32[2*win - 1, 2*win - 1, 8*heads_1]", [13, 13, 24], normal(0.02), {
          name: "swin.encoder.layers.3.blocks.{i}.attention.self.relative_position_bias_table",
          split: [13, 13, 24],
          shape: [169, 24],
        }),
        ln_1: {
          weight: param("f32[8*d]", [768], ones, "swin.encoder.layers.3.blocks.{i}.layernorm_before.weight"),
          bias: param("f32[8*d]", [768], zeros, "swin.encoder.layers.3.blocks.{i}.layernorm_before.bias"),
        },
        attn: {
          q: {
            weight: param("f32[8*d, 8*d]", [768, 768], normal(0.02), {
              name: "swin.encoder.layers.3.blocks.{i}.attention.self.query.weight",
              order: [1, 0],
            }),
            bias: param("f32[8*d]", [768], zeros, "swin.encoder.layers.3.blocks.{i}.attention.self.query.bias"),
          },
          k: {
            weight: param("f32[8*d, 8*d]", [768, 768], normal(0.02), {
              name: "swin.encoder.layers.3.blocks.{i}.attention.self.key.weight",
              order: [1, 0],
            }),
            bias: param("f32[8*d]", [768], zeros, "swin.encoder.layers.3.blocks.{i}.attention.self.key.bias"),
          },
          v: {
            weight: param("f32[8*d, 8*d]", [768, 768], normal(0.02), {
              name: "swin.encoder.layers.3.blocks.{i}.attention.self.value.weight",
              order: [1, 0],
            }),
            bias: param("f32[8*d]", [768], zeros, "swin.encoder.layers.3.blocks.{i}.attention.self.value.bias"),
          },
          o: {
            weight: param("f32[8*d, 8*d]", [768, 768], normal(0.02), {
              name: "swin.encoder.layers.3.blocks.{i}.attention.output.dense.weight",
              order: [1, 0],
            }),
            bias: param("f32[8*d]", [768], zeros, "swin.encoder.layers.3.blocks.{i}.attention.output.dense.bias"),
          },
        },
        ln_2: {
          weight: param("f32[8*d]", [768], ones, "swin.encoder.layers.3.blocks.{i}.layernorm_after.weight"),
          bias: param("f32[8*d]", [768], zeros, "swin.encoder.layers.3.blocks.{i}.layernorm_after.bias"),
        },
        mlp: {
          up: {
            weight: param("f32[8*d, 8*d*times]", [768, 3072], normal(0.02), {
              name: "swin.encoder.layers.3.blocks.{i}.intermediate.dense.weight",
              order: [1, 0],
            }),
            bias: param("f32[8*d*times]", [3072], zeros, "swin.encoder.layers.3.blocks.{i}.intermediate.dense.bias"),
          },
          down: {
            weight: param("f32[8*d*times, 8*d]", [3072, 768], normal(0.02), {
              name: "swin.encoder.layers.3.blocks.{i}.output.dense.weight",
              order: [1, 0],
            }),
            bias: param("f32[8*d]", [768], zeros, "swin.encoder.layers.3.blocks.{i}.output.dense.bias"),
          },
        },
      }),
    },
  ),
  merge: list(
    {
      norm: {
        weight: param("f32[4*d]", [384], ones, "swin.encoder.layers.0.downsample.norm.weight"),
        bias: param("f32[4*d]", [384], zeros, "swin.encoder.layers.0.downsample.norm.bias"),
      },
      reduction: {
        weight: param("f32[4*d, 2*d]", [384, 192], normal(0.02), {
          name: "swin.encoder.layers.0.downsample.reduction.weight",
          order: [1, 0],
        }),
      },
    },
    {
      norm: {
        weight: param("f32[8*d]", [768], ones, "swin.encoder.layers.1.downsample.norm.weight"),
        bias: param("f32[8*d]", [768], zeros, "swin.encoder.layers.1.downsample.norm.bias"),
      },
      reduction: {
        weight: param("f32[8*d, 4*d]", [768, 384], normal(0.02), {
          name: "swin.encoder.layers.1.downsample.reduction.weight",
          order: [1, 0],
        }),
      },
    },
    {
      norm: {
        weight: param("f32[16*d]", [1536], ones, "swin.encoder.layers.2.downsample.norm.weight"),
        bias: param("f32[16*d]", [1536], zeros, "swin.encoder.layers.2.downsample.norm.bias"),
      },
      reduction: {
        weight: param("f32[16*d, 8*d]", [1536, 768], normal(0.02), {
          name: "swin.encoder.layers.2.downsample.reduction.weight",
          order: [1, 0],
        }),
      },
    },
  ),
  ln_out: {
    weight: param("f32[8*d]", [768], ones, "swin.layernorm.weight"),
    bias: param("f32[8*d]", [768], zeros, "swin.layernorm.bias"),
  },
  classifier: {
    weight: param("f32[8*d, 1000]", [768, 1000], normal(0.02), { name: "classifier.weight", order: [1, 0] }),
    bias: param("f32[1000]", [1000], zeros),
  },
};

export type SwinWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, 8*d]">;
type SwinStageWeights = SwinWeights["stage"][0];
type SwinLayerWeights = SwinStageWeights["layer"][0];
type AttentionWeights = SwinLayerWeights["attn"];
type FfnWeights = SwinLayerWeights["mlp"];
type SwinLayer2Weights = SwinStageWeights["layer"][1];
type Attention2Weights = SwinLayer2Weights["attn"];
type MergeWeights = SwinWeights["merge"][0];
type SwinStage2Weights = SwinWeights["stage"][1];
type SwinLayer3Weights = SwinStage2Weights["layer"][0];
type Attention3Weights = SwinLayer3Weights["attn"];
type Ffn2Weights = SwinLayer3Weights["mlp"];
type SwinLayer4Weights = SwinStage2Weights["layer"][1];
type Attention4Weights = SwinLayer4Weights["attn"];
type Merge2Weights = SwinWeights["merge"][1];
type SwinStage3Weights = SwinWeights["stage"][2];
type SwinLayer5Weights = SwinStage3Weights["layer"][number];
type Attention5Weights = SwinLayer5Weights["attn"];
type Ffn3Weights = SwinLayer5Weights["mlp"];
type SwinLayer6Weights = SwinStage3Weights["layer"][number];
type Attention6Weights = SwinLayer6Weights["attn"];
type Merge3Weights = SwinWeights["merge"][2];
type SwinStage4Weights = SwinWeights["stage"][3];
type SwinLayer7Weights = SwinStage4Weights["layer"][number];
type Attention7Weights = SwinLayer7Weights["attn"];
type Ffn4Weights = SwinLayer7Weights["mlp"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<SwinWeights> {
  return loadWeights(parameters, source, {
    ignore: ["swin.encoder.layers.{t}.blocks.{i}.attention.self.relative_position_index"],
  });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): SwinWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: SwinWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention(
  weights: AttentionWeights,
  x: Tensor<"f32[batch, image // patch / win, image // patch / win, win^2, d]">,
  relative: Tensor<"f32[2*win - 1, 2*win - 1, heads_1]">,
): Tensor<"f32[batch, image // patch / win, image // patch / win, win^2, d]"> {
  const q = linear(x, weights.q.weight, weights.q.bias);
  const k = linear(x, weights.k.weight, weights.k.bias);
  const v = linear(x, weights.v.weight, weights.v.bias);
  const vh = rearrange(v, "batch wy wx n (heads c) -> batch wy wx heads n c", { heads: config.heads_1 });
  v.dispose();
  const qh = rearrange(q, "batch wy wx i (g c) -> batch wy wx g 1 i c", { g: config.heads_1 });
  q.dispose();
  const kh = rearrange(k, "batch wy wx n (heads c) -> batch wy wx heads n c", { heads: config.heads_1 });
  k.dispose();
  const y = attend(qh, kh, vh, {
    scale: 0.17677669529663687,
    score: (s, q, k) =>
      tf.add(
        s,
        lookUp(
          relative,
          [0, 1, 2],
          [
            tf.sub(
              tf.add(
                tf.sub(
                  tf.expandDims(tf.floorDiv(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")), 1),
                  tf.floorDiv(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                ),
                tf.scalar(config.win, "int32"),
              ),
              tf.scalar(1, "int32"),
            ),
            tf.sub(
              tf.add(
                tf.sub(
                  tf.expandDims(tf.mod(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")), 1),
                  tf.mod(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                ),
                tf.scalar(config.win, "int32"),
              ),
              tf.scalar(1, "int32"),
            ),
            tf.expandDims(tf.expandDims(tf.add(tf.expandDims(positions(config.heads_1), 1), positions(1)), 2), 3),
          ],
        ),
      ),
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch wy wx g 1 i c -> batch wy wx i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
  y2.dispose();
  return o;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn(
  weights: FfnWeights,
  x: Tensor<"f32[batch, image // patch, image // patch, d]">,
): Tensor<"f32[batch, image // patch, image // patch, d]"> {
  return tf.tidy(() =>
    linear(gelu(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

/**
 * A window sees only itself. After a shift the last ones hold what came round from the other end, and keep the two
 * apart.
 */
function swinLayer(
  weights: SwinLayerWeights,
  x: Tensor<"f32[batch, image // patch, image // patch, d]">,
): Tensor<"f32[batch, image // patch, image // patch, d]"> {
  const ln_1 = layerNorm(x, weights.ln_1.weight, weights.ln_1.bias, 1e-5);
  const ln_12 = roll(ln_1, 1, 0);
  ln_1.dispose();
  const ln_13 = roll(ln_12, 2, 0);
  ln_12.dispose();
  const ln_14 = rearrange(ln_13, "batch (wy iy) (wx ix) d -> batch wy wx (iy ix) d", {
    wy: Math.floor(config.image / config.patch) / config.win,
    wx: Math.floor(config.image / config.patch) / config.win,
  });
  ln_13.dispose();
  const seen = attention(weights.attn, ln_14, weights.relative);
  ln_14.dispose();
  const seen2 = rearrange(seen, "batch wy wx (iy ix) d -> batch (wy iy) (wx ix) d", { iy: config.win });
  seen.dispose();
  const seen3 = roll(seen2, 1, 0);
  seen2.dispose();
  const seen4 = roll(seen3, 2, 0);
  seen3.dispose();
  const x2 = tf.add(x, seen4);
  seen4.dispose();
  const ln_2 = layerNorm(x2, weights.ln_2.weight, weights.ln_2.bias, 1e-5);
  const mlp = ffn(weights.mlp, ln_2);
  ln_2.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention2(
  weights: Attention2Weights,
  x: Tensor<"f32[batch, image // patch / win, image // patch / win, win^2, d]">,
  relative: Tensor<"f32[2*win - 1, 2*win - 1, heads_1]">,
): Tensor<"f32[batch, image // patch / win, image // patch / win, win^2, d]"> {
  const q = linear(x, weights.q.weight, weights.q.bias);
  const k = linear(x, weights.k.weight, weights.k.bias);
  const v = linear(x, weights.v.weight, weights.v.bias);
  const vh = rearrange(v, "batch wy wx n (heads c) -> batch wy wx heads n c", { heads: config.heads_1 });
  v.dispose();
  const qh = rearrange(q, "batch wy wx i (g c) -> batch wy wx g 1 i c", { g: config.heads_1 });
  q.dispose();
  const kh = rearrange(k, "batch wy wx n (heads c) -> batch wy wx heads n c", { heads: config.heads_1 });
  k.dispose();
  const y = attend(qh, kh, vh, {
    scale: 0.17677669529663687,
    mask: where((q, k) =>
      tf.expandDims(
        tf.expandDims(
          tf.logicalAnd(
            tf.expandDims(
              tf.equal(
                tf.expandDims(
                  tf.less(
                    tf.add(
                      tf.expandDims(
                        tf.mul(
                          positions(Math.floor(config.image / config.patch) / config.win),
                          tf.scalar(config.win, "int32"),
                        ),
                        1,
                      ),
                      tf.floorDiv(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")),
                    ),
                    tf.scalar(Math.floor(config.image / config.patch) - Math.floor(config.win / 2), "int32"),
                  ),
                  2,
                ),
                tf.expandDims(
                  tf.less(
                    tf.add(
                      tf.expandDims(
                        tf.mul(
                          positions(Math.floor(config.image / config.patch) / config.win),
                          tf.scalar(config.win, "int32"),
                        ),
                        1,
                      ),
                      tf.floorDiv(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                    ),
                    tf.scalar(Math.floor(config.image / config.patch) - Math.floor(config.win / 2), "int32"),
                  ),
                  1,
                ),
              ),
              1,
            ),
            tf.equal(
              tf.expandDims(
                tf.less(
                  tf.add(
                    tf.expandDims(
                      tf.mul(
                        positions(Math.floor(config.image / config.patch) / config.win),
                        tf.scalar(config.win, "int32"),
                      ),
                      1,
                    ),
                    tf.mod(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")),
                  ),
                  tf.scalar(Math.floor(config.image / config.patch) - Math.floor(config.win / 2), "int32"),
                ),
                2,
              ),
              tf.expandDims(
                tf.less(
                  tf.add(
                    tf.expandDims(
                      tf.mul(
                        positions(Math.floor(config.image / config.patch) / config.win),
                        tf.scalar(config.win, "int32"),
                      ),
                      1,
                    ),
                    tf.mod(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                  ),
                  tf.scalar(Math.floor(config.image / config.patch) - Math.floor(config.win / 2), "int32"),
                ),
                1,
              ),
            ),
          ),
          2,
        ),
        3,
      ),
    ),
    score: (s, q, k) =>
      tf.add(
        s,
        lookUp(
          relative,
          [0, 1, 2],
          [
            tf.sub(
              tf.add(
                tf.sub(
                  tf.expandDims(tf.floorDiv(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")), 1),
                  tf.floorDiv(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                ),
                tf.scalar(config.win, "int32"),
              ),
              tf.scalar(1, "int32"),
            ),
            tf.sub(
              tf.add(
                tf.sub(
                  tf.expandDims(tf.mod(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")), 1),
                  tf.mod(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                ),
                tf.scalar(config.win, "int32"),
              ),
              tf.scalar(1, "int32"),
            ),
            tf.expandDims(tf.expandDims(tf.add(tf.expandDims(positions(config.heads_1), 1), positions(1)), 2), 3),
          ],
        ),
      ),
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch wy wx g 1 i c -> batch wy wx i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
  y2.dispose();
  return o;
}

/**
 * A window sees only itself. After a shift the last ones hold what came round from the other end, and keep the two
 * apart.
 */
function swinLayer2(
  weights: SwinLayer2Weights,
  x: Tensor<"f32[batch, image // patch, image // patch, d]">,
): Tensor<"f32[batch, image // patch, image // patch, d]"> {
  const ln_1 = layerNorm(x, weights.ln_1.weight, weights.ln_1.bias, 1e-5);
  const ln_12 = roll(ln_1, 1, -Math.floor(config.win / 2));
  ln_1.dispose();
  const ln_13 = roll(ln_12, 2, -Math.floor(config.win / 2));
  ln_12.dispose();
  const ln_14 = rearrange(ln_13, "batch (wy iy) (wx ix) d -> batch wy wx (iy ix) d", {
    wy: Math.floor(config.image / config.patch) / config.win,
    wx: Math.floor(config.image / config.patch) / config.win,
  });
  ln_13.dispose();
  const seen = attention2(weights.attn, ln_14, weights.relative);
  ln_14.dispose();
  const seen2 = rearrange(seen, "batch wy wx (iy ix) d -> batch (wy iy) (wx ix) d", { iy: config.win });
  seen.dispose();
  const seen3 = roll(seen2, 1, Math.floor(config.win / 2));
  seen2.dispose();
  const seen4 = roll(seen3, 2, Math.floor(config.win / 2));
  seen3.dispose();
  const x2 = tf.add(x, seen4);
  seen4.dispose();
  const ln_2 = layerNorm(x2, weights.ln_2.weight, weights.ln_2.bias, 1e-5);
  const mlp = ffn(weights.mlp, ln_2);
  ln_2.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

function swinStage(
  weights: SwinStageWeights,
  x: Tensor<"f32[batch, image // patch, image // patch, d]">,
): Tensor<"f32[batch, image // patch, image // patch, d]"> {
  const x2 = swinLayer(at(weights.layer, 0), x);
  const x3 = swinLayer2(at(weights.layer, 1), x2);
  x2.dispose();
  return x3;
}

function merge(
  weights: MergeWeights,
  x: Tensor<"f32[batch, image // patch, image // patch, d]">,
): Tensor<"f32[batch, image // patch / 2, image // patch / 2, 2*d]"> {
  return tf.tidy(() => {
    const x2 = rearrange(x, "batch (y a) (z b) d -> batch y z (b a d)", {
      y: Math.floor(config.image / config.patch) / 2,
      z: Math.floor(config.image / config.patch) / 2,
    });
    return linear(layerNorm(x2, weights.norm.weight, weights.norm.bias, 1e-5), weights.reduction.weight);
  });
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention3(
  weights: Attention3Weights,
  x: Tensor<"f32[batch, image // patch / (2*win), image // patch / (2*win), win^2, 2*d]">,
  relative: Tensor<"f32[2*win - 1, 2*win - 1, 2*heads_1]">,
): Tensor<"f32[batch, image // patch / (2*win), image // patch / (2*win), win^2, 2*d]"> {
  const q = linear(x, weights.q.weight, weights.q.bias);
  const k = linear(x, weights.k.weight, weights.k.bias);
  const v = linear(x, weights.v.weight, weights.v.bias);
  const vh = rearrange(v, "batch wy wx n (heads c) -> batch wy wx heads n c", { heads: 2 * config.heads_1 });
  v.dispose();
  const qh = rearrange(q, "batch wy wx i (g c) -> batch wy wx g 1 i c", { g: 2 * config.heads_1 });
  q.dispose();
  const kh = rearrange(k, "batch wy wx n (heads c) -> batch wy wx heads n c", { heads: 2 * config.heads_1 });
  k.dispose();
  const y = attend(qh, kh, vh, {
    scale: 0.17677669529663687,
    score: (s, q, k) =>
      tf.add(
        s,
        lookUp(
          relative,
          [0, 1, 2],
          [
            tf.sub(
              tf.add(
                tf.sub(
                  tf.expandDims(tf.floorDiv(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")), 1),
                  tf.floorDiv(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                ),
                tf.scalar(config.win, "int32"),
              ),
              tf.scalar(1, "int32"),
            ),
            tf.sub(
              tf.add(
                tf.sub(
                  tf.expandDims(tf.mod(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")), 1),
                  tf.mod(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                ),
                tf.scalar(config.win, "int32"),
              ),
              tf.scalar(1, "int32"),
            ),
            tf.expandDims(tf.expandDims(tf.add(tf.expandDims(positions(2 * config.heads_1), 1), positions(1)), 2), 3),
          ],
        ),
      ),
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch wy wx g 1 i c -> batch wy wx i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
  y2.dispose();
  return o;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn2(
  weights: Ffn2Weights,
  x: Tensor<"f32[batch, image // patch / 2, image // patch / 2, 2*d]">,
): Tensor<"f32[batch, image // patch / 2, image // patch / 2, 2*d]"> {
  return tf.tidy(() =>
    linear(gelu(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

/**
 * A window sees only itself. After a shift the last ones hold what came round from the other end, and keep the two
 * apart.
 */
function swinLayer3(
  weights: SwinLayer3Weights,
  x: Tensor<"f32[batch, image // patch / 2, image // patch / 2, 2*d]">,
): Tensor<"f32[batch, image // patch / 2, image // patch / 2, 2*d]"> {
  const ln_1 = layerNorm(x, weights.ln_1.weight, weights.ln_1.bias, 1e-5);
  const ln_12 = roll(ln_1, 1, 0);
  ln_1.dispose();
  const ln_13 = roll(ln_12, 2, 0);
  ln_12.dispose();
  const ln_14 = rearrange(ln_13, "batch (wy iy) (wx ix) d -> batch wy wx (iy ix) d", {
    wy: Math.floor(config.image / config.patch) / (2 * config.win),
    wx: Math.floor(config.image / config.patch) / (2 * config.win),
  });
  ln_13.dispose();
  const seen = attention3(weights.attn, ln_14, weights.relative);
  ln_14.dispose();
  const seen2 = rearrange(seen, "batch wy wx (iy ix) d -> batch (wy iy) (wx ix) d", { iy: config.win });
  seen.dispose();
  const seen3 = roll(seen2, 1, 0);
  seen2.dispose();
  const seen4 = roll(seen3, 2, 0);
  seen3.dispose();
  const x2 = tf.add(x, seen4);
  seen4.dispose();
  const ln_2 = layerNorm(x2, weights.ln_2.weight, weights.ln_2.bias, 1e-5);
  const mlp = ffn2(weights.mlp, ln_2);
  ln_2.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention4(
  weights: Attention4Weights,
  x: Tensor<"f32[batch, image // patch / (2*win), image // patch / (2*win), win^2, 2*d]">,
  relative: Tensor<"f32[2*win - 1, 2*win - 1, 2*heads_1]">,
): Tensor<"f32[batch, image // patch / (2*win), image // patch / (2*win), win^2, 2*d]"> {
  const q = linear(x, weights.q.weight, weights.q.bias);
  const k = linear(x, weights.k.weight, weights.k.bias);
  const v = linear(x, weights.v.weight, weights.v.bias);
  const vh = rearrange(v, "batch wy wx n (heads c) -> batch wy wx heads n c", { heads: 2 * config.heads_1 });
  v.dispose();
  const qh = rearrange(q, "batch wy wx i (g c) -> batch wy wx g 1 i c", { g: 2 * config.heads_1 });
  q.dispose();
  const kh = rearrange(k, "batch wy wx n (heads c) -> batch wy wx heads n c", { heads: 2 * config.heads_1 });
  k.dispose();
  const y = attend(qh, kh, vh, {
    scale: 0.17677669529663687,
    mask: where((q, k) =>
      tf.expandDims(
        tf.expandDims(
          tf.logicalAnd(
            tf.expandDims(
              tf.equal(
                tf.expandDims(
                  tf.less(
                    tf.add(
                      tf.expandDims(
                        tf.mul(
                          positions(Math.floor(config.image / config.patch) / (2 * config.win)),
                          tf.scalar(config.win, "int32"),
                        ),
                        1,
                      ),
                      tf.floorDiv(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")),
                    ),
                    tf.scalar(Math.floor(config.image / config.patch) / 2 - Math.floor(config.win / 2), "int32"),
                  ),
                  2,
                ),
                tf.expandDims(
                  tf.less(
                    tf.add(
                      tf.expandDims(
                        tf.mul(
                          positions(Math.floor(config.image / config.patch) / (2 * config.win)),
                          tf.scalar(config.win, "int32"),
                        ),
                        1,
                      ),
                      tf.floorDiv(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                    ),
                    tf.scalar(Math.floor(config.image / config.patch) / 2 - Math.floor(config.win / 2), "int32"),
                  ),
                  1,
                ),
              ),
              1,
            ),
            tf.equal(
              tf.expandDims(
                tf.less(
                  tf.add(
                    tf.expandDims(
                      tf.mul(
                        positions(Math.floor(config.image / config.patch) / (2 * config.win)),
                        tf.scalar(config.win, "int32"),
                      ),
                      1,
                    ),
                    tf.mod(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")),
                  ),
                  tf.scalar(Math.floor(config.image / config.patch) / 2 - Math.floor(config.win / 2), "int32"),
                ),
                2,
              ),
              tf.expandDims(
                tf.less(
                  tf.add(
                    tf.expandDims(
                      tf.mul(
                        positions(Math.floor(config.image / config.patch) / (2 * config.win)),
                        tf.scalar(config.win, "int32"),
                      ),
                      1,
                    ),
                    tf.mod(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                  ),
                  tf.scalar(Math.floor(config.image / config.patch) / 2 - Math.floor(config.win / 2), "int32"),
                ),
                1,
              ),
            ),
          ),
          2,
        ),
        3,
      ),
    ),
    score: (s, q, k) =>
      tf.add(
        s,
        lookUp(
          relative,
          [0, 1, 2],
          [
            tf.sub(
              tf.add(
                tf.sub(
                  tf.expandDims(tf.floorDiv(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")), 1),
                  tf.floorDiv(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                ),
                tf.scalar(config.win, "int32"),
              ),
              tf.scalar(1, "int32"),
            ),
            tf.sub(
              tf.add(
                tf.sub(
                  tf.expandDims(tf.mod(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")), 1),
                  tf.mod(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                ),
                tf.scalar(config.win, "int32"),
              ),
              tf.scalar(1, "int32"),
            ),
            tf.expandDims(tf.expandDims(tf.add(tf.expandDims(positions(2 * config.heads_1), 1), positions(1)), 2), 3),
          ],
        ),
      ),
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch wy wx g 1 i c -> batch wy wx i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
  y2.dispose();
  return o;
}

/**
 * A window sees only itself. After a shift the last ones hold what came round from the other end, and keep the two
 * apart.
 */
function swinLayer4(
  weights: SwinLayer4Weights,
  x: Tensor<"f32[batch, image // patch / 2, image // patch / 2, 2*d]">,
): Tensor<"f32[batch, image // patch / 2, image // patch / 2, 2*d]"> {
  const ln_1 = layerNorm(x, weights.ln_1.weight, weights.ln_1.bias, 1e-5);
  const ln_12 = roll(ln_1, 1, -Math.floor(config.win / 2));
  ln_1.dispose();
  const ln_13 = roll(ln_12, 2, -Math.floor(config.win / 2));
  ln_12.dispose();
  const ln_14 = rearrange(ln_13, "batch (wy iy) (wx ix) d -> batch wy wx (iy ix) d", {
    wy: Math.floor(config.image / config.patch) / (2 * config.win),
    wx: Math.floor(config.image / config.patch) / (2 * config.win),
  });
  ln_13.dispose();
  const seen = attention4(weights.attn, ln_14, weights.relative);
  ln_14.dispose();
  const seen2 = rearrange(seen, "batch wy wx (iy ix) d -> batch (wy iy) (wx ix) d", { iy: config.win });
  seen.dispose();
  const seen3 = roll(seen2, 1, Math.floor(config.win / 2));
  seen2.dispose();
  const seen4 = roll(seen3, 2, Math.floor(config.win / 2));
  seen3.dispose();
  const x2 = tf.add(x, seen4);
  seen4.dispose();
  const ln_2 = layerNorm(x2, weights.ln_2.weight, weights.ln_2.bias, 1e-5);
  const mlp = ffn2(weights.mlp, ln_2);
  ln_2.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

function swinStage2(
  weights: SwinStage2Weights,
  x: Tensor<"f32[batch, image // patch / 2, image // patch / 2, 2*d]">,
): Tensor<"f32[batch, image // patch / 2, image // patch / 2, 2*d]"> {
  const x2 = swinLayer3(at(weights.layer, 0), x);
  const x3 = swinLayer4(at(weights.layer, 1), x2);
  x2.dispose();
  return x3;
}

function merge2(
  weights: Merge2Weights,
  x: Tensor<"f32[batch, image // patch / 2, image // patch / 2, 2*d]">,
): Tensor<"f32[batch, image // patch / 4, image // patch / 4, 4*d]"> {
  return tf.tidy(() => {
    const x2 = rearrange(x, "batch (y a) (z b) d -> batch y z (b a d)", {
      y: Math.floor(config.image / config.patch) / 4,
      z: Math.floor(config.image / config.patch) / 4,
    });
    return linear(layerNorm(x2, weights.norm.weight, weights.norm.bias, 1e-5), weights.reduction.weight);
  });
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention5(
  weights: Attention5Weights,
  x: Tensor<"f32[batch, image // patch / (4*win), image // patch / (4*win), win^2, 4*d]">,
  relative: Tensor<"f32[2*win - 1, 2*win - 1, 4*heads_1]">,
): Tensor<"f32[batch, image // patch / (4*win), image // patch / (4*win), win^2, 4*d]"> {
  const q = linear(x, weights.q.weight, weights.q.bias);
  const k = linear(x, weights.k.weight, weights.k.bias);
  const v = linear(x, weights.v.weight, weights.v.bias);
  const vh = rearrange(v, "batch wy wx n (heads c) -> batch wy wx heads n c", { heads: 4 * config.heads_1 });
  v.dispose();
  const qh = rearrange(q, "batch wy wx i (g c) -> batch wy wx g 1 i c", { g: 4 * config.heads_1 });
  q.dispose();
  const kh = rearrange(k, "batch wy wx n (heads c) -> batch wy wx heads n c", { heads: 4 * config.heads_1 });
  k.dispose();
  const y = attend(qh, kh, vh, {
    scale: 0.17677669529663687,
    score: (s, q, k) =>
      tf.add(
        s,
        lookUp(
          relative,
          [0, 1, 2],
          [
            tf.sub(
              tf.add(
                tf.sub(
                  tf.expandDims(tf.floorDiv(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")), 1),
                  tf.floorDiv(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                ),
                tf.scalar(config.win, "int32"),
              ),
              tf.scalar(1, "int32"),
            ),
            tf.sub(
              tf.add(
                tf.sub(
                  tf.expandDims(tf.mod(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")), 1),
                  tf.mod(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                ),
                tf.scalar(config.win, "int32"),
              ),
              tf.scalar(1, "int32"),
            ),
            tf.expandDims(tf.expandDims(tf.add(tf.expandDims(positions(4 * config.heads_1), 1), positions(1)), 2), 3),
          ],
        ),
      ),
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch wy wx g 1 i c -> batch wy wx i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
  y2.dispose();
  return o;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn3(
  weights: Ffn3Weights,
  x: Tensor<"f32[batch, image // patch / 4, image // patch / 4, 4*d]">,
): Tensor<"f32[batch, image // patch / 4, image // patch / 4, 4*d]"> {
  return tf.tidy(() =>
    linear(gelu(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

/**
 * A window sees only itself. After a shift the last ones hold what came round from the other end, and keep the two
 * apart.
 */
function swinLayer5(
  weights: SwinLayer5Weights,
  x: Tensor<"f32[batch, image // patch / 4, image // patch / 4, 4*d]">,
): Tensor<"f32[batch, image // patch / 4, image // patch / 4, 4*d]"> {
  const ln_1 = layerNorm(x, weights.ln_1.weight, weights.ln_1.bias, 1e-5);
  const ln_12 = roll(ln_1, 1, 0);
  ln_1.dispose();
  const ln_13 = roll(ln_12, 2, 0);
  ln_12.dispose();
  const ln_14 = rearrange(ln_13, "batch (wy iy) (wx ix) d -> batch wy wx (iy ix) d", {
    wy: Math.floor(config.image / config.patch) / (4 * config.win),
    wx: Math.floor(config.image / config.patch) / (4 * config.win),
  });
  ln_13.dispose();
  const seen = attention5(weights.attn, ln_14, weights.relative);
  ln_14.dispose();
  const seen2 = rearrange(seen, "batch wy wx (iy ix) d -> batch (wy iy) (wx ix) d", { iy: config.win });
  seen.dispose();
  const seen3 = roll(seen2, 1, 0);
  seen2.dispose();
  const seen4 = roll(seen3, 2, 0);
  seen3.dispose();
  const x2 = tf.add(x, seen4);
  seen4.dispose();
  const ln_2 = layerNorm(x2, weights.ln_2.weight, weights.ln_2.bias, 1e-5);
  const mlp = ffn3(weights.mlp, ln_2);
  ln_2.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention6(
  weights: Attention6Weights,
  x: Tensor<"f32[batch, image // patch / (4*win), image // patch / (4*win), win^2, 4*d]">,
  relative: Tensor<"f32[2*win - 1, 2*win - 1, 4*heads_1]">,
): Tensor<"f32[batch, image // patch / (4*win), image // patch / (4*win), win^2, 4*d]"> {
  const q = linear(x, weights.q.weight, weights.q.bias);
  const k = linear(x, weights.k.weight, weights.k.bias);
  const v = linear(x, weights.v.weight, weights.v.bias);
  const vh = rearrange(v, "batch wy wx n (heads c) -> batch wy wx heads n c", { heads: 4 * config.heads_1 });
  v.dispose();
  const qh = rearrange(q, "batch wy wx i (g c) -> batch wy wx g 1 i c", { g: 4 * config.heads_1 });
  q.dispose();
  const kh = rearrange(k, "batch wy wx n (heads c) -> batch wy wx heads n c", { heads: 4 * config.heads_1 });
  k.dispose();
  const y = attend(qh, kh, vh, {
    scale: 0.17677669529663687,
    mask: where((q, k) =>
      tf.expandDims(
        tf.expandDims(
          tf.logicalAnd(
            tf.expandDims(
              tf.equal(
                tf.expandDims(
                  tf.less(
                    tf.add(
                      tf.expandDims(
                        tf.mul(
                          positions(Math.floor(config.image / config.patch) / (4 * config.win)),
                          tf.scalar(config.win, "int32"),
                        ),
                        1,
                      ),
                      tf.floorDiv(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")),
                    ),
                    tf.scalar(Math.floor(config.image / config.patch) / 4 - Math.floor(config.win / 2), "int32"),
                  ),
                  2,
                ),
                tf.expandDims(
                  tf.less(
                    tf.add(
                      tf.expandDims(
                        tf.mul(
                          positions(Math.floor(config.image / config.patch) / (4 * config.win)),
                          tf.scalar(config.win, "int32"),
                        ),
                        1,
                      ),
                      tf.floorDiv(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                    ),
                    tf.scalar(Math.floor(config.image / config.patch) / 4 - Math.floor(config.win / 2), "int32"),
                  ),
                  1,
                ),
              ),
              1,
            ),
            tf.equal(
              tf.expandDims(
                tf.less(
                  tf.add(
                    tf.expandDims(
                      tf.mul(
                        positions(Math.floor(config.image / config.patch) / (4 * config.win)),
                        tf.scalar(config.win, "int32"),
                      ),
                      1,
                    ),
                    tf.mod(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")),
                  ),
                  tf.scalar(Math.floor(config.image / config.patch) / 4 - Math.floor(config.win / 2), "int32"),
                ),
                2,
              ),
              tf.expandDims(
                tf.less(
                  tf.add(
                    tf.expandDims(
                      tf.mul(
                        positions(Math.floor(config.image / config.patch) / (4 * config.win)),
                        tf.scalar(config.win, "int32"),
                      ),
                      1,
                    ),
                    tf.mod(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                  ),
                  tf.scalar(Math.floor(config.image / config.patch) / 4 - Math.floor(config.win / 2), "int32"),
                ),
                1,
              ),
            ),
          ),
          2,
        ),
        3,
      ),
    ),
    score: (s, q, k) =>
      tf.add(
        s,
        lookUp(
          relative,
          [0, 1, 2],
          [
            tf.sub(
              tf.add(
                tf.sub(
                  tf.expandDims(tf.floorDiv(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")), 1),
                  tf.floorDiv(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                ),
                tf.scalar(config.win, "int32"),
              ),
              tf.scalar(1, "int32"),
            ),
            tf.sub(
              tf.add(
                tf.sub(
                  tf.expandDims(tf.mod(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")), 1),
                  tf.mod(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                ),
                tf.scalar(config.win, "int32"),
              ),
              tf.scalar(1, "int32"),
            ),
            tf.expandDims(tf.expandDims(tf.add(tf.expandDims(positions(4 * config.heads_1), 1), positions(1)), 2), 3),
          ],
        ),
      ),
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch wy wx g 1 i c -> batch wy wx i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
  y2.dispose();
  return o;
}

/**
 * A window sees only itself. After a shift the last ones hold what came round from the other end, and keep the two
 * apart.
 */
function swinLayer6(
  weights: SwinLayer6Weights,
  x: Tensor<"f32[batch, image // patch / 4, image // patch / 4, 4*d]">,
): Tensor<"f32[batch, image // patch / 4, image // patch / 4, 4*d]"> {
  const ln_1 = layerNorm(x, weights.ln_1.weight, weights.ln_1.bias, 1e-5);
  const ln_12 = roll(ln_1, 1, -Math.floor(config.win / 2));
  ln_1.dispose();
  const ln_13 = roll(ln_12, 2, -Math.floor(config.win / 2));
  ln_12.dispose();
  const ln_14 = rearrange(ln_13, "batch (wy iy) (wx ix) d -> batch wy wx (iy ix) d", {
    wy: Math.floor(config.image / config.patch) / (4 * config.win),
    wx: Math.floor(config.image / config.patch) / (4 * config.win),
  });
  ln_13.dispose();
  const seen = attention6(weights.attn, ln_14, weights.relative);
  ln_14.dispose();
  const seen2 = rearrange(seen, "batch wy wx (iy ix) d -> batch (wy iy) (wx ix) d", { iy: config.win });
  seen.dispose();
  const seen3 = roll(seen2, 1, Math.floor(config.win / 2));
  seen2.dispose();
  const seen4 = roll(seen3, 2, Math.floor(config.win / 2));
  seen3.dispose();
  const x2 = tf.add(x, seen4);
  seen4.dispose();
  const ln_2 = layerNorm(x2, weights.ln_2.weight, weights.ln_2.bias, 1e-5);
  const mlp = ffn3(weights.mlp, ln_2);
  ln_2.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

function swinStage3(
  weights: SwinStage3Weights,
  x: Tensor<"f32[batch, image // patch / 4, image // patch / 4, 4*d]">,
): Tensor<"f32[batch, image // patch / 4, image // patch / 4, 4*d]"> {
  let x2: Tensor<"f32[batch, image // patch / 4, image // patch / 4, 4*d]"> = x.clone();
  for (let i = 0; i < 3; i++) {
    const x3 = swinLayer5(at(weights.layer, 2 * i), x2);
    const x4 = swinLayer6(at(weights.layer, 2 * i + 1), x3);
    x3.dispose();
    const next = x4;
    x2.dispose();
    x2 = next;
  }

  return x2;
}

function merge3(
  weights: Merge3Weights,
  x: Tensor<"f32[batch, image // patch / 4, image // patch / 4, 4*d]">,
): Tensor<"f32[batch, image // patch / 8, image // patch / 8, 8*d]"> {
  return tf.tidy(() => {
    const x2 = rearrange(x, "batch (y a) (z b) d -> batch y z (b a d)", {
      y: Math.floor(config.image / config.patch) / 8,
      z: Math.floor(config.image / config.patch) / 8,
    });
    return linear(layerNorm(x2, weights.norm.weight, weights.norm.bias, 1e-5), weights.reduction.weight);
  });
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention7(
  weights: Attention7Weights,
  x: Tensor<"f32[batch, image // patch / (8*win), image // patch / (8*win), win^2, 8*d]">,
  relative: Tensor<"f32[2*win - 1, 2*win - 1, 8*heads_1]">,
): Tensor<"f32[batch, image // patch / (8*win), image // patch / (8*win), win^2, 8*d]"> {
  const q = linear(x, weights.q.weight, weights.q.bias);
  const k = linear(x, weights.k.weight, weights.k.bias);
  const v = linear(x, weights.v.weight, weights.v.bias);
  const vh = rearrange(v, "batch wy wx n (heads c) -> batch wy wx heads n c", { heads: 8 * config.heads_1 });
  v.dispose();
  const qh = rearrange(q, "batch wy wx i (g c) -> batch wy wx g 1 i c", { g: 8 * config.heads_1 });
  q.dispose();
  const kh = rearrange(k, "batch wy wx n (heads c) -> batch wy wx heads n c", { heads: 8 * config.heads_1 });
  k.dispose();
  const y = attend(qh, kh, vh, {
    scale: 0.17677669529663687,
    score: (s, q, k) =>
      tf.add(
        s,
        lookUp(
          relative,
          [0, 1, 2],
          [
            tf.sub(
              tf.add(
                tf.sub(
                  tf.expandDims(tf.floorDiv(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")), 1),
                  tf.floorDiv(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                ),
                tf.scalar(config.win, "int32"),
              ),
              tf.scalar(1, "int32"),
            ),
            tf.sub(
              tf.add(
                tf.sub(
                  tf.expandDims(tf.mod(tf.reshape(q, [-1]), tf.scalar(config.win, "int32")), 1),
                  tf.mod(tf.reshape(k, [-1]), tf.scalar(config.win, "int32")),
                ),
                tf.scalar(config.win, "int32"),
              ),
              tf.scalar(1, "int32"),
            ),
            tf.expandDims(tf.expandDims(tf.add(tf.expandDims(positions(8 * config.heads_1), 1), positions(1)), 2), 3),
          ],
        ),
      ),
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch wy wx g 1 i c -> batch wy wx i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
  y2.dispose();
  return o;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn4(
  weights: Ffn4Weights,
  x: Tensor<"f32[batch, image // patch / 8, image // patch / 8, 8*d]">,
): Tensor<"f32[batch, image // patch / 8, image // patch / 8, 8*d]"> {
  return tf.tidy(() =>
    linear(gelu(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

/**
 * A window sees only itself. After a shift the last ones hold what came round from the other end, and keep the two
 * apart.
 */
function swinLayer7(
  weights: SwinLayer7Weights,
  x: Tensor<"f32[batch, image // patch / 8, image // patch / 8, 8*d]">,
): Tensor<"f32[batch, image // patch / 8, image // patch / 8, 8*d]"> {
  const ln_1 = layerNorm(x, weights.ln_1.weight, weights.ln_1.bias, 1e-5);
  const ln_12 = roll(ln_1, 1, 0);
  ln_1.dispose();
  const ln_13 = roll(ln_12, 2, 0);
  ln_12.dispose();
  const ln_14 = rearrange(ln_13, "batch (wy iy) (wx ix) d -> batch wy wx (iy ix) d", {
    wy: Math.floor(config.image / config.patch) / (8 * config.win),
    wx: Math.floor(config.image / config.patch) / (8 * config.win),
  });
  ln_13.dispose();
  const seen = attention7(weights.attn, ln_14, weights.relative);
  ln_14.dispose();
  const seen2 = rearrange(seen, "batch wy wx (iy ix) d -> batch (wy iy) (wx ix) d", { iy: config.win });
  seen.dispose();
  const seen3 = roll(seen2, 1, 0);
  seen2.dispose();
  const seen4 = roll(seen3, 2, 0);
  seen3.dispose();
  const x2 = tf.add(x, seen4);
  seen4.dispose();
  const ln_2 = layerNorm(x2, weights.ln_2.weight, weights.ln_2.bias, 1e-5);
  const mlp = ffn4(weights.mlp, ln_2);
  ln_2.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

function swinStage4(
  weights: SwinStage4Weights,
  x: Tensor<"f32[batch, image // patch / 8, image // patch / 8, 8*d]">,
): Tensor<"f32[batch, image // patch / 8, image // patch / 8, 8*d]"> {
  let x2: Tensor<"f32[batch, image // patch / 8, image // patch / 8, 8*d]"> = x.clone();
  for (const layer_ of weights.layer) {
    const next = swinLayer7(layer_, x2);
    x2.dispose();
    x2 = next;
  }

  return x2;
}

/** Four stages; of those without layers there is none. */
function swin(weights: SwinWeights, pixels: Tensor<"f32[batch, channels, image, image]">): Hidden {
  const y = conv(pixels, weights.patches.weight, { stride: config.patch });
  const patches = tf.tidy(() => tf.add(y, tf.expandDims(tf.expandDims(weights.patches.bias, 1), 2)));
  y.dispose();
  const patches2 = rearrange(patches, "batch d h w -> batch h w d");
  patches.dispose();
  const x = layerNorm(patches2, weights.ln_in.weight, weights.ln_in.bias, 1e-5);
  patches2.dispose();
  const x2 = swinStage(at(weights.stage, 0), x);
  x.dispose();
  const merge4 = merge(at(weights.merge, 0), x2);
  x2.dispose();
  const x3 = swinStage2(at(weights.stage, 1), merge4);
  merge4.dispose();
  const merge5 = merge2(at(weights.merge, 1), x3);
  x3.dispose();
  const x4 = swinStage3(at(weights.stage, 2), merge5);
  merge5.dispose();
  const merge6 = merge3(at(weights.merge, 2), x4);
  x4.dispose();
  const x5 = swinStage4(at(weights.stage, 3), merge6);
  merge6.dispose();
  const ln_out = layerNorm(x5, weights.ln_out.weight, weights.ln_out.bias, 1e-5);
  x5.dispose();
  const mean = tf.mean(ln_out, [1, 2]);
  ln_out.dispose();
  return mean;
}

function classifyHead(weights: SwinWeights, x: Hidden): Tensor<"f32[batch, 1000]"> {
  return linear(x, weights.classifier.weight, weights.classifier.bias);
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

function classifyLossOf(weights: SwinWeights, x: Hidden, label: Tensor<"i32[batch]">): Tensor<"f32[]"> {
  const logits = linear(x, weights.classifier.weight, weights.classifier.bias);
  const logits2 = crossEntropy(logits, label);
  logits.dispose();
  return logits2;
}

export interface ClassifyInputs {
  readonly pixels: Input<"f32[batch, channels, image, image]">;
}

/** What the image shows. */
export function classify(weights: SwinWeights, inputs: ClassifyInputs): Tensor<"f32[batch, 1000]"> {
  return tf.tidy(() => {
    const pixels = input("pixels", inputs.pixels, {
      dtype: "float32",
      rank: 4,
      sizes: [null, config.channels, config.image, config.image],
    });
    const hidden = swin(weights, pixels);
    return classifyHead(weights, hidden);
  });
}

export interface ClassifyLossInputs {
  readonly pixels: Input<"f32[batch, channels, image, image]">;
  readonly label: Input<"i32[batch]">;
}

/** The loss that classify is trained by. */
export function classifyLoss(weights: SwinWeights, inputs: ClassifyLossInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const pixels = input("pixels", inputs.pixels, {
      dtype: "float32",
      rank: 4,
      sizes: [null, config.channels, config.image, config.image],
    });
    const batch = sizeOf(pixels, 0);
    const label = input("label", inputs.label, { dtype: "int32", rank: 1, below: 1000, except: -100, sizes: [batch] });
    const hidden = swin(weights, pixels);
    return classifyLossOf(weights, hidden, label);
  });
}
