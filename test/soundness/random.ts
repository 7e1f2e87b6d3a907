/** Random decisions that follow from a seed alone, so that each program can be made again. */
export interface Random {
  /** A whole number in 0..limit-1. */
  below(limit: number): number;
  /** True with that probability. */
  chance(probability: number): boolean;
  /** One of the list. @throws RangeError where it is empty. */
  pick<T>(from: readonly T[]): T;
  /** The list in another order. */
  shuffle<T>(list: readonly T[]): T[];
}

/** A 32-bit generator with a state of one word (mulberry32, public domain): programs need variety, not statistical perfection. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (from) => {
      const [item] = from.slice(below(from.length));
      if (item === undefined) throw new RangeError("nothing to pick from");
      return item;
    },
    shuffle: (list) => {
      const rest = [...list];
      return list.flatMap(() => rest.splice(below(rest.length), 1));
    },
  };
}
