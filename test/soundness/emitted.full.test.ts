import { expect, test } from "vitest";
import { tryEmitted } from "./try-emitted.js";
import { firstSeed } from "./try-programs.js";

const hours = 3_600_000;

test(
  "the TypeScript of 1,000 programs gives what the interpreter gives, and leaves nothing behind",
  { timeout: 3 * hours },
  async () => {
    const seeds = Array.from({ length: 1_000 }, (_, n) => firstSeed + 50 * n);
    expect(await tryEmitted(seeds)).toEqual([]);
  },
);
