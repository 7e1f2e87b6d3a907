import type { Fields } from "./fields.js";
import type { Imported } from "./imported.js";
import { notesOnDropout, readLlamaEntries } from "./llama-like.js";
import { refuseWindow } from "./qwen2.js";
import { readRope } from "./rope.js";

/** transformers' Qwen3ForCausalLM. */
export function qwen3(config: Fields): Imported {
  const defaults = { head: "Qwen3ForCausalLM", vocab: 151936, ff: 22016, ctx: 32768, kvHeads: 32, headDim: 128 };
  const entries = readLlamaEntries(config, defaults);
  refuseWindow(config);
  const bias = config.flag("attention_bias", false);
  return {
    example: "qwen3",
    entries: { ...entries, theta: readRope(config, false).theta, bias },
    notes: notesOnDropout(config),
  };
}
