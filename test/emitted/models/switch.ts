// SwitchTransformer (switch.tfm), config switch_base_8. Written by tfmc 0.1.0: change the .tfm file, not this one.
// Of every `step` layers the second has experts.
import * as tf from "@tensorflow/tfjs-core";
import {
  argsort,
  at,
  attend,
  causal,
  cumsum,
  decode,
  embedding,
  initialiseWeights,
  input,
  lastPosition,
  linear,
  linearTransposed,
  list,
  loadWeights,
  lookUp,
  normal,
  once,
  ones,
  onlyLast,
  param,
  pick,
  positions,
  rearrange,
  repeat,
  rmsNorm,
  saveWeights,
  sizeOf,
  take,
  where,
  type Cache,
  type GenerateOptions,
  type Input,
  type Sink,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

/** The numbers of switch_base_8. */
export const config = {
  vocab: 32128,
  d: 768,
  depth: 12,
  heads: 12,
  head_dim: 64,
  ff: 3072,
  experts: 8,
  capacity: 64,
  step: 2,
  buckets: 32,
  far: 128,
  p: 0.1,
  eps: 1e-6,
};
/** Every weight: its shape, how it starts, and its place in the checkpoint google/switch-base-8. */
export const parameters = {
  enc_bias: param(
    "f32[buckets, heads]",
    [32, 12],
    normal(0.02),
    "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
  ),
  dec_bias: param(
    "f32[buckets, heads]",
    [32, 12],
    normal(0.02),
    "decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
  ),
  shared: { weight: param("f32[vocab, d]", [32128, 768], normal(0.02)) },
  encoder: list(
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "encoder.block.0.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "encoder.block.0.layer.1.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.0.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.0.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.0.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "encoder.block.0.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        up: {
          weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
            name: "encoder.block.0.layer.1.mlp.wi.weight",
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
            name: "encoder.block.0.layer.1.mlp.wo.weight",
            order: [1, 0],
          }),
        },
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "encoder.block.1.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "encoder.block.1.layer.1.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.1.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.1.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.1.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "encoder.block.1.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        router: {
          weight: param("f32[d, experts]", [768, 8], normal(0.02), {
            name: "encoder.block.1.layer.1.mlp.router.classifier.weight",
            order: [1, 0],
          }),
        },
        expert: repeat(8, "i", {
          up: {
            weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
              name: "encoder.block.1.layer.1.mlp.experts.expert_{i}.wi.weight",
              order: [1, 0],
            }),
          },
          down: {
            weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
              name: "encoder.block.1.layer.1.mlp.experts.expert_{i}.wo.weight",
              order: [1, 0],
            }),
          },
        }),
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "encoder.block.2.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "encoder.block.2.layer.1.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.2.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.2.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.2.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "encoder.block.2.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        up: {
          weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
            name: "encoder.block.2.layer.1.mlp.wi.weight",
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
            name: "encoder.block.2.layer.1.mlp.wo.weight",
            order: [1, 0],
          }),
        },
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "encoder.block.3.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "encoder.block.3.layer.1.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.3.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.3.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.3.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "encoder.block.3.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        router: {
          weight: param("f32[d, experts]", [768, 8], normal(0.02), {
            name: "encoder.block.3.layer.1.mlp.router.classifier.weight",
            order: [1, 0],
          }),
        },
        expert: repeat(8, "i", {
          up: {
            weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
              name: "encoder.block.3.layer.1.mlp.experts.expert_{i}.wi.weight",
              order: [1, 0],
            }),
          },
          down: {
            weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
              name: "encoder.block.3.layer.1.mlp.experts.expert_{i}.wo.weight",
              order: [1, 0],
            }),
          },
        }),
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "encoder.block.4.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "encoder.block.4.layer.1.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.4.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.4.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.4.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "encoder.block.4.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        up: {
          weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
            name: "encoder.block.4.layer.1.mlp.wi.weight",
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
            name: "encoder.block.4.layer.1.mlp.wo.weight",
            order: [1, 0],
          }),
        },
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "encoder.block.5.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "encoder.block.5.layer.1.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.5.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.5.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.5.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "encoder.block.5.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        router: {
          weight: param("f32[d, experts]", [768, 8], normal(0.02), {
            name: "encoder.block.5.layer.1.mlp.router.classifier.weight",
            order: [1, 0],
          }),
        },
        expert: repeat(8, "i", {
          up: {
            weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
              name: "encoder.block.5.layer.1.mlp.experts.expert_{i}.wi.weight",
              order: [1, 0],
            }),
          },
          down: {
            weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
              name: "encoder.block.5.layer.1.mlp.experts.expert_{i}.wo.weight",
              order: [1, 0],
            }),
          },
        }),
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "encoder.block.6.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "encoder.block.6.layer.1.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.6.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.6.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.6.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "encoder.block.6.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        up: {
          weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
            name: "encoder.block.6.layer.1.mlp.wi.weight",
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
            name: "encoder.block.6.layer.1.mlp.wo.weight",
            order: [1, 0],
          }),
        },
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "encoder.block.7.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "encoder.block.7.layer.1.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.7.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.7.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.7.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "encoder.block.7.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        router: {
          weight: param("f32[d, experts]", [768, 8], normal(0.02), {
            name: "encoder.block.7.layer.1.mlp.router.classifier.weight",
            order: [1, 0],
          }),
        },
        expert: repeat(8, "i", {
          up: {
            weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
              name: "encoder.block.7.layer.1.mlp.experts.expert_{i}.wi.weight",
              order: [1, 0],
            }),
          },
          down: {
            weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
              name: "encoder.block.7.layer.1.mlp.experts.expert_{i}.wo.weight",
              order: [1, 0],
            }),
          },
        }),
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "encoder.block.8.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "encoder.block.8.layer.1.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.8.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.8.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.8.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "encoder.block.8.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        up: {
          weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
            name: "encoder.block.8.layer.1.mlp.wi.weight",
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
            name: "encoder.block.8.layer.1.mlp.wo.weight",
            order: [1, 0],
          }),
        },
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "encoder.block.9.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "encoder.block.9.layer.1.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.9.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.9.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.9.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "encoder.block.9.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        router: {
          weight: param("f32[d, experts]", [768, 8], normal(0.02), {
            name: "encoder.block.9.layer.1.mlp.router.classifier.weight",
            order: [1, 0],
          }),
        },
        expert: repeat(8, "i", {
          up: {
            weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
              name: "encoder.block.9.layer.1.mlp.experts.expert_{i}.wi.weight",
              order: [1, 0],
            }),
          },
          down: {
            weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
              name: "encoder.block.9.layer.1.mlp.experts.expert_{i}.wo.weight",
              order: [1, 0],
            }),
          },
        }),
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "encoder.block.10.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "encoder.block.10.layer.1.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.10.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.10.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.10.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "encoder.block.10.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        up: {
          weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
            name: "encoder.block.10.layer.1.mlp.wi.weight",
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
            name: "encoder.block.10.layer.1.mlp.wo.weight",
            order: [1, 0],
          }),
        },
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "encoder.block.11.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "encoder.block.11.layer.1.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.11.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.11.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "encoder.block.11.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "encoder.block.11.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        router: {
          weight: param("f32[d, experts]", [768, 8], normal(0.02), {
            name: "encoder.block.11.layer.1.mlp.router.classifier.weight",
            order: [1, 0],
          }),
        },
        expert: repeat(8, "i", {
          up: {
            weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
              name: "encoder.block.11.layer.1.mlp.experts.expert_{i}.wi.weight",
              order: [1, 0],
            }),
          },
          down: {
            weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
              name: "encoder.block.11.layer.1.mlp.experts.expert_{i}.wo.weight",
              order: [1, 0],
            }),
          },
        }),
      },
    },
  ),
  enc_norm: { weight: param("f32[d]", [768], ones, "encoder.final_layer_norm.weight") },
  decoder: list(
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "decoder.block.0.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.0.layer.1.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.0.layer.2.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.0.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.0.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.0.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.0.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      cross: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.0.layer.1.EncDecAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.0.layer.1.EncDecAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.0.layer.1.EncDecAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.0.layer.1.EncDecAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        up: {
          weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
            name: "decoder.block.0.layer.2.mlp.wi.weight",
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
            name: "decoder.block.0.layer.2.mlp.wo.weight",
            order: [1, 0],
          }),
        },
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "decoder.block.1.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.1.layer.1.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.1.layer.2.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.1.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.1.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.1.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.1.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      cross: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.1.layer.1.EncDecAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.1.layer.1.EncDecAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.1.layer.1.EncDecAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.1.layer.1.EncDecAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        router: {
          weight: param("f32[d, experts]", [768, 8], normal(0.02), {
            name: "decoder.block.1.layer.2.mlp.router.classifier.weight",
            order: [1, 0],
          }),
        },
        expert: repeat(8, "i", {
          up: {
            weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
              name: "decoder.block.1.layer.2.mlp.experts.expert_{i}.wi.weight",
              order: [1, 0],
            }),
          },
          down: {
            weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
              name: "decoder.block.1.layer.2.mlp.experts.expert_{i}.wo.weight",
              order: [1, 0],
            }),
          },
        }),
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "decoder.block.2.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.2.layer.1.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.2.layer.2.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.2.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.2.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.2.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.2.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      cross: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.2.layer.1.EncDecAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.2.layer.1.EncDecAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.2.layer.1.EncDecAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.2.layer.1.EncDecAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        up: {
          weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
            name: "decoder.block.2.layer.2.mlp.wi.weight",
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
            name: "decoder.block.2.layer.2.mlp.wo.weight",
            order: [1, 0],
          }),
        },
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "decoder.block.3.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.3.layer.1.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.3.layer.2.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.3.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.3.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.3.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.3.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      cross: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.3.layer.1.EncDecAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.3.layer.1.EncDecAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.3.layer.1.EncDecAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.3.layer.1.EncDecAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        router: {
          weight: param("f32[d, experts]", [768, 8], normal(0.02), {
            name: "decoder.block.3.layer.2.mlp.router.classifier.weight",
            order: [1, 0],
          }),
        },
        expert: repeat(8, "i", {
          up: {
            weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
              name: "decoder.block.3.layer.2.mlp.experts.expert_{i}.wi.weight",
              order: [1, 0],
            }),
          },
          down: {
            weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
              name: "decoder.block.3.layer.2.mlp.experts.expert_{i}.wo.weight",
              order: [1, 0],
            }),
          },
        }),
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "decoder.block.4.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.4.layer.1.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.4.layer.2.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.4.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.4.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.4.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.4.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      cross: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.4.layer.1.EncDecAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.4.layer.1.EncDecAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.4.layer.1.EncDecAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.4.layer.1.EncDecAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        up: {
          weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
            name: "decoder.block.4.layer.2.mlp.wi.weight",
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
            name: "decoder.block.4.layer.2.mlp.wo.weight",
            order: [1, 0],
          }),
        },
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "decoder.block.5.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.5.layer.1.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.5.layer.2.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.5.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.5.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.5.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.5.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      cross: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.5.layer.1.EncDecAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.5.layer.1.EncDecAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.5.layer.1.EncDecAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.5.layer.1.EncDecAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        router: {
          weight: param("f32[d, experts]", [768, 8], normal(0.02), {
            name: "decoder.block.5.layer.2.mlp.router.classifier.weight",
            order: [1, 0],
          }),
        },
        expert: repeat(8, "i", {
          up: {
            weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
              name: "decoder.block.5.layer.2.mlp.experts.expert_{i}.wi.weight",
              order: [1, 0],
            }),
          },
          down: {
            weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
              name: "decoder.block.5.layer.2.mlp.experts.expert_{i}.wo.weight",
              order: [1, 0],
            }),
          },
        }),
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "decoder.block.6.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.6.layer.1.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.6.layer.2.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.6.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.6.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.6.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.6.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      cross: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.6.layer.1.EncDecAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.6.layer.1.EncDecAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.6.layer.1.EncDecAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.6.layer.1.EncDecAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        up: {
          weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
            name: "decoder.block.6.layer.2.mlp.wi.weight",
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
            name: "decoder.block.6.layer.2.mlp.wo.weight",
            order: [1, 0],
          }),
        },
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "decoder.block.7.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.7.layer.1.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.7.layer.2.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.7.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.7.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.7.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.7.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      cross: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.7.layer.1.EncDecAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.7.layer.1.EncDecAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.7.layer.1.EncDecAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.7.layer.1.EncDecAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        router: {
          weight: param("f32[d, experts]", [768, 8], normal(0.02), {
            name: "decoder.block.7.layer.2.mlp.router.classifier.weight",
            order: [1, 0],
          }),
        },
        expert: repeat(8, "i", {
          up: {
            weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
              name: "decoder.block.7.layer.2.mlp.experts.expert_{i}.wi.weight",
              order: [1, 0],
            }),
          },
          down: {
            weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
              name: "decoder.block.7.layer.2.mlp.experts.expert_{i}.wo.weight",
              order: [1, 0],
            }),
          },
        }),
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "decoder.block.8.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.8.layer.1.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.8.layer.2.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.8.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.8.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.8.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.8.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      cross: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.8.layer.1.EncDecAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.8.layer.1.EncDecAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.8.layer.1.EncDecAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.8.layer.1.EncDecAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        up: {
          weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
            name: "decoder.block.8.layer.2.mlp.wi.weight",
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
            name: "decoder.block.8.layer.2.mlp.wo.weight",
            order: [1, 0],
          }),
        },
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "decoder.block.9.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.9.layer.1.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.9.layer.2.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.9.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.9.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.9.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.9.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      cross: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.9.layer.1.EncDecAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.9.layer.1.EncDecAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.9.layer.1.EncDecAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.9.layer.1.EncDecAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        router: {
          weight: param("f32[d, experts]", [768, 8], normal(0.02), {
            name: "decoder.block.9.layer.2.mlp.router.classifier.weight",
            order: [1, 0],
          }),
        },
        expert: repeat(8, "i", {
          up: {
            weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
              name: "decoder.block.9.layer.2.mlp.experts.expert_{i}.wi.weight",
              order: [1, 0],
            }),
          },
          down: {
            weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
              name: "decoder.block.9.layer.2.mlp.experts.expert_{i}.wo.weight",
              order: [1, 0],
            }),
          },
        }),
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "decoder.block.10.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.10.layer.1.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.10.layer.2.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.10.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.10.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.10.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.10.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      cross: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.10.layer.1.EncDecAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.10.layer.1.EncDecAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.10.layer.1.EncDecAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.10.layer.1.EncDecAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        up: {
          weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
            name: "decoder.block.10.layer.2.mlp.wi.weight",
            order: [1, 0],
          }),
        },
        down: {
          weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
            name: "decoder.block.10.layer.2.mlp.wo.weight",
            order: [1, 0],
          }),
        },
      },
    },
    {
      norm: [
        { weight: param("f32[d]", [768], ones, "decoder.block.11.layer.0.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.11.layer.1.layer_norm.weight") },
        { weight: param("f32[d]", [768], ones, "decoder.block.11.layer.2.layer_norm.weight") },
      ],
      attn: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.11.layer.0.SelfAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.11.layer.0.SelfAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.11.layer.0.SelfAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.11.layer.0.SelfAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      cross: {
        q: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.11.layer.1.EncDecAttention.q.weight",
            order: [1, 0],
          }),
        },
        k: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.11.layer.1.EncDecAttention.k.weight",
            order: [1, 0],
          }),
        },
        v: {
          weight: param("f32[d, heads*head_dim]", [768, 768], normal(0.02), {
            name: "decoder.block.11.layer.1.EncDecAttention.v.weight",
            order: [1, 0],
          }),
        },
        o: {
          weight: param("f32[heads*head_dim, d]", [768, 768], normal(0.02), {
            name: "decoder.block.11.layer.1.EncDecAttention.o.weight",
            order: [1, 0],
          }),
        },
      },
      feed: {
        router: {
          weight: param("f32[d, experts]", [768, 8], normal(0.02), {
            name: "decoder.block.11.layer.2.mlp.router.classifier.weight",
            order: [1, 0],
          }),
        },
        expert: repeat(8, "i", {
          up: {
            weight: param("f32[d, ff]", [768, 3072], normal(0.02), {
              name: "decoder.block.11.layer.2.mlp.experts.expert_{i}.wi.weight",
              order: [1, 0],
            }),
          },
          down: {
            weight: param("f32[ff, d]", [3072, 768], normal(0.02), {
              name: "decoder.block.11.layer.2.mlp.experts.expert_{i}.wo.weight",
              order: [1, 0],
            }),
          },
        }),
      },
    },
  ),
  dec_norm: { weight: param("f32[d]", [768], ones, "decoder.final_layer_norm.weight") },
};

