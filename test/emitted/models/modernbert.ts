// ModernBert (modernbert.tfm), config modernbert_base. Written by tfmc 0.1.0: change the .tfm file, not this one.
// Layers 0, `every`, 2 * `every`, ... see everything, the others `reach` tokens on either side; each kind has a base of its own for its rotations. `keep` is false for padding.
import * as tf from "@tensorflow/tfjs-core";
import {
  at,
  attend,
  embedding,
  gelu,
  guard,
  initialiseWeights,
  input,
  linear,
  linearTransposed,
  list,
  loadWeights,
  normal,
  ones,
  param,
  pick,
  rearrange,
  saveWeights,
  sizeOf,
  stack,
  table,
  take,
  where,
  zeros,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of modernbert_base. */
export const config = {
  vocab: 50368,
  ctx: 8192,
  d: 768,
  depth: 22,
  heads: 12,
  ff: 1152,
  every: 3,
  reach: 64,
  theta: 160000,
  near_theta: 10000,
  eps: 1e-5,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint answerdotai/ModernBERT-base. */
export const parameters = {
  word: { weight: param("f32[vocab, d]", [50368, 768], normal(0.02), "embeddings.tok_embeddings.weight") },
  norm: { weight: param("f32[d]", [768], ones, "embeddings.norm.weight") },
  layers: list(
    {
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.0.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.0.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.0.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: { weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.0.attn.Wo.weight", order: [1, 0] }) },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.0.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.0.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.0.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.1.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.1.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.1.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: { weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.1.attn.Wo.weight", order: [1, 0] }) },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.1.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.1.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.1.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.2.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.2.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.2.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: { weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.2.attn.Wo.weight", order: [1, 0] }) },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.2.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.2.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.2.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.3.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.3.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.3.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: { weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.3.attn.Wo.weight", order: [1, 0] }) },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.3.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.3.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.3.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.4.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.4.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.4.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: { weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.4.attn.Wo.weight", order: [1, 0] }) },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.4.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.4.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.4.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.5.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.5.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.5.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: { weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.5.attn.Wo.weight", order: [1, 0] }) },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.5.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.5.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.5.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.6.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.6.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.6.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: { weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.6.attn.Wo.weight", order: [1, 0] }) },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.6.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.6.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.6.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.7.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.7.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.7.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: { weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.7.attn.Wo.weight", order: [1, 0] }) },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.7.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.7.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.7.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.8.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.8.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.8.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: { weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.8.attn.Wo.weight", order: [1, 0] }) },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.8.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.8.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.8.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.9.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.9.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.9.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: { weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.9.attn.Wo.weight", order: [1, 0] }) },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.9.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.9.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.9.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.10.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.10.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.10.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.10.attn.Wo.weight", order: [1, 0] }),
        },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.10.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.10.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.10.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.11.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.11.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.11.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.11.attn.Wo.weight", order: [1, 0] }),
        },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.11.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.11.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.11.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.12.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.12.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.12.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.12.attn.Wo.weight", order: [1, 0] }),
        },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.12.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.12.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.12.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.13.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.13.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.13.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.13.attn.Wo.weight", order: [1, 0] }),
        },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.13.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.13.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.13.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.14.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.14.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.14.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.14.attn.Wo.weight", order: [1, 0] }),
        },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.14.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.14.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.14.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.15.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.15.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.15.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.15.attn.Wo.weight", order: [1, 0] }),
        },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.15.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.15.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.15.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.16.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.16.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.16.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.16.attn.Wo.weight", order: [1, 0] }),
        },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.16.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.16.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.16.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.17.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.17.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.17.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.17.attn.Wo.weight", order: [1, 0] }),
        },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.17.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.17.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.17.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.18.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.18.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.18.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.18.attn.Wo.weight", order: [1, 0] }),
        },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.18.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.18.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.18.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.19.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.19.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.19.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.19.attn.Wo.weight", order: [1, 0] }),
        },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.19.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.19.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.19.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.20.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.20.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.20.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.20.attn.Wo.weight", order: [1, 0] }),
        },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.20.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.20.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.20.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
    {
      attn_norm: { weight: param("f32[d]", [768], ones) },
      attn: {
        q: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.21.attn.Wqkv.weight",
            axis: 0,
            from: 0,
            to: 768,
            of: 2304,
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.21.attn.Wqkv.weight",
            axis: 0,
            from: 768,
            to: 1536,
            of: 2304,
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), {
            name: "layers.21.attn.Wqkv.weight",
            axis: 0,
            from: 1536,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "layers.21.attn.Wo.weight", order: [1, 0] }),
        },
      },
      mlp_norm: { weight: param("f32[d]", [768], ones) },
      mlp: {
        gate: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.21.mlp.Wi.weight",
            axis: 0,
            from: 0,
            to: 1152,
            of: 2304,
            order: [1, 0],
          }),
        },
        up: {
          weight: param("f32[d, ff]", [768, 1152], normal(0.02), {
            name: "layers.21.mlp.Wi.weight",
            axis: 0,
            from: 1152,
            to: 2304,
            of: 2304,
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [1152, 768], normal(0.02), { name: "layers.21.mlp.Wo.weight", order: [1, 0] }),
        },
      },
    },
  ),
  final_norm: { weight: param("f32[d]", [768], ones) },
  bias: param("f32[vocab]", [50368], zeros, "decoder.bias"),
  dense: { weight: param("f32[d, d]", [768, 768], normal(0.02), { name: "head.dense.weight", order: [1, 0] }) },
  head_norm: { weight: param("f32[d]", [768], ones, "head.norm.weight") },
};

