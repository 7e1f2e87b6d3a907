import type { Fields } from "./fields.js";
import type { CheckpointConfig } from "./read-config.js";

/** The tokens that end a text: those of generation_config.json, where it names any. */
export function stopTokens({ config, generation }: CheckpointConfig): readonly number[] {
  const own = config.integers("eos_token_id");
  const wanted = generation?.integers("eos_token_id") ?? [];
  return wanted.length > 0 ? wanted : own;
}

/** How generation_config.json wants tokens to be sampled, in the language's words; undefined where it says nothing. */
export function sampler(generation: Fields | undefined): string | undefined {
  if (!generation?.flag("do_sample", false)) return undefined;
  const temperature = generation.real("temperature", 1);
  const options = temperature === 1 ? "" : `temperature: ${literal(temperature)}`;
  if (generation.has("top_p")) {
    return `top_p(${[literal(generation.real("top_p")), options].filter(Boolean).join(", ")})`;
  }
  if (generation.has("top_k")) {
    return `top_k(${[String(generation.integer("top_k")), options].filter(Boolean).join(", ")})`;
  }
  return generation.has("temperature") ? `temperature(${literal(temperature)})` : undefined;
}

const literal = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));
