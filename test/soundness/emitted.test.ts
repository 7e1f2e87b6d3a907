import { expect, test } from "vitest";
import { tryEmitted } from "./try-emitted.js";
import { firstSeed } from "./try-programs.js";

test(
  "the TypeScript of one program in twenty gives what the interpreter gives, and leaves nothing behind",
  { timeout: 600_000 },
  async () => {
    const seeds = Array.from({ length: 100 }, (_, n) => firstSeed + 20 * n);
    expect(await tryEmitted(seeds)).toEqual([]);
  },
);
