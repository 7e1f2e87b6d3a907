/** What attention attended to in a run of a tapped module, address by address. */
import * as tf from "@tensorflow/tfjs-core";
import { read, type State } from "../../runtime/index.js";

export interface AttentionMap {
  readonly address: string;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  /** `[head][query][key]`: the share of each key, from 0 to 1. */
  readonly shares: Float32Array;
}

export interface Watched {
  readonly state: State;
  /** Reads and disposes what was seen, of the first example. */
  readonly maps: () => Promise<AttentionMap[]>;
}

/** A state that keeps what is stored under `ending` and forgets the rest. */
export function watchAttention(ending: string): Watched {
  const seen = new Map<string, tf.Tensor>();
  const state: State = {
    get: () => undefined,
    set: (path, value) => {
      if (path.at(-1) !== ending) return;
      const address = path.slice(0, -1).join(".");
      seen.get(address)?.dispose();
      seen.set(address, tf.keep(tf.clone(value)));
    },
    advance: () => undefined,
    dispose: () => tf.dispose([...seen.values()]),
  };
  const maps = async (): Promise<AttentionMap[]> => {
    try {
      const found: AttentionMap[] = [];
      for (const [address, value] of seen) {
        const [queries = 0, keys = 0] = value.shape.slice(-2);
        const size = queries * keys;
        const heads = value.rank < 4 ? 1 : value.shape.slice(1, -2).reduce((product, count) => product * count, 1);
        const shares = Float32Array.from((await read(value)).subarray(0, heads * size));
        if (size > 0) found.push({ address, heads, queries, keys, shares });
      }
      return found;
    } finally {
      state.dispose();
    }
  };
  return { state, maps };
}
