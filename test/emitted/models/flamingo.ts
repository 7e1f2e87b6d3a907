// Flamingo (flamingo.tfm), config flamingo. Written by tfmc 0.1.0: change the .tfm file, not this one.
// Of a text's images, each stands where the text has `image`; from there on a word sees that image, until the next.
import * as tf from "@tensorflow/tfjs-core";
import {
  at,
  attend,
  causal,
  concat,
  cumsum,
  cut,
  decode,
  embedding,
  gelu,
  guard,
  initialiseWeights,
  input,
  lastPosition,
  layerNorm,
  linear,
  list,
  loadWeights,
  normal,
  once,
  ones,
  onlyLast,
  param,
  pick,
  positions,
  rearrange,
  repeat,
  saveWeights,
  sizeOf,
  slice,
  where,
  zeros,
  type Cache,
  type GenerateOptions,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of flamingo. */
export const config = {
  vocab: 32000,
  ctx: 2048,
  d: 2048,
  depth: 24,
  heads: 16,
  eps: 1e-5,
  image: 2,
  media_dim: 1024,
  most: 8,
  latents: 64,
  every: 2,
  resampler_depth: 6,
  resampler_heads: 8,
  resampler_c: 64,
  cross_heads: 8,
  cross_c: 64,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint flamingo. */
export const parameters = {
  resampler: {
    latents: param("f32[latents, media_dim]", [64, 1024], normal(0.02)),
    time_embedding: param("f32[most, media_dim]", [8, 1024], normal(0.02)),
    layers: repeat(6, "i", {
      latent_norm: { weight: param("f32[media_dim]", [1024], ones), bias: param("f32[media_dim]", [1024], zeros) },
      media_norm: { weight: param("f32[media_dim]", [1024], ones), bias: param("f32[media_dim]", [1024], zeros) },
      q: {
        weight: param("f32[media_dim, resampler_heads*resampler_c]", [1024, 512], normal(0.02), {
          name: "resampler.layers.{i}.q.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[media_dim, resampler_heads*resampler_c]", [1024, 512], normal(0.02), {
          name: "resampler.layers.{i}.k.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[media_dim, resampler_heads*resampler_c]", [1024, 512], normal(0.02), {
          name: "resampler.layers.{i}.v.weight",
          order: [1, 0],
        }),
      },
      out: {
        weight: param("f32[resampler_heads*resampler_c, media_dim]", [512, 1024], normal(0.02), {
          name: "resampler.layers.{i}.out.weight",
          order: [1, 0],
        }),
      },
      ffn: {
        norm: { weight: param("f32[media_dim]", [1024], ones), bias: param("f32[media_dim]", [1024], zeros) },
        up: {
          weight: param("f32[media_dim, 4*media_dim]", [1024, 4096], normal(0.02), {
            name: "resampler.layers.{i}.ffn.up.weight",
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[4*media_dim, media_dim]", [4096, 1024], normal(0.02), {
            name: "resampler.layers.{i}.ffn.down.weight",
            order: [1, 0],
          }),
        },
      },
    }),
    norm: { weight: param("f32[media_dim]", [1024], ones), bias: param("f32[media_dim]", [1024], zeros) },
  },
  token_embedding: { weight: param("f32[vocab, d]", [32000, 2048], normal(0.02)) },
  position_embedding: { weight: param("f32[ctx, d]", [2048, 2048], normal(0.02)) },
  layers: repeat(24, "i", {
    attention_norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
    attn: {
      q: {
        weight: param("f32[d, d]", [2048, 2048], normal(0.02), {
          name: "layers.{i}.qkv.weight",
          axis: 0,
          from: 0,
          to: 2048,
          of: 6144,
          order: [1, 0],
        }),
        bias: param("f32[d]", [2048], zeros, cut("layers.{i}.qkv.bias", 0, 0, 2048, 6144)),
      },
      k: {
        weight: param("f32[d, d]", [2048, 2048], normal(0.02), {
          name: "layers.{i}.qkv.weight",
          axis: 0,
          from: 2048,
          to: 4096,
          of: 6144,
          order: [1, 0],
        }),
        bias: param("f32[d]", [2048], zeros, cut("layers.{i}.qkv.bias", 0, 2048, 4096, 6144)),
      },
      v: {
        weight: param("f32[d, d]", [2048, 2048], normal(0.02), {
          name: "layers.{i}.qkv.weight",
          axis: 0,
          from: 4096,
          to: 6144,
          of: 6144,
          order: [1, 0],
        }),
        bias: param("f32[d]", [2048], zeros, cut("layers.{i}.qkv.bias", 0, 4096, 6144, 6144)),
      },
      o: {
        weight: param("f32[d, d]", [2048, 2048], normal(0.02), { name: "layers.{i}.out.weight", order: [1, 0] }),
        bias: param("f32[d]", [2048], zeros, "layers.{i}.out.bias"),
      },
    },
    ffn_norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
    mlp: {
      up: {
        weight: param("f32[d, 4*d]", [2048, 8192], normal(0.02), { name: "layers.{i}.up.weight", order: [1, 0] }),
        bias: param("f32[4*d]", [8192], zeros, "layers.{i}.up.bias"),
      },
      down: {
        weight: param("f32[4*d, d]", [8192, 2048], normal(0.02), { name: "layers.{i}.down.weight", order: [1, 0] }),
        bias: param("f32[d]", [2048], zeros, "layers.{i}.down.bias"),
      },
    },
  }),
  cross: list(
    {},
    {
      alpha_attn: param("f32[]", [], zeros),
      alpha_ff: param("f32[]", [], zeros),
      norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
      q: {
        weight: param("f32[d, cross_heads*cross_c]", [2048, 512], normal(0.02), {
          name: "cross.1.q.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.1.k.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.1.v.weight",
          order: [1, 0],
        }),
      },
      out: {
        weight: param("f32[cross_heads*cross_c, d]", [512, 2048], normal(0.02), {
          name: "cross.1.out.weight",
          order: [1, 0],
        }),
      },
      ffn: {
        norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
        up: {
          weight: param("f32[d, 4*d]", [2048, 8192], normal(0.02), { name: "cross.1.ffn.up.weight", order: [1, 0] }),
        },
        down: {
          weight: param("f32[4*d, d]", [8192, 2048], normal(0.02), { name: "cross.1.ffn.down.weight", order: [1, 0] }),
        },
      },
    },
    {},
    {
      alpha_attn: param("f32[]", [], zeros),
      alpha_ff: param("f32[]", [], zeros),
      norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
      q: {
        weight: param("f32[d, cross_heads*cross_c]", [2048, 512], normal(0.02), {
          name: "cross.3.q.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.3.k.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.3.v.weight",
          order: [1, 0],
        }),
      },
      out: {
        weight: param("f32[cross_heads*cross_c, d]", [512, 2048], normal(0.02), {
          name: "cross.3.out.weight",
          order: [1, 0],
        }),
      },
      ffn: {
        norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
        up: {
          weight: param("f32[d, 4*d]", [2048, 8192], normal(0.02), { name: "cross.3.ffn.up.weight", order: [1, 0] }),
        },
        down: {
          weight: param("f32[4*d, d]", [8192, 2048], normal(0.02), { name: "cross.3.ffn.down.weight", order: [1, 0] }),
        },
      },
    },
    {},
    {
      alpha_attn: param("f32[]", [], zeros),
      alpha_ff: param("f32[]", [], zeros),
      norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
      q: {
        weight: param("f32[d, cross_heads*cross_c]", [2048, 512], normal(0.02), {
          name: "cross.5.q.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.5.k.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.5.v.weight",
          order: [1, 0],
        }),
      },
      out: {
        weight: param("f32[cross_heads*cross_c, d]", [512, 2048], normal(0.02), {
          name: "cross.5.out.weight",
          order: [1, 0],
        }),
      },
      ffn: {
        norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
        up: {
          weight: param("f32[d, 4*d]", [2048, 8192], normal(0.02), { name: "cross.5.ffn.up.weight", order: [1, 0] }),
        },
        down: {
          weight: param("f32[4*d, d]", [8192, 2048], normal(0.02), { name: "cross.5.ffn.down.weight", order: [1, 0] }),
        },
      },
    },
    {},
    {
      alpha_attn: param("f32[]", [], zeros),
      alpha_ff: param("f32[]", [], zeros),
      norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
      q: {
        weight: param("f32[d, cross_heads*cross_c]", [2048, 512], normal(0.02), {
          name: "cross.7.q.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.7.k.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.7.v.weight",
          order: [1, 0],
        }),
      },
      out: {
        weight: param("f32[cross_heads*cross_c, d]", [512, 2048], normal(0.02), {
          name: "cross.7.out.weight",
          order: [1, 0],
        }),
      },
      ffn: {
        norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
        up: {
          weight: param("f32[d, 4*d]", [2048, 8192], normal(0.02), { name: "cross.7.ffn.up.weight", order: [1, 0] }),
        },
        down: {
          weight: param("f32[4*d, d]", [8192, 2048], normal(0.02), { name: "cross.7.ffn.down.weight", order: [1, 0] }),
        },
      },
    },
    {},
    {
      alpha_attn: param("f32[]", [], zeros),
      alpha_ff: param("f32[]", [], zeros),
      norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
      q: {
        weight: param("f32[d, cross_heads*cross_c]", [2048, 512], normal(0.02), {
          name: "cross.9.q.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.9.k.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.9.v.weight",
          order: [1, 0],
        }),
      },
      out: {
        weight: param("f32[cross_heads*cross_c, d]", [512, 2048], normal(0.02), {
          name: "cross.9.out.weight",
          order: [1, 0],
        }),
      },
      ffn: {
        norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
        up: {
          weight: param("f32[d, 4*d]", [2048, 8192], normal(0.02), { name: "cross.9.ffn.up.weight", order: [1, 0] }),
        },
        down: {
          weight: param("f32[4*d, d]", [8192, 2048], normal(0.02), { name: "cross.9.ffn.down.weight", order: [1, 0] }),
        },
      },
    },
    {},
    {
      alpha_attn: param("f32[]", [], zeros),
      alpha_ff: param("f32[]", [], zeros),
      norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
      q: {
        weight: param("f32[d, cross_heads*cross_c]", [2048, 512], normal(0.02), {
          name: "cross.11.q.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.11.k.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.11.v.weight",
          order: [1, 0],
        }),
      },
      out: {
        weight: param("f32[cross_heads*cross_c, d]", [512, 2048], normal(0.02), {
          name: "cross.11.out.weight",
          order: [1, 0],
        }),
      },
      ffn: {
        norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
        up: {
          weight: param("f32[d, 4*d]", [2048, 8192], normal(0.02), { name: "cross.11.ffn.up.weight", order: [1, 0] }),
        },
        down: {
          weight: param("f32[4*d, d]", [8192, 2048], normal(0.02), { name: "cross.11.ffn.down.weight", order: [1, 0] }),
        },
      },
    },
    {},
    {
      alpha_attn: param("f32[]", [], zeros),
      alpha_ff: param("f32[]", [], zeros),
      norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
      q: {
        weight: param("f32[d, cross_heads*cross_c]", [2048, 512], normal(0.02), {
          name: "cross.13.q.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.13.k.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.13.v.weight",
          order: [1, 0],
        }),
      },
      out: {
        weight: param("f32[cross_heads*cross_c, d]", [512, 2048], normal(0.02), {
          name: "cross.13.out.weight",
          order: [1, 0],
        }),
      },
      ffn: {
        norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
        up: {
          weight: param("f32[d, 4*d]", [2048, 8192], normal(0.02), { name: "cross.13.ffn.up.weight", order: [1, 0] }),
        },
        down: {
          weight: param("f32[4*d, d]", [8192, 2048], normal(0.02), { name: "cross.13.ffn.down.weight", order: [1, 0] }),
        },
      },
    },
    {},
    {
      alpha_attn: param("f32[]", [], zeros),
      alpha_ff: param("f32[]", [], zeros),
      norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
      q: {
        weight: param("f32[d, cross_heads*cross_c]", [2048, 512], normal(0.02), {
          name: "cross.15.q.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.15.k.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.15.v.weight",
          order: [1, 0],
        }),
      },
      out: {
        weight: param("f32[cross_heads*cross_c, d]", [512, 2048], normal(0.02), {
          name: "cross.15.out.weight",
          order: [1, 0],
        }),
      },
      ffn: {
        norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
        up: {
          weight: param("f32[d, 4*d]", [2048, 8192], normal(0.02), { name: "cross.15.ffn.up.weight", order: [1, 0] }),
        },
        down: {
          weight: param("f32[4*d, d]", [8192, 2048], normal(0.02), { name: "cross.15.ffn.down.weight", order: [1, 0] }),
        },
      },
    },
    {},
    {
      alpha_attn: param("f32[]", [], zeros),
      alpha_ff: param("f32[]", [], zeros),
      norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
      q: {
        weight: param("f32[d, cross_heads*cross_c]", [2048, 512], normal(0.02), {
          name: "cross.17.q.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.17.k.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.17.v.weight",
          order: [1, 0],
        }),
      },
      out: {
        weight: param("f32[cross_heads*cross_c, d]", [512, 2048], normal(0.02), {
          name: "cross.17.out.weight",
          order: [1, 0],
        }),
      },
      ffn: {
        norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
        up: {
          weight: param("f32[d, 4*d]", [2048, 8192], normal(0.02), { name: "cross.17.ffn.up.weight", order: [1, 0] }),
        },
        down: {
          weight: param("f32[4*d, d]", [8192, 2048], normal(0.02), { name: "cross.17.ffn.down.weight", order: [1, 0] }),
        },
      },
    },
    {},
    {
      alpha_attn: param("f32[]", [], zeros),
      alpha_ff: param("f32[]", [], zeros),
      norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
      q: {
        weight: param("f32[d, cross_heads*cross_c]", [2048, 512], normal(0.02), {
          name: "cross.19.q.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.19.k.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.19.v.weight",
          order: [1, 0],
        }),
      },
      out: {
        weight: param("f32[cross_heads*cross_c, d]", [512, 2048], normal(0.02), {
          name: "cross.19.out.weight",
          order: [1, 0],
        }),
      },
      ffn: {
        norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
        up: {
          weight: param("f32[d, 4*d]", [2048, 8192], normal(0.02), { name: "cross.19.ffn.up.weight", order: [1, 0] }),
        },
        down: {
          weight: param("f32[4*d, d]", [8192, 2048], normal(0.02), { name: "cross.19.ffn.down.weight", order: [1, 0] }),
        },
      },
    },
    {},
    {
      alpha_attn: param("f32[]", [], zeros),
      alpha_ff: param("f32[]", [], zeros),
      norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
      q: {
        weight: param("f32[d, cross_heads*cross_c]", [2048, 512], normal(0.02), {
          name: "cross.21.q.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.21.k.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.21.v.weight",
          order: [1, 0],
        }),
      },
      out: {
        weight: param("f32[cross_heads*cross_c, d]", [512, 2048], normal(0.02), {
          name: "cross.21.out.weight",
          order: [1, 0],
        }),
      },
      ffn: {
        norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
        up: {
          weight: param("f32[d, 4*d]", [2048, 8192], normal(0.02), { name: "cross.21.ffn.up.weight", order: [1, 0] }),
        },
        down: {
          weight: param("f32[4*d, d]", [8192, 2048], normal(0.02), { name: "cross.21.ffn.down.weight", order: [1, 0] }),
        },
      },
    },
    {},
    {
      alpha_attn: param("f32[]", [], zeros),
      alpha_ff: param("f32[]", [], zeros),
      norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
      q: {
        weight: param("f32[d, cross_heads*cross_c]", [2048, 512], normal(0.02), {
          name: "cross.23.q.weight",
          order: [1, 0],
        }),
      },
      k: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.23.k.weight",
          order: [1, 0],
        }),
      },
      v: {
        weight: param("f32[media_dim, cross_heads*cross_c]", [1024, 512], normal(0.02), {
          name: "cross.23.v.weight",
          order: [1, 0],
        }),
      },
      out: {
        weight: param("f32[cross_heads*cross_c, d]", [512, 2048], normal(0.02), {
          name: "cross.23.out.weight",
          order: [1, 0],
        }),
      },
      ffn: {
        norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
        up: {
          weight: param("f32[d, 4*d]", [2048, 8192], normal(0.02), { name: "cross.23.ffn.up.weight", order: [1, 0] }),
        },
        down: {
          weight: param("f32[4*d, d]", [8192, 2048], normal(0.02), { name: "cross.23.ffn.down.weight", order: [1, 0] }),
        },
      },
    },
  ),
  norm: { weight: param("f32[d]", [2048], ones), bias: param("f32[d]", [2048], zeros) },
  lm_head: { weight: param("f32[d, vocab]", [2048, 32000], normal(0.02), { name: "lm_head.weight", order: [1, 0] }) },
};

export type FlamingoWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type ResamplerWeights = FlamingoWeights["resampler"];
type ResampleWeights = ResamplerWeights["layers"][number];
type MlpWeights = ResampleWeights["ffn"];
type DecoderLayerWeights = FlamingoWeights["layers"][0];
type AttentionWeights = DecoderLayerWeights["attn"];
type Ffn2Weights = DecoderLayerWeights["mlp"];
type GatedCrossWeights = FlamingoWeights["cross"][1];
type Mlp2Weights = GatedCrossWeights["ffn"];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<FlamingoWeights> {
  return loadWeights(parameters, source);
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): FlamingoWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: FlamingoWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/** Attention to a memory of another width. */
function look(
  weights: ResampleWeights,
  x: Tensor<"f32[batch, images, latents, media_dim]">,
  memory: Tensor<"f32[batch, images, patches + latents, media_dim]">,
): Tensor<"f32[batch, images, latents, media_dim]"> {
  const q = linear(x, weights.q.weight);
  const qh = rearrange(q, "batch images n (heads c) -> batch images heads n c", { heads: config.resampler_heads });
  q.dispose();
  const k = linear(memory, weights.k.weight);
  const kh = rearrange(k, "batch images n (heads c) -> batch images heads n c", { heads: config.resampler_heads });
  k.dispose();
  const v = linear(memory, weights.v.weight);
  const vh = rearrange(v, "batch images n (heads c) -> batch images heads n c", { heads: config.resampler_heads });
  v.dispose();
  const y = attend(qh, kh, vh, { scale: 0.125 });
  tf.dispose([qh, kh, vh]);
  const y2 = rearrange(y, "batch images heads i c -> batch images i (heads c)");
  y.dispose();
  const out = linear(y2, weights.out.weight);
  y2.dispose();
  return out;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn(
  weights: MlpWeights,
  x: Tensor<"f32[batch, images, latents, media_dim]">,
): Tensor<"f32[batch, images, latents, media_dim]"> {
  return tf.tidy(() => {
    const x2 = tf.maximum(linear(x, weights.up.weight), 0);
    return linear(tf.mul(x2, x2), weights.down.weight);
  });
}

/**
 * Flamingo (Alayrac et al. 2022): a language model that looks at images between its words, through a few latents of
 * each image.
 */
function mlp(
  weights: MlpWeights,
  x: Tensor<"f32[batch, images, latents, media_dim]">,
): Tensor<"f32[batch, images, latents, media_dim]"> {
  const norm = layerNorm(x, weights.norm.weight, weights.norm.bias, 1e-5);
  const ffn4 = ffn(weights, norm);
  norm.dispose();
  return ffn4;
}

/** Latents read the patches of one image, and each other. */
function resample(
  weights: ResampleWeights,
  x: Tensor<"f32[batch, images, latents, media_dim]">,
  media: Tensor<"f32[batch, images, patches, media_dim]">,
): Tensor<"f32[batch, images, latents, media_dim]"> {
  const own = layerNorm(x, weights.latent_norm.weight, weights.latent_norm.bias, 1e-5);
  const seen = layerNorm(media, weights.media_norm.weight, weights.media_norm.bias, 1e-5);
  const joined = concat([seen, own], 2);
  seen.dispose();
  const look3 = look(weights, own, joined);
  tf.dispose([own, joined]);
  const x2 = tf.add(x, look3);
  look3.dispose();
  const ffn4 = mlp(weights.ffn, x2);
  const x3 = tf.add(x2, ffn4);
  tf.dispose([x2, ffn4]);
  return x3;
}

/** As many latents of each image, however many patches it has. */
function resampler(
  weights: ResamplerWeights,
  media: Tensor<"f32[batch, images, patches, media_dim]">,
): Tensor<"f32[batch, images, latents, media_dim]"> {
  const images = sizeOf(media, 1);
  const batch = sizeOf(media, 0);
  const images2 = positions(images);
  const time_embedding = embedding(weights.time_embedding, images2);
  images2.dispose();
  const media2 = tf.tidy(() => tf.add(media, tf.expandDims(time_embedding, 1)));
  time_embedding.dispose();
  let x: Tensor<"f32[batch, images, latents, media_dim]"> = tf.broadcastTo(weights.latents, [
    batch,
    images,
    config.latents,
    config.media_dim,
  ]);
  for (const layer of weights.layers) {
    const next = resample(layer, x, media2);
    x.dispose();
    x = next;
  }

  media2.dispose();
  const norm = layerNorm(x, weights.norm.weight, weights.norm.bias, 1e-5);
  x.dispose();
  return norm;
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention(weights: AttentionWeights, x: Hidden, cache?: Cache): Hidden {
  const q = linear(x, weights.q.weight, weights.q.bias);
  const k = linear(x, weights.k.weight, weights.k.bias);
  const v = linear(x, weights.v.weight, weights.v.bias);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const qh = rearrange(q, "batch i (g c) -> batch g 1 i c", { g: config.heads });
  q.dispose();
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const y = attend(qh, kh, vh, { scale: 0.08838834764831843, mask: causal, cache });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight, weights.o.bias);
  y2.dispose();
  return o;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn2(weights: Ffn2Weights, x: Hidden): Hidden {
  return tf.tidy(() =>
    linear(gelu(linear(x, weights.up.weight, weights.up.bias)), weights.down.weight, weights.down.bias),
  );
}

function decoderLayer(weights: DecoderLayerWeights, x: Hidden, cache?: Cache): Hidden {
  const attention_norm = layerNorm(x, weights.attention_norm.weight, weights.attention_norm.bias, 1e-5);
  const attn = attention(weights.attn, attention_norm, cache);
  attention_norm.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const ffn_norm = layerNorm(x2, weights.ffn_norm.weight, weights.ffn_norm.bias, 1e-5);
  const mlp3 = ffn2(weights.mlp, ffn_norm);
  ffn_norm.dispose();
  const x3 = tf.add(x2, mlp3);
  tf.dispose([x2, mlp3]);
  return x3;
}

/** Attention to a memory of another width. */
function look2(
  weights: GatedCrossWeights,
  x: Hidden,
  memory: Tensor<"f32[batch, images*latents, media_dim]">,
  latest: Tensor<"i32[batch, seq]">,
  cache?: Cache,
): Hidden {
  const [kh2, vh2] = once(cache, () => {
    const k = linear(memory, weights.k.weight);
    const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.cross_heads });
    k.dispose();
    const v = linear(memory, weights.v.weight);
    const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.cross_heads });
    v.dispose();
    return [kh, vh];
  });
  const q = linear(x, weights.q.weight);
  const qh = rearrange(q, "batch n (heads c) -> batch heads n c", { heads: config.cross_heads });
  q.dispose();
  const y = attend(qh, kh2, vh2, {
    scale: 0.125,
    mask: where((_q, k) =>
      tf.expandDims(
        tf.equal(tf.floorDiv(tf.reshape(k, [-1]), tf.scalar(config.latents, "int32")), tf.expandDims(latest, 2)),
        1,
      ),
    ),
  });
  tf.dispose([kh2, vh2, qh]);
  const y2 = rearrange(y, "batch heads i c -> batch i (heads c)");
  y.dispose();
  const out = linear(y2, weights.out.weight);
  y2.dispose();
  return out;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn3(weights: Mlp2Weights, x: Hidden): Hidden {
  return tf.tidy(() => {
    const x2 = tf.maximum(linear(x, weights.up.weight), 0);
    return linear(tf.mul(x2, x2), weights.down.weight);
  });
}

