/** Numbers that look random and are the same each time for one seed (Mulberry32 of T. Ettinger). */
export interface Random {
  /** In [0, limit). */
  readonly below: (limit: number) => number;
  readonly chance: (probability: number) => boolean;
  /** One of several; there must be one. */
  readonly pick: <T>(items: readonly T[]) => T;
}

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (items) => {
      const found = items[below(items.length)];
      if (found === undefined) throw new Error("nothing to pick from");
      return found;
    },
  };
}
