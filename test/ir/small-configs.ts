/** Configs of reference cases, by the examples' own entries: small, and all sizes of one model different. */
export interface SmallConfig {
  readonly example: string;
  readonly case: string;
  readonly set: Readonly<Record<string, number | boolean>>;
}

export const smallConfigs: readonly SmallConfig[] = [
  { example: "gpt2", case: "gpt2_lm", set: { vocab: 99, ctx: 64, d: 32, depth: 2, heads: 4 } },
  {
    example: "gpt2",
    case: "gpt2_lm_narrow",
    set: { vocab: 83, ctx: 29, d: 33, depth: 1, heads: 3, ff: 50, eps: 1e-3 },
  },
  {
    example: "llama",
    case: "llama_lm_biased",
    set: {
      vocab: 97,
      ctx: 40,
      d: 36,
      depth: 1,
      heads: 3,
      head_dim: 12,
      ff: 50,
      theta: 5e3,
      eps: 1e-4,
      bias: true,
      mlp_bias: true,
    },
  },
  {
    example: "llama",
    case: "llama3_rope_scaling",
    set: {
      vocab: 99,
      ctx: 64,
      d: 32,
      depth: 2,
      heads: 4,
      kv_heads: 2,
      ff: 64,
      theta: 5e5,
      eps: 1e-6,
      tied: true,
      stretch: 8,
      original: 16,
    },
  },
  {
    example: "mistral",
    case: "mistral_lm",
    set: { vocab: 99, ctx: 64, d: 32, depth: 2, heads: 4, kv_heads: 2, ff: 64, eps: 1e-6, span: 5 },
  },
  {
    example: "qwen2",
    case: "qwen2_lm",
    set: { vocab: 99, ctx: 64, d: 32, depth: 2, heads: 4, kv_heads: 2, ff: 64, theta: 1e4, tied: false },
  },
  {
    example: "qwen3",
    case: "qwen3_lm_biased",
    set: {
      vocab: 79,
      ctx: 44,
      d: 32,
      depth: 2,
      heads: 5,
      kv_heads: 5,
      head_dim: 6,
      ff: 48,
      theta: 1e4,
      bias: true,
      tied: false,
    },
  },
  {
    example: "gpt3",
    case: "gpt_neo_lm_odd",
    set: { vocab: 59, ctx: 32, d: 18, depth: 3, heads: 3, band: 3, bias: false, scale: 1 },
  },
  {
    example: "gpt_neox",
    case: "gpt_neox_lm",
    set: { vocab: 99, ctx: 64, d: 32, depth: 2, heads: 4, ff: 64, share: 0.5 },
  },
  { example: "bloom", case: "bloom_lm_odd_heads", set: { vocab: 47, d: 25, depth: 1, heads: 5, from_norm: true } },
  {
    example: "mixtral",
    case: "mixtral_lm_window",
    set: {
      vocab: 59,
      ctx: 40,
      d: 24,
      depth: 1,
      heads: 3,
      kv_heads: 1,
      head_dim: 10,
      experts: 5,
      used: 3,
      ff: 20,
      span: 4,
      tied: true,
    },
  },
];
