import type { Fields } from "./fields.js";
import type { CheckpointConfig } from "./read-config.js";

/** The tokens that end a text: those of generation_config.json, where it names any. */
export function stopTokens({ config, generation }: CheckpointConfig): readonly number[] {
  const own = config.integers("eos_token_id");
  const wanted = generation?.integers("eos_token_id") ?? [];
  return wanted.length > 0 ? wanted : own;
}

/** The tokens that a decoder beside an encoder starts from: none where the file names none. */
export function startTokens({ config, generation }: CheckpointConfig): readonly number[] {
  const first = (path: string): readonly number[] => {
    const wanted = generation?.integers(path) ?? [];
    return wanted.length > 0 ? wanted : config.integers(path);
  };
  const start = first("decoder_start_token_id");
  // What is forced to come first might as well be there.
  return start.length > 0 ? [...start, ...first("forced_bos_token_id")] : first("start_token_id");
}

/** How generation_config.json wants tokens to be sampled, in the language's words; undefined where it says nothing. */
export function sampler(generation: Fields | undefined): string | undefined {
  const beams = generation?.number("num_beams") ?? 1;
  if (generation && beams > 1) {
    const penalty = generation.number("length_penalty") ?? 1;
    return `beam(${beams}${penalty === 1 ? "" : `, length_penalty: ${literal(penalty)}`})`;
  }
  if (generation?.flag("do_sample") !== true) return undefined;
  const temperature = generation.number("temperature");
  const options = temperature === undefined || temperature === 1 ? "" : `temperature: ${literal(temperature)}`;
  const topP = generation.number("top_p");
  const topK = generation.number("top_k");
  if (topP !== undefined) return `top_p(${[literal(topP), options].filter(Boolean).join(", ")})`;
  if (topK !== undefined) return `top_k(${[String(topK), options].filter(Boolean).join(", ")})`;
  return temperature === undefined ? undefined : `temperature(${literal(temperature)})`;
}

const literal = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));