export type SwitchTransformerWeights = Weights<typeof parameters>;
export type Hidden = Tensor<"f32[batch, tgt, d]">;
type SwitchEncoderWeights = SwitchTransformerWeights["encoder"][0];
type AttentionWeights = SwitchEncoderWeights["attn"];
type FfnWeights = SwitchEncoderWeights["feed"];
type SwitchEncoder2Weights = SwitchTransformerWeights["encoder"][1];
type Switch2Weights = SwitchEncoder2Weights["feed"];
type RouterWeights = Switch2Weights["router"];
type Ffn2Weights = Switch2Weights["expert"][number];
type SwitchDecoderWeights = SwitchTransformerWeights["decoder"][0];
type Attention2Weights = SwitchDecoderWeights["attn"];
type Attention3Weights = SwitchDecoderWeights["cross"];
type Ffn3Weights = SwitchDecoderWeights["feed"];
type SwitchDecoder2Weights = SwitchTransformerWeights["decoder"][1];
type Switch3Weights = SwitchDecoder2Weights["feed"];
type Router2Weights = Switch3Weights["router"];
type Ffn4Weights = Switch3Weights["expert"][number];

/** Reads the weights from safetensors: a file, a folder, an address or a File. */
export function load(source: Source): Promise<SwitchTransformerWeights> {
  return loadWeights(parameters, source, {
    ignore: [
      "encoder.embed_tokens.weight",
      "decoder.embed_tokens.weight",
      "lm_head.weight",
      "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight",
    ],
  });
}

