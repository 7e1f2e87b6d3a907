import type { Fields } from "./fields.js";

export interface Rope {
  readonly theta: number;
  /** Llama 3's frequency scaling. */
  readonly llama3:
    { readonly factor: number; readonly low: number; readonly high: number; readonly original: number } | undefined;
}

/**
 * Rotary positions: `rope_parameters` of transformers 5, or `rope_theta` and `rope_scaling` of before. `scaled` says whether
 * the example knows Llama 3's scaling.
 */
export function readRope(config: Fields, scaled: boolean): Rope {
  const parameters = config.object("rope_parameters") ?? config.object("rope_scaling");
  const own = config.real("rope_theta", 1e4);
  if (config.real("partial_rotary_factor", 1) !== 1) refusePartial(config);
  if (!parameters) return { theta: own, llama3: undefined };
  if (parameters.real("partial_rotary_factor", 1) !== 1) refusePartial(parameters);
  const theta = parameters.real("rope_theta", own);
  const key = parameters.has("rope_type") ? "rope_type" : "type";
  const type = parameters.text(key, "default");
  if (type === "default") return { theta, llama3: undefined };
  if (type !== "llama3" || !scaled) {
    const known = scaled ? "default and llama3" : "default";
    parameters.refuse(
      key,
      `the example knows ${known}`,
      "import a copy with the default, then write its scaling as a `fn` in the .tfm",
    );
  }
  return {
    theta,
    llama3: {
      factor: parameters.real("factor"),
      low: parameters.real("low_freq_factor"),
      high: parameters.real("high_freq_factor"),
      original: parameters.integer("original_max_position_embeddings", config.integer("max_position_embeddings", 2048)),
    },
  };
}

function refusePartial(fields: Fields): never {
  return fields.refuse("partial_rotary_factor", "the example turns all channels of a head");
}