export type ModernBertWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, seq, d]">;
type ModernNormWeights = ModernBertWeights["norm"];
type ModernLayerWeights = ModernBertWeights["layers"][0];
type AttentionWeights = ModernLayerWeights["attn"];
type GluWeights = ModernLayerWeights["mlp"];
type ModernLayer2Weights = ModernBertWeights["layers"][1];
type Attention2Weights = ModernLayer2Weights["attn"];
type ModernLayer3Weights = ModernBertWeights["layers"][3];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<ModernBertWeights> {
  return loadWeights(parameters, source, { prefixes: ["model."], ignore: ["decoder.weight"] });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): ModernBertWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: ModernBertWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/**
 * ModernBERT (Warner et al. 2024): an encoder with rotary positions and gated networks, without biases. Most layers see
 * only what is near.
 */
function modernNorm(weights: ModernNormWeights, x: Hidden): Hidden {
  return tf.tidy(() => {
    const c = tf.sub(x, tf.expandDims(tf.mean(x, 2), 2));
    return tf.mul(tf.mul(c, tf.expandDims(tf.rsqrt(tf.add(tf.mean(tf.mul(c, c), 2), 1e-5)), 2)), weights.weight);
  });
}

/** Rotary positions (Su et al. 2021): each pair of channels turns by its position times a frequency. */
function rope(x: Tensor<"f32[batch, heads, seq, d / heads]">): Tensor<"f32[batch, heads, seq, d / heads]"> {
  return tf.tidy(() => {
    const seq = sizeOf(x, 2);
    const split = rearrange(x, "batch heads n (s h) -> batch heads n h s", { s: 2 });
    const a = take(split, 4, 0);
    const b = take(split, 4, 1);
    const across = table([seq, config.d / (2 * config.heads)], (n, h) => Math.cos(n * 160000 ** ((-2 * h) / 64)));
    const along = table([seq, config.d / (2 * config.heads)], (n, h) => Math.sin(n * 160000 ** ((-2 * h) / 64)));
    const turned = rearrange(
      stack([tf.sub(tf.mul(a, across), tf.mul(b, along)), tf.add(tf.mul(b, across), tf.mul(a, along))], 4),
      "batch heads n h s -> batch heads n (s h)",
    );
    return turned;
  });
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention(weights: AttentionWeights, x: Hidden, keep: Tensor<"bool[batch, seq]">): Hidden {
  const q = linear(x, weights.q.weight);
  const qh = rearrange(q, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  q.dispose();
  const k = linear(x, weights.k.weight);
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const v = linear(x, weights.v.weight);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const qh2 = rope(qh);
  qh.dispose();
  const qh3 = rearrange(qh2, "batch g i c -> batch g 1 i c");
  qh2.dispose();
  const kh2 = rope(kh);
  kh.dispose();
  const y = attend(qh3, kh2, vh, {
    scale: 0.125,
    mask: where(() => tf.expandDims(tf.expandDims(tf.expandDims(keep, 1), 2), 3)),
  });
  tf.dispose([vh, qh3, kh2]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight);
  y2.dispose();
  return o;
}

/** A gated feed-forward network (Shazeer 2020): act(x·gate) * (x·up), projected back. */
function glu(weights: GluWeights, x: Hidden): Hidden {
  return tf.tidy(() =>
    linear(tf.mul(gelu(linear(x, weights.gate.weight)), linear(x, weights.up.weight)), weights.down.weight),
  );
}

function modernLayer(weights: ModernLayerWeights, x: Hidden, keep: Tensor<"bool[batch, seq]">): Hidden {
  const attn = attention(weights.attn, x, keep);
  const x2 = tf.add(x, attn);
  attn.dispose();
  const mlp_norm = modernNorm(weights.mlp_norm, x2);
  const mlp = glu(weights.mlp, mlp_norm);
  mlp_norm.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

/** Rotary positions (Su et al. 2021): each pair of channels turns by its position times a frequency. */
function rope2(x: Tensor<"f32[batch, heads, seq, d / heads]">): Tensor<"f32[batch, heads, seq, d / heads]"> {
  return tf.tidy(() => {
    const seq = sizeOf(x, 2);
    const split = rearrange(x, "batch heads n (s h) -> batch heads n h s", { s: 2 });
    const a = take(split, 4, 0);
    const b = take(split, 4, 1);
    const across = table([seq, config.d / (2 * config.heads)], (n, h) => Math.cos(n * 10000 ** ((-2 * h) / 64)));
    const along = table([seq, config.d / (2 * config.heads)], (n, h) => Math.sin(n * 10000 ** ((-2 * h) / 64)));
    const turned = rearrange(
      stack([tf.sub(tf.mul(a, across), tf.mul(b, along)), tf.add(tf.mul(b, across), tf.mul(a, along))], 4),
      "batch heads n h s -> batch heads n (s h)",
    );
    return turned;
  });
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention2(weights: Attention2Weights, x: Hidden, keep: Tensor<"bool[batch, seq]">): Hidden {
  const q = linear(x, weights.q.weight);
  const qh = rearrange(q, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  q.dispose();
  const k = linear(x, weights.k.weight);
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const v = linear(x, weights.v.weight);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const qh2 = rope2(qh);
  qh.dispose();
  const qh3 = rearrange(qh2, "batch g i c -> batch g 1 i c");
  qh2.dispose();
  const kh2 = rope2(kh);
  kh.dispose();
  const y = attend(qh3, kh2, vh, {
    scale: 0.125,
    mask: where((q, k) =>
      tf.expandDims(
        tf.expandDims(
          tf.logicalAnd(
            tf.expandDims(keep, 1),
            tf.logicalAnd(
              tf.lessEqual(
                tf.sub(tf.expandDims(tf.reshape(q, [-1]), 1), tf.reshape(k, [-1])),
                tf.scalar(config.reach, "int32"),
              ),
              tf.lessEqual(
                tf.sub(tf.reshape(k, [-1]), tf.expandDims(tf.reshape(q, [-1]), 1)),
                tf.scalar(config.reach, "int32"),
              ),
            ),
          ),
          1,
        ),
        2,
      ),
    ),
  });
  tf.dispose([vh, qh3, kh2]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight);
  y2.dispose();
  return o;
}

function modernLayer2(weights: ModernLayer2Weights, x: Hidden, keep: Tensor<"bool[batch, seq]">): Hidden {
  const seen = modernNorm(weights.attn_norm, x);
  const attn = attention2(weights.attn, seen, keep);
  seen.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const mlp_norm = modernNorm(weights.mlp_norm, x2);
  const mlp = glu(weights.mlp, mlp_norm);
  mlp_norm.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

function modernLayer3(weights: ModernLayer3Weights, x: Hidden, keep: Tensor<"bool[batch, seq]">): Hidden {
  const seen = modernNorm(weights.attn_norm, x);
  const attn = attention(weights.attn, seen, keep);
  seen.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const mlp_norm = modernNorm(weights.mlp_norm, x2);
  const mlp = glu(weights.mlp, mlp_norm);
  mlp_norm.dispose();
  const x3 = tf.add(x2, mlp);
  tf.dispose([x2, mlp]);
  return x3;
}

/**
 * Layers 0, `every`, 2 * `every`, ... see everything, the others `reach` tokens on either side; each kind has a base of
 * its own for its rotations. `keep` is false for padding.
 */
function modernBert(
  weights: ModernBertWeights,
  ids: Tensor<"i32[batch, seq]">,
  keep: Tensor<"bool[batch, seq]">,
): Hidden {
  const word = embedding(weights.word.weight, ids);
  const x = modernNorm(weights.norm, word);
  word.dispose();
  const x2 = modernLayer(at(weights.layers, 0), x, keep);
  x.dispose();
  const x3 = modernLayer2(at(weights.layers, 1), x2, keep);
  x2.dispose();
  const x4 = modernLayer2(at(weights.layers, 2), x3, keep);
  x3.dispose();
  const x5 = modernLayer3(at(weights.layers, 3), x4, keep);
  x4.dispose();
  const x6 = modernLayer2(at(weights.layers, 4), x5, keep);
  x5.dispose();
  const x7 = modernLayer2(at(weights.layers, 5), x6, keep);
  x6.dispose();
  const x8 = modernLayer3(at(weights.layers, 6), x7, keep);
  x7.dispose();
  const x9 = modernLayer2(at(weights.layers, 7), x8, keep);
  x8.dispose();
  const x10 = modernLayer2(at(weights.layers, 8), x9, keep);
  x9.dispose();
  const x11 = modernLayer3(at(weights.layers, 9), x10, keep);
  x10.dispose();
  const x12 = modernLayer2(at(weights.layers, 10), x11, keep);
  x11.dispose();
  const x13 = modernLayer2(at(weights.layers, 11), x12, keep);
  x12.dispose();
  const x14 = modernLayer3(at(weights.layers, 12), x13, keep);
  x13.dispose();
  const x15 = modernLayer2(at(weights.layers, 13), x14, keep);
  x14.dispose();
  const x16 = modernLayer2(at(weights.layers, 14), x15, keep);
  x15.dispose();
  const x17 = modernLayer3(at(weights.layers, 15), x16, keep);
  x16.dispose();
  const x18 = modernLayer2(at(weights.layers, 16), x17, keep);
  x17.dispose();
  const x19 = modernLayer2(at(weights.layers, 17), x18, keep);
  x18.dispose();
  const x20 = modernLayer3(at(weights.layers, 18), x19, keep);
  x19.dispose();
  const x21 = modernLayer2(at(weights.layers, 19), x20, keep);
  x20.dispose();
  const x22 = modernLayer2(at(weights.layers, 20), x21, keep);
  x21.dispose();
  const x23 = modernLayer3(at(weights.layers, 21), x22, keep);
  x22.dispose();
  const final_norm = modernNorm(weights.final_norm, x23);
  x23.dispose();
  return final_norm;
}

function mlmHead(weights: ModernBertWeights, x: Hidden): Tensor<"f32[batch, seq, vocab]"> {
  const dense = linear(x, weights.dense.weight);
  const dense2 = gelu(dense);
  dense.dispose();
  const head_norm = modernNorm(weights.head_norm, dense2);
  dense2.dispose();
  const logits = linearTransposed(head_norm, weights.word.weight, weights.bias);
  head_norm.dispose();
  return logits;
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

function mlmLossOf(weights: ModernBertWeights, x: Hidden, labels: Tensor<"i32[batch, seq]">): Tensor<"f32[]"> {
  const dense = linear(x, weights.dense.weight);
  const dense2 = gelu(dense);
  dense.dispose();
  const head_norm = modernNorm(weights.head_norm, dense2);
  dense2.dispose();
  const logits = linearTransposed(head_norm, weights.word.weight, weights.bias);
  head_norm.dispose();
  const logits2 = crossEntropy(logits, labels);
  logits.dispose();
  return logits2;
}

export interface MlmInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
}

/** The tokens that were masked: `labels` is -100 where none was. */
export function mlm(weights: ModernBertWeights, inputs: MlmInputs): Tensor<"f32[batch, seq, vocab]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(ids, 0);
    const seq = sizeOf(ids, 1);
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, seq], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, seq] });
    guard(seq <= config.ctx, `ModernBert: seq = ${seq} exceeds ctx = ${config.ctx} (modernbert.tfm:22)`);
    const hidden = modernBert(weights, ids, keep);
    return mlmHead(weights, hidden);
  });
}

export interface MlmLossInputs {
  readonly ids: Input<"i32[batch, seq]">;
  readonly keep?: Input<"bool[batch, seq]">;
  readonly labels: Input<"i32[batch, seq]">;
}

/** The loss that mlm is trained by. */
export function mlmLoss(weights: ModernBertWeights, inputs: MlmLossInputs): Tensor<"f32[]"> {
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
    guard(seq <= config.ctx, `ModernBert: seq = ${seq} exceeds ctx = ${config.ctx} (modernbert.tfm:22)`);
    const hidden = modernBert(weights, ids, keep);
    return mlmLossOf(weights, hidden, labels);
  });
}