/**
 * Flamingo (Alayrac et al. 2022): a language model that looks at images between its words, through a few latents of
 * each image.
 */
function mlp2(weights: Mlp2Weights, x: Hidden): Hidden {
  const norm = layerNorm(x, weights.norm.weight, weights.norm.bias, 1e-5);
  const ffn4 = ffn3(weights, norm);
  norm.dispose();
  return ffn4;
}

/** Both gates are shut when training starts, so that it starts from the language model alone. */
function gatedCross(
  weights: GatedCrossWeights,
  x: Hidden,
  visual: Tensor<"f32[batch, images*latents, media_dim]">,
  latest: Tensor<"i32[batch, seq]">,
  cache?: Cache,
): Hidden {
  const norm = layerNorm(x, weights.norm.weight, weights.norm.bias, 1e-5);
  const look3 = look2(weights, norm, visual, latest, cache);
  norm.dispose();
  const x2 = tf.tidy(() => tf.add(x, tf.mul(tf.tanh(weights.alpha_attn), look3)));
  look3.dispose();
  const ffn4 = mlp2(weights.ffn, x2);
  const x3 = tf.tidy(() => tf.add(x2, tf.mul(tf.tanh(weights.alpha_ff), ffn4)));
  tf.dispose([x2, ffn4]);
  return x3;
}

