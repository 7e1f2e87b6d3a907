/** Attention as it is drawn: for each example, the shares of the keys for each query, head by head. */
import type { Output } from "../run/write-output.js";

export interface AttentionMaps {
  readonly address: string;
  /** Each example's heads; a head is a row of bytes for each query, 255 where a key has all of it. */
  readonly examples: readonly (readonly Uint8Array[])[];
  readonly queries: number;
  readonly keys: number;
}

/** The first axis are the examples, the last two the queries and keys; those between are heads. */
export function readMaps({ name, shape, data }: Output): AttentionMaps | undefined {
  const keys = shape.at(-1) ?? 0;
  const queries = shape.at(-2) ?? 0;
  const size = queries * keys;
  if (shape.length < 2 || size === 0) return undefined;
  const count = shape.length > 2 ? (shape[0] ?? 1) : 1;
  const heads = data.length / size / count;
  const bytes = Uint8Array.from(data, (share) => Math.round(255 * share));
  const head = (n: number): Uint8Array => bytes.subarray(n * size, (n + 1) * size);
  const examples = Array.from({ length: count }, (_, example) =>
    Array.from({ length: heads }, (_, n) => head(example * heads + n)),
  );
  return { address: name, examples, queries, keys };
}