/** Fresh weights; the same seed gives the same ones on every backend. */
export function initialise(seed: number): SwitchTransformerWeights {
  return initialiseWeights(parameters, seed);
}

/** Writes the weights as safetensors, by the names that `load` reads. */
export function save(weights: SwitchTransformerWeights, sink: Sink): Promise<void> {
  return saveWeights(parameters, weights, sink);
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention(
  weights: AttentionWeights,
  x: Tensor<"f32[batch, src, d]">,
  keep: Tensor<"bool[batch, src]">,
  enc_bias: Tensor<"f32[buckets, heads]">,
): Tensor<"f32[batch, src, d]"> {
  const q = linear(x, weights.q.weight);
  const k = linear(x, weights.k.weight);
  const v = linear(x, weights.v.weight);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const qh = rearrange(q, "batch i (g c) -> batch g 1 i c", { g: config.heads });
  q.dispose();
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const y = attend(qh, kh, vh, {
    mask: where(() => tf.expandDims(tf.expandDims(tf.expandDims(keep, 1), 2), 3)),
    score: (s, q, k) =>
      tf.add(
        s,
        lookUp(
          enc_bias,
          [0, 1],
          [
            tf.add(
              tf.where(
                tf.less(
                  tf.abs(tf.sub(tf.reshape(k, [-1]), tf.expandDims(tf.reshape(q, [-1]), 1))),
                  tf.scalar(Math.floor(config.buckets / 4), "int32"),
                ),
                tf.abs(tf.sub(tf.reshape(k, [-1]), tf.expandDims(tf.reshape(q, [-1]), 1))),
                tf.maximum(
                  tf.minimum(
                    tf.add(
                      tf.scalar(Math.floor(config.buckets / 4), "int32"),
                      tf.cast(
                        tf.mul(
                          tf.add(
                            tf.div(
                              tf.log(
                                tf.div(
                                  tf.cast(
                                    tf.maximum(
                                      tf.abs(tf.sub(tf.reshape(k, [-1]), tf.expandDims(tf.reshape(q, [-1]), 1))),
                                      tf.scalar(1, "int32"),
                                    ),
                                    "float32",
                                  ),
                                  8,
                                ),
                              ),
                              2.772588722239781,
                            ),
                            1e-5,
                          ),
                          8,
                        ),
                        "int32",
                      ),
                    ),
                    tf.scalar(Math.floor(config.buckets / 2) - 1, "int32"),
                  ),
                  tf.scalar(Math.floor(config.buckets / 4), "int32"),
                ),
              ),
              tf.where(
                tf.less(tf.scalar(0, "int32"), tf.sub(tf.reshape(k, [-1]), tf.expandDims(tf.reshape(q, [-1]), 1))),
                tf.scalar(Math.floor(config.buckets / 2), "int32"),
                tf.scalar(0, "int32"),
              ),
            ),
            tf.expandDims(tf.expandDims(tf.add(tf.expandDims(positions(config.heads), 1), positions(1)), 2), 3),
          ],
        ),
      ),
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight);
  y2.dispose();
  return o;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn(weights: FfnWeights, x: Tensor<"f32[batch, src, d]">): Tensor<"f32[batch, src, d]"> {
  return tf.tidy(() => linear(tf.maximum(linear(x, weights.up.weight), 0), weights.down.weight));
}

function switchEncoder(
  weights: SwitchEncoderWeights,
  x: Tensor<"f32[batch, src, d]">,
  keep: Tensor<"bool[batch, src]">,
  enc_bias: Tensor<"f32[buckets, heads]">,
): Tensor<"f32[batch, src, d]"> {
  const norm = rmsNorm(x, at(weights.norm, 0).weight, 1e-6);
  const attn = attention(weights.attn, norm, keep, enc_bias);
  norm.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const norm2 = rmsNorm(x2, at(weights.norm, 1).weight, 1e-6);
  const feed = ffn(weights.feed, norm2);
  norm2.dispose();
  const x3 = tf.add(x2, feed);
  tf.dispose([x2, feed]);
  return x3;
}

/** The `k` largest entries of the last axis; the others become 0. Of equal ones the first stay. */
function keepTop(x: Tensor<"f32[batch, src, experts]">): Tensor<"f32[batch, src, experts]"> {
  return tf.tidy(() => tf.where(tf.less(argsort(argsort(tf.neg(x), 2), 2), tf.scalar(1, "int32")), x, 0));
}

/**
 * Which experts a token uses (Shazeer et al. 2017): how likely the router finds each, and the share in the result that
 * the `k` likeliest get by that, all others none. With `renormalise` shares sum to one (Mixtral); without, they stay as
 * they are (Switch).
 */
function router(
  weights: RouterWeights,
  x: Tensor<"f32[batch, src, d]">,
): [Tensor<"f32[batch, src, experts]">, Tensor<"f32[batch, src, experts]">] {
  const linear2 = linear(x, weights.weight);
  const gate = tf.softmax(linear2);
  linear2.dispose();
  const kept = keepTop(gate);
  return [gate, kept];
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn2(weights: Ffn2Weights, x: Tensor<"f32[batch, src, d]">): Tensor<"f32[batch, src, d]"> {
  return tf.tidy(() => linear(tf.maximum(linear(x, weights.up.weight), 0), weights.down.weight));
}

/** Networks of one kind, each of which gives its share of the result. */
function experts(
  weights: Switch2Weights,
  x: Tensor<"f32[batch, src, d]">,
  share: Tensor<"f32[batch, src, experts]">,
): Tensor<"f32[batch, src, d]"> {
  const batch = sizeOf(x, 0);
  const src = sizeOf(x, 1);
  let y: Tensor<"f32[batch, src, d]"> = tf.fill([batch, src, config.d], 0);
  for (let e = 0; e < config.experts; e++) {
    const expert = ffn2(at(weights.expert, e), x);
    const y2 = tf.tidy(() => tf.add(y, tf.mul(tf.expandDims(take(share, 2, e), 2), expert)));
    expert.dispose();
    const next = y2;
    y.dispose();
    y = next;
  }

  return y;
}

/** An expert takes the first `capacity` tokens of a sequence that choose it; the others pass by. */
function switch2(weights: Switch2Weights, x: Tensor<"f32[batch, src, d]">): Tensor<"f32[batch, src, d]"> {
  const [gate, share] = router(weights.router, x);
  gate.dispose();
  const t = tf.tidy(() => tf.cast(tf.less(0, share), "float32"));
  const place = cumsum(t, 1);
  t.dispose();
  const t2 = tf.tidy(() => tf.where(tf.lessEqual(place, 64), share, 0));
  tf.dispose([share, place]);
  const experts3 = experts(weights, x, t2);
  t2.dispose();
  return experts3;
}

function switchEncoder2(
  weights: SwitchEncoder2Weights,
  x: Tensor<"f32[batch, src, d]">,
  keep: Tensor<"bool[batch, src]">,
  enc_bias: Tensor<"f32[buckets, heads]">,
): Tensor<"f32[batch, src, d]"> {
  const norm = rmsNorm(x, at(weights.norm, 0).weight, 1e-6);
  const attn = attention(weights.attn, norm, keep, enc_bias);
  norm.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const norm2 = rmsNorm(x2, at(weights.norm, 1).weight, 1e-6);
  const feed = switch2(weights.feed, norm2);
  norm2.dispose();
  const x3 = tf.add(x2, feed);
  tf.dispose([x2, feed]);
  return x3;
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention2(
  weights: Attention2Weights,
  x: Hidden,
  dec_bias: Tensor<"f32[buckets, heads]">,
  cache?: Cache,
): Hidden {
  const q = linear(x, weights.q.weight);
  const k = linear(x, weights.k.weight);
  const v = linear(x, weights.v.weight);
  const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  v.dispose();
  const qh = rearrange(q, "batch i (g c) -> batch g 1 i c", { g: config.heads });
  q.dispose();
  const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
  k.dispose();
  const y = attend(qh, kh, vh, {
    mask: causal,
    score: (s, q, k) =>
      tf.add(
        s,
        lookUp(
          dec_bias,
          [0, 1],
          [
            tf.where(
              tf.less(
                tf.maximum(
                  tf.neg(tf.sub(tf.reshape(k, [-1]), tf.expandDims(tf.reshape(q, [-1]), 1))),
                  tf.scalar(0, "int32"),
                ),
                tf.scalar(Math.floor(config.buckets / 2), "int32"),
              ),
              tf.maximum(
                tf.neg(tf.sub(tf.reshape(k, [-1]), tf.expandDims(tf.reshape(q, [-1]), 1))),
                tf.scalar(0, "int32"),
              ),
              tf.maximum(
                tf.minimum(
                  tf.add(
                    tf.scalar(Math.floor(config.buckets / 2), "int32"),
                    tf.cast(
                      tf.mul(
                        tf.add(
                          tf.div(
                            tf.log(
                              tf.div(
                                tf.cast(
                                  tf.maximum(
                                    tf.maximum(
                                      tf.neg(tf.sub(tf.reshape(k, [-1]), tf.expandDims(tf.reshape(q, [-1]), 1))),
                                      tf.scalar(0, "int32"),
                                    ),
                                    tf.scalar(1, "int32"),
                                  ),
                                  "float32",
                                ),
                                16,
                              ),
                            ),
                            2.0794415416798357,
                          ),
                          1e-5,
                        ),
                        16,
                      ),
                      "int32",
                    ),
                  ),
                  tf.scalar(config.buckets - 1, "int32"),
                ),
                tf.scalar(Math.floor(config.buckets / 2), "int32"),
              ),
            ),
            tf.expandDims(tf.expandDims(tf.add(tf.expandDims(positions(config.heads), 1), positions(1)), 2), 3),
          ],
        ),
      ),
    cache,
  });
  tf.dispose([vh, qh, kh]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight);
  y2.dispose();
  return o;
}

/** Multi-head attention (Vaswani et al. 2017), of `x` to itself or to `ctx`. */
function attention3(
  weights: Attention3Weights,
  x: Hidden,
  ctx: Tensor<"f32[batch, src, d]">,
  keep: Tensor<"bool[batch, src]">,
  cache?: Cache,
): Hidden {
  const [vh2, kh2] = once(cache, () => {
    const k = linear(ctx, weights.k.weight);
    const v = linear(ctx, weights.v.weight);
    const vh = rearrange(v, "batch n (heads c) -> batch heads n c", { heads: config.heads });
    v.dispose();
    const kh = rearrange(k, "batch n (heads c) -> batch heads n c", { heads: config.heads });
    k.dispose();
    return [vh, kh];
  });
  const q = linear(x, weights.q.weight);
  const qh = rearrange(q, "batch i (g c) -> batch g 1 i c", { g: config.heads });
  q.dispose();
  const y = attend(qh, kh2, vh2, { mask: where(() => tf.expandDims(tf.expandDims(tf.expandDims(keep, 1), 2), 3)) });
  tf.dispose([vh2, kh2, qh]);
  const y2 = rearrange(y, "batch g 1 i c -> batch i (g c)");
  y.dispose();
  const o = linear(y2, weights.o.weight);
  y2.dispose();
  return o;
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn3(weights: Ffn3Weights, x: Hidden): Hidden {
  return tf.tidy(() => linear(tf.maximum(linear(x, weights.up.weight), 0), weights.down.weight));
}

function switchDecoder(
  weights: SwitchDecoderWeights,
  x: Hidden,
  memory: Tensor<"f32[batch, src, d]">,
  keep: Tensor<"bool[batch, src]">,
  dec_bias: Tensor<"f32[buckets, heads]">,
  cache?: Cache,
): Hidden {
  const norm = rmsNorm(x, at(weights.norm, 0).weight, 1e-6);
  const attn = attention2(weights.attn, norm, dec_bias, cache);
  norm.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const norm2 = rmsNorm(x2, at(weights.norm, 1).weight, 1e-6);
  const cross = attention3(weights.cross, norm2, memory, keep, cache);
  norm2.dispose();
  const x3 = tf.add(x2, cross);
  tf.dispose([x2, cross]);
  const norm3 = rmsNorm(x3, at(weights.norm, 2).weight, 1e-6);
  const feed = ffn3(weights.feed, norm3);
  norm3.dispose();
  const x4 = tf.add(x3, feed);
  tf.dispose([x3, feed]);
  return x4;
}

/** The `k` largest entries of the last axis; the others become 0. Of equal ones the first stay. */
function keepTop2(x: Tensor<"f32[batch, tgt, experts]">): Tensor<"f32[batch, tgt, experts]"> {
  return tf.tidy(() => tf.where(tf.less(argsort(argsort(tf.neg(x), 2), 2), tf.scalar(1, "int32")), x, 0));
}

/**
 * Which experts a token uses (Shazeer et al. 2017): how likely the router finds each, and the share in the result that
 * the `k` likeliest get by that, all others none. With `renormalise` shares sum to one (Mixtral); without, they stay as
 * they are (Switch).
 */
function router2(
  weights: Router2Weights,
  x: Hidden,
): [Tensor<"f32[batch, tgt, experts]">, Tensor<"f32[batch, tgt, experts]">] {
  const linear2 = linear(x, weights.weight);
  const gate = tf.softmax(linear2);
  linear2.dispose();
  const kept = keepTop2(gate);
  return [gate, kept];
}

/** The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
function ffn4(weights: Ffn4Weights, x: Hidden): Hidden {
  return tf.tidy(() => linear(tf.maximum(linear(x, weights.up.weight), 0), weights.down.weight));
}

/** Networks of one kind, each of which gives its share of the result. */
function experts2(weights: Switch3Weights, x: Hidden, share: Tensor<"f32[batch, tgt, experts]">): Hidden {
  const batch = sizeOf(x, 0);
  const tgt = sizeOf(x, 1);
  let y: Hidden = tf.fill([batch, tgt, config.d], 0);
  for (let e = 0; e < config.experts; e++) {
    const expert = ffn4(at(weights.expert, e), x);
    const y2 = tf.tidy(() => tf.add(y, tf.mul(tf.expandDims(take(share, 2, e), 2), expert)));
    expert.dispose();
    const next = y2;
    y.dispose();
    y = next;
  }

  return y;
}

/** An expert takes the first `capacity` tokens of a sequence that choose it; the others pass by. */
function switch3(weights: Switch3Weights, x: Hidden, cache?: Cache): Hidden {
  const [gate, share] = router2(weights.router, x);
  gate.dispose();
  const t = tf.tidy(() => tf.cast(tf.less(0, share), "float32"));
  const place = cumsum(t, 1, cache);
  t.dispose();
  const t2 = tf.tidy(() => tf.where(tf.lessEqual(place, 64), share, 0));
  tf.dispose([share, place]);
  const experts3 = experts2(weights, x, t2);
  t2.dispose();
  return experts3;
}

function switchDecoder2(
  weights: SwitchDecoder2Weights,
  x: Hidden,
  memory: Tensor<"f32[batch, src, d]">,
  keep: Tensor<"bool[batch, src]">,
  dec_bias: Tensor<"f32[buckets, heads]">,
  cache?: Cache,
): Hidden {
  const norm = rmsNorm(x, at(weights.norm, 0).weight, 1e-6);
  const attn = attention2(weights.attn, norm, dec_bias, cache);
  norm.dispose();
  const x2 = tf.add(x, attn);
  attn.dispose();
  const norm2 = rmsNorm(x2, at(weights.norm, 1).weight, 1e-6);
  const cross = attention3(weights.cross, norm2, memory, keep, cache);
  norm2.dispose();
  const x3 = tf.add(x2, cross);
  tf.dispose([x2, cross]);
  const norm3 = rmsNorm(x3, at(weights.norm, 2).weight, 1e-6);
  const feed = switch3(weights.feed, norm3, cache);
  norm3.dispose();
  const x4 = tf.add(x3, feed);
  tf.dispose([x3, feed]);
  return x4;
}

/** Of every `step` layers the second has experts. */
function switchTransformer(
  weights: SwitchTransformerWeights,
  ids: Tensor<"i32[batch, src]">,
  target: Tensor<"i32[batch, tgt]">,
  keep: Tensor<"bool[batch, src]">,
  cache?: Cache,
): Hidden {
  const [memory2] = once(cache, () => {
    const x = embedding(weights.shared.weight, ids);
    const x2 = switchEncoder(at(weights.encoder, 0), x, keep, weights.enc_bias);
    x.dispose();
    const x3 = switchEncoder2(at(weights.encoder, 1), x2, keep, weights.enc_bias);
    x2.dispose();
    const x4 = switchEncoder(at(weights.encoder, 2), x3, keep, weights.enc_bias);
    x3.dispose();
    const x5 = switchEncoder2(at(weights.encoder, 3), x4, keep, weights.enc_bias);
    x4.dispose();
    const x6 = switchEncoder(at(weights.encoder, 4), x5, keep, weights.enc_bias);
    x5.dispose();
    const x7 = switchEncoder2(at(weights.encoder, 5), x6, keep, weights.enc_bias);
    x6.dispose();
    const x8 = switchEncoder(at(weights.encoder, 6), x7, keep, weights.enc_bias);
    x7.dispose();
    const x9 = switchEncoder2(at(weights.encoder, 7), x8, keep, weights.enc_bias);
    x8.dispose();
    const x10 = switchEncoder(at(weights.encoder, 8), x9, keep, weights.enc_bias);
    x9.dispose();
    const x11 = switchEncoder2(at(weights.encoder, 9), x10, keep, weights.enc_bias);
    x10.dispose();
    const x12 = switchEncoder(at(weights.encoder, 10), x11, keep, weights.enc_bias);
    x11.dispose();
    const x13 = switchEncoder2(at(weights.encoder, 11), x12, keep, weights.enc_bias);
    x12.dispose();
    const memory = rmsNorm(x13, weights.enc_norm.weight, 1e-6);
    x13.dispose();
    return [memory];
  });
  const y = embedding(weights.shared.weight, target);
  const y2 = switchDecoder(at(weights.decoder, 0), y, memory2, keep, weights.dec_bias, cache);
  y.dispose();
  const y3 = switchDecoder2(at(weights.decoder, 1), y2, memory2, keep, weights.dec_bias, cache);
  y2.dispose();
  const y4 = switchDecoder(at(weights.decoder, 2), y3, memory2, keep, weights.dec_bias, cache);
  y3.dispose();
  const y5 = switchDecoder2(at(weights.decoder, 3), y4, memory2, keep, weights.dec_bias, cache);
  y4.dispose();
  const y6 = switchDecoder(at(weights.decoder, 4), y5, memory2, keep, weights.dec_bias, cache);
  y5.dispose();
  const y7 = switchDecoder2(at(weights.decoder, 5), y6, memory2, keep, weights.dec_bias, cache);
  y6.dispose();
  const y8 = switchDecoder(at(weights.decoder, 6), y7, memory2, keep, weights.dec_bias, cache);
  y7.dispose();
  const y9 = switchDecoder2(at(weights.decoder, 7), y8, memory2, keep, weights.dec_bias, cache);
  y8.dispose();
  const y10 = switchDecoder(at(weights.decoder, 8), y9, memory2, keep, weights.dec_bias, cache);
  y9.dispose();
  const y11 = switchDecoder2(at(weights.decoder, 9), y10, memory2, keep, weights.dec_bias, cache);
  y10.dispose();
  const y12 = switchDecoder(at(weights.decoder, 10), y11, memory2, keep, weights.dec_bias, cache);
  y11.dispose();
  const y13 = switchDecoder2(at(weights.decoder, 11), y12, memory2, keep, weights.dec_bias, cache);
  tf.dispose([memory2, y12]);
  const dec_norm = rmsNorm(y13, weights.dec_norm.weight, 1e-6);
  y13.dispose();
  return dec_norm;
}

function seq2seqHead(weights: SwitchTransformerWeights, y: Hidden): Tensor<"f32[batch, tgt, vocab]"> {
  return tf.tidy(() => linearTransposed(tf.mul(0.03608439182435161, y), weights.shared.weight));
}

/** Mean negative log-likelihood of `labels` (nats), over the entries that are not `ignore`. */
function crossEntropy(logits: Tensor<"f32[batch, tgt, vocab]">, labels: Tensor<"i32[batch, tgt]">): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const counted = tf.notEqual(labels, tf.scalar(-100, "int32"));
    const t = tf.neg(
      tf.sum(tf.where(counted, pick(tf.logSoftmax(logits), tf.where(counted, labels, tf.scalar(0, "int32"))), 0)),
    );
    return tf.div(t, tf.sum(tf.cast(counted, "float32")));
  });
}

function seq2seqLossOf(
  weights: SwitchTransformerWeights,
  y: Hidden,
  labels: Tensor<"i32[batch, tgt]">,
): Tensor<"f32[]"> {
  const product = tf.tidy(() => tf.mul(0.03608439182435161, y));
  const logits = linearTransposed(product, weights.shared.weight);
  product.dispose();
  const logits2 = crossEntropy(logits, labels);
  logits.dispose();
  return logits2;
}

export interface Seq2seqInputs {
  readonly ids: Input<"i32[batch, src]">;
  readonly target: Input<"i32[batch, tgt]">;
  readonly keep?: Input<"bool[batch, src]">;
}

/** What seq2seq ends with, before its head. */
function seq2seqHidden(weights: SwitchTransformerWeights, inputs: Seq2seqInputs, cache?: Cache): Hidden {
  const ids = once(cache, () => [input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab })])[0];
  const batch = sizeOf(ids, 0);
  const target = input("target", inputs.target, { dtype: "int32", rank: 2, below: config.vocab, sizes: [batch, null] });
  const src = sizeOf(ids, 1);
  const keep = once(cache, () => [
    inputs.keep === undefined
      ? tf.fill([batch, src], 1, "bool")
      : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, src] }),
  ])[0];
  const tgt = sizeOf(target, 1);
  const hidden = switchTransformer(weights, ids, target, keep, cache);
  cache?.advance(tgt);
  return hidden;
}