/** Of a text's images, each stands where the text has `image`; from there on a word sees that image, until the next. */
function flamingo(
  weights: FlamingoWeights,
  ids: Tensor<"i32[batch, seq]">,
  media: Tensor<"f32[batch, images, patches, media_dim]">,
  cache?: Cache,
): Hidden {
  const seq = sizeOf(ids, 1);
  const [visual2] = once(cache, () => {
    const resampler2 = resampler(weights.resampler, media);
    const visual = rearrange(resampler2, "batch images m e -> batch (images m) e");
    resampler2.dispose();
    return [visual];
  });
  const t = tf.tidy(() => tf.cast(tf.equal(ids, tf.scalar(config.image, "int32")), "int32"));
  const t2 = cumsum(t, 1, cache);
  t.dispose();
  const latest = tf.tidy(() => tf.sub(t2, tf.scalar(1, "int32")));
  t2.dispose();
  const token_embedding = embedding(weights.token_embedding.weight, ids);
  const n = positions(seq, cache);
  const weight = embedding(weights.position_embedding.weight, n);
  n.dispose();
  const x = tf.add(token_embedding, weight);
  tf.dispose([token_embedding, weight]);
  const x2 = decoderLayer(at(weights.layers, 0), x, cache);
  x.dispose();
  const x3 = gatedCross(at(weights.cross, 1), x2, visual2, latest, cache);
  x2.dispose();
  const x4 = decoderLayer(at(weights.layers, 1), x3, cache);
  x3.dispose();
  const x5 = decoderLayer(at(weights.layers, 2), x4, cache);
  x4.dispose();
  const x6 = gatedCross(at(weights.cross, 3), x5, visual2, latest, cache);
  x5.dispose();
  const x7 = decoderLayer(at(weights.layers, 3), x6, cache);
  x6.dispose();
  const x8 = decoderLayer(at(weights.layers, 4), x7, cache);
  x7.dispose();
  const x9 = gatedCross(at(weights.cross, 5), x8, visual2, latest, cache);
  x8.dispose();
  const x10 = decoderLayer(at(weights.layers, 5), x9, cache);
  x9.dispose();
  const x11 = decoderLayer(at(weights.layers, 6), x10, cache);
  x10.dispose();
  const x12 = gatedCross(at(weights.cross, 7), x11, visual2, latest, cache);
  x11.dispose();
  const x13 = decoderLayer(at(weights.layers, 7), x12, cache);
  x12.dispose();
  const x14 = decoderLayer(at(weights.layers, 8), x13, cache);
  x13.dispose();
  const x15 = gatedCross(at(weights.cross, 9), x14, visual2, latest, cache);
  x14.dispose();
  const x16 = decoderLayer(at(weights.layers, 9), x15, cache);
  x15.dispose();
  const x17 = decoderLayer(at(weights.layers, 10), x16, cache);
  x16.dispose();
  const x18 = gatedCross(at(weights.cross, 11), x17, visual2, latest, cache);
  x17.dispose();
  const x19 = decoderLayer(at(weights.layers, 11), x18, cache);
  x18.dispose();
  const x20 = decoderLayer(at(weights.layers, 12), x19, cache);
  x19.dispose();
  const x21 = gatedCross(at(weights.cross, 13), x20, visual2, latest, cache);
  x20.dispose();
  const x22 = decoderLayer(at(weights.layers, 13), x21, cache);
  x21.dispose();
  const x23 = decoderLayer(at(weights.layers, 14), x22, cache);
  x22.dispose();
  const x24 = gatedCross(at(weights.cross, 15), x23, visual2, latest, cache);
  x23.dispose();
  const x25 = decoderLayer(at(weights.layers, 15), x24, cache);
  x24.dispose();
  const x26 = decoderLayer(at(weights.layers, 16), x25, cache);
  x25.dispose();
  const x27 = gatedCross(at(weights.cross, 17), x26, visual2, latest, cache);
  x26.dispose();
  const x28 = decoderLayer(at(weights.layers, 17), x27, cache);
  x27.dispose();
  const x29 = decoderLayer(at(weights.layers, 18), x28, cache);
  x28.dispose();
  const x30 = gatedCross(at(weights.cross, 19), x29, visual2, latest, cache);
  x29.dispose();
  const x31 = decoderLayer(at(weights.layers, 19), x30, cache);
  x30.dispose();
  const x32 = decoderLayer(at(weights.layers, 20), x31, cache);
  x31.dispose();
  const x33 = gatedCross(at(weights.cross, 21), x32, visual2, latest, cache);
  x32.dispose();
  const x34 = decoderLayer(at(weights.layers, 21), x33, cache);
  x33.dispose();
  const x35 = decoderLayer(at(weights.layers, 22), x34, cache);
  x34.dispose();
  const x36 = gatedCross(at(weights.cross, 23), x35, visual2, latest, cache);
  tf.dispose([visual2, latest, x35]);
  const x37 = decoderLayer(at(weights.layers, 23), x36, cache);
  x36.dispose();
  const norm = layerNorm(x37, weights.norm.weight, weights.norm.bias, 1e-5);
  x37.dispose();
  return norm;
}

