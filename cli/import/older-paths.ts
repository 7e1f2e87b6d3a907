/**
 * Where older versions of transformers wrote what transformers 5 has in `rope_parameters`: in `rope_scaling`, where the kind
 * was `type` for a while, and beside it.
 */
export function olderPaths(path: string): readonly string[] {
  const field = /^rope_parameters\.(\w+)$/.exec(path)?.[1];
  return field === undefined ? [] : [`rope_scaling.${field}`, ...(elsewhere[field] ?? [])];
}

const elsewhere: Readonly<Record<string, readonly string[]>> = {
  rope_type: ["rope_scaling.type"],
  rope_theta: ["rope_theta", "rotary_emb_base"],
  partial_rotary_factor: ["partial_rotary_factor", "rotary_pct"],
};
