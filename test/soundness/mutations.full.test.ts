import { expect, test } from "vitest";
import { firstSeed, tryMutations } from "./try-programs.js";

const hours = 3_600_000;

// Half of 50,000: `more-mutations.full.test.ts` has the others, so that both processors are at work.
test("25,000 programs changed at one place are rejected, or run", { timeout: 6 * hours }, async () => {
  const { failures, counts } = await tryMutations(firstSeed, 25_000, 1);
  expect(failures).toEqual([]);
  expect(counts.get("rejected")).toBeGreaterThan(10_000);
  expect(counts.get("ran")).toBeGreaterThan(5_000);
});