function lmHead(weights: FlamingoWeights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
  return linear(x, weights.lm_head.weight);
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

function lmLossOf(weights: FlamingoWeights, x: Hidden, ids: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  const seq = sizeOf(x, 1);
  const logits = linear(x, weights.lm_head.weight);
  const logits2 = slice(logits, 1, 0, seq - 1);
  logits.dispose();
  const ids2 = slice(ids, 1, 1, seq);
  const logits3 = crossEntropy(logits2, ids2);
  tf.dispose([logits2, ids2]);
  return logits3;
}

export interface LmInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly media: Input<"f32[batch, images, patches, media_dim]">;
}

/** What lm ends with, before its head. */
function lmHidden(weights: FlamingoWeights, inputs: LmInputs, cache?: Cache): Hidden {
  const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
  const batch = sizeOf(ids, 0);
  const media = once(cache, () => [
    input("media", inputs.media, { dtype: "float32", rank: 4, sizes: [batch, null, null, config.media_dim] }),
  ])[0];
  const seq = sizeOf(ids, 1);
  const length = (cache?.length ?? 0) + seq;
  guard(length <= config.ctx, `Flamingo: seq = ${length} exceeds ctx = ${config.ctx} (flamingo.tfm:58)`);
  const images = sizeOf(media, 1);
  guard(images <= config.most, `Flamingo: images = ${images} exceeds most = ${config.most} (flamingo.tfm:58)`);
  const hidden = flamingo(weights, ids, media, cache);
  cache?.advance(seq);
  return hidden;
}

