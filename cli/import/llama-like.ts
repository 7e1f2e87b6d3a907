/** What the Llamas and their descendants share, by transformers' names and defaults. */
import type { Fields } from "./fields.js";
import { refuseOtherForms, requireText } from "./refusals.js";

export interface LlamaDefaults {
  /** The class of the reference implementation, as `architectures` names it. */
  readonly head: string;
  readonly vocab: number;
  readonly ff: number;
  readonly ctx: number;
  readonly kvHeads?: number;
  /** Absent: `hidden_size / num_attention_heads`. */
  readonly headDim?: number;
}

export interface LlamaEntries {
  readonly vocab: number;
  readonly ctx: number;
  readonly d: number;
  readonly depth: number;
  readonly heads: number;
  readonly kv_heads: number;
  readonly head_dim: number;
  readonly ff: number;
  readonly eps: number;
  readonly tied: boolean;
}

export function readLlamaEntries(config: Fields, defaults: LlamaDefaults): LlamaEntries {
  refuseOtherForms(config, defaults.head);
  requireText(config, "hidden_act", ["silu", "swish"], "`act` of GLU");
  const d = config.integer("hidden_size", 4096);
  const heads = config.integer("num_attention_heads", 32);
  return {
    vocab: config.integer("vocab_size", defaults.vocab),
    ctx: config.integer("max_position_embeddings", defaults.ctx),
    d,
    depth: config.integer("num_hidden_layers", 32),
    heads,
    kv_heads: optional(config, "num_key_value_heads", defaults.kvHeads) ?? heads,
    head_dim: optional(config, "head_dim", defaults.headDim) ?? evenShare(config, d, heads),
    ff: config.integer("intermediate_size", defaults.ff),
    eps: config.real("rms_norm_eps", 1e-6),
    tied: config.flag("tie_word_embeddings", false),
  };
}

/** A count; undefined where the file says null, or says nothing and the class has no default of its own. */
function optional(config: Fields, name: string, fallback: number | undefined): number | undefined {
  if (config.has(name)) return config.integer(name);
  return config.mentions(name) ? undefined : fallback;
}

function evenShare(config: Fields, d: number, heads: number): number {
  if (d % heads !== 0) config.refuse("hidden_size", `which num_attention_heads = ${heads} does not divide`);
  return d / heads;
}

/** Dropout acts in training alone, and the examples of this family have none. */
export function notesOnDropout(config: Fields): string[] {
  const rate = config.real("attention_dropout", 0);
  return rate === 0 ? [] : [`attention_dropout = ${rate} is left out: it acts in training only`];
}
