import type { Fields } from "./fields.js";
import type { Imported } from "./imported.js";
import { notesOnDropout, readLlamaEntries } from "./llama-like.js";
import { readRope } from "./rope.js";

/** transformers' LlamaForCausalLM. */
export function llama(config: Fields): Imported {
  const entries = readLlamaEntries(config, { head: "LlamaForCausalLM", vocab: 32000, ff: 11008, ctx: 2048 });
  const { theta, llama3 } = readRope(config, true);
  return {
    example: "llama",
    entries: {
      ...entries,
      theta,
      bias: config.flag("attention_bias", false),
      mlp_bias: config.flag("mlp_bias", false),
      ...(llama3 && { stretch: llama3.factor, low: llama3.low, high: llama3.high, original: llama3.original }),
    },
    notes: notesOnDropout(config),
  };
}