/** Next-token logits. */
export function lm(weights: FlamingoWeights, inputs: LmInputs, cache?: Cache): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => lmHead(weights, lmHidden(weights, inputs, cache)));
}

/** The loss that lm is trained by. */
export function lmLoss(weights: FlamingoWeights, inputs: LmInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(ids, 0);
    const media = input("media", inputs.media, {
      dtype: "float32",
      rank: 4,
      sizes: [batch, null, null, config.media_dim],
    });
    const seq = sizeOf(ids, 1);
    guard(seq <= config.ctx, `Flamingo: seq = ${seq} exceeds ctx = ${config.ctx} (flamingo.tfm:58)`);
    const images = sizeOf(media, 1);
    guard(images <= config.most, `Flamingo: images = ${images} exceeds most = ${config.most} (flamingo.tfm:58)`);
    const hidden = flamingo(weights, ids, media);
    return lmLossOf(weights, hidden, ids);
  });
}

/** The ids that these inputs lead to, one token at a time. What the steps have in common is computed once. */
export function generate(
  weights: FlamingoWeights,
  inputs: Omit<LmInputs, "ids">,
  options: GenerateOptions = {},
): AsyncGenerator<number, void> {
  return decode(
    (tokens, cache) => lastPosition(lmHead(weights, onlyLast(lmHidden(weights, { ...inputs, ids: tokens }, cache)))),
    [],
    { vocab: config.vocab, context: config.ctx, topP: 0.9, temperature: 0.8, ...options },
  );
}