/** What comes next in the answer, at each position of it. */
export function seq2seq(
  weights: SwitchTransformerWeights,
  inputs: Seq2seqInputs,
  cache?: Cache,
): Tensor<"f32[batch, tgt, vocab]"> {
  return tf.tidy(() => seq2seqHead(weights, seq2seqHidden(weights, inputs, cache)));
}

export interface Seq2seqLossInputs {
  readonly ids: Input<"i32[batch, src]">;
  readonly target: Input<"i32[batch, tgt]">;
  readonly keep?: Input<"bool[batch, src]">;
  readonly labels: Input<"i32[batch, tgt]">;
}

/** The loss that seq2seq is trained by. */
export function seq2seqLoss(weights: SwitchTransformerWeights, inputs: Seq2seqLossInputs): Tensor<"f32[]"> {
  return tf.tidy(() => {
    const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: config.vocab });
    const batch = sizeOf(ids, 0);
    const target = input("target", inputs.target, {
      dtype: "int32",
      rank: 2,
      below: config.vocab,
      sizes: [batch, null],
    });
    const tgt = sizeOf(target, 1);
    const labels = input("labels", inputs.labels, {
      dtype: "int32",
      rank: 2,
      below: config.vocab,
      except: -100,
      sizes: [batch, tgt],
    });
    const src = sizeOf(ids, 1);
    const keep =
      inputs.keep === undefined
        ? tf.fill([batch, src], 1, "bool")
        : input("keep", inputs.keep, { dtype: "bool", rank: 2, sizes: [batch, src] });
    const hidden = switchTransformer(weights, ids, target, keep);
    return seq2seqLossOf(weights, hidden, labels);
  });
}

/** The target that these inputs lead to, one token at a time. What the steps have in common is computed once. */
export function generate(
  weights: SwitchTransformerWeights,
  inputs: Omit<Seq2seqInputs, "target">,
  options: GenerateOptions = {},
): AsyncGenerator<number, void> {
  return decode(
    (tokens, cache) =>
      lastPosition(seq2seqHead(weights, onlyLast(seq2seqHidden(weights, { ...inputs, target: tokens }, cache)))),
    [],
    { vocab: config.vocab, start: [0], stop: [1], temperature: 0, ...options },
  );
}
