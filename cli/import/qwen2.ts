import type { Fields } from "./fields.js";
import type { Imported } from "./imported.js";
import { readWindow } from "./layers.js";
import { notesOnDropout, readLlamaEntries } from "./llama-like.js";
import { readRope } from "./rope.js";

/** transformers' Qwen2ForCausalLM. */
export function qwen2(config: Fields): Imported {
  const entries = readLlamaEntries(config, {
    head: "Qwen2ForCausalLM",
    vocab: 151936,
    ff: 22016,
    ctx: 32768,
    kvHeads: 32,
  });
  refuseWindow(config);
  return {
    example: "qwen2",
    entries: { ...entries, theta: readRope(config, false).theta },
    notes: notesOnDropout(config),
  };
}

/** The examples of the Qwens attend to everything before. */
export function refuseWindow(config: Fields): void {
  if (readWindow(config, true) === undefined) return;
  config.refuse(
    "use_sliding_window",
    "the example has no window",
    "import a copy without, then write `mask: causal & window(w)` in the .tfm",
  );
}
