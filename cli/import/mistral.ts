import type { Fields } from "./fields.js";
import type { Imported } from "./imported.js";
import { readWindow } from "./layers.js";
import { notesOnDropout, readLlamaEntries } from "./llama-like.js";
import { readRope } from "./rope.js";

/** transformers' MistralForCausalLM. */
export function mistral(config: Fields): Imported {
  const defaults = { head: "MistralForCausalLM", vocab: 32000, ff: 14336, ctx: 131072, kvHeads: 8 };
  const entries = readLlamaEntries(config, defaults);
  const { theta } = readRope(config, false);
  // A window of the whole context is none.
  const span = readWindow(config, false) ?? entries.ctx;
  return { example: "mistral", entries: { ...entries, theta, span }, notes: notesOnDropout(config) };
}
