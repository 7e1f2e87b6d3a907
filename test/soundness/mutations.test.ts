import { expect, test } from "vitest";
import { firstSeed, tryMutations } from "./try-programs.js";

test("what is changed at one place is rejected, or runs", { timeout: 600_000 }, async () => {
  const { failures, counts } = await tryMutations(firstSeed, 2_000, 1);
  expect(failures).toEqual([]);
  expect(counts.get("rejected")).toBeGreaterThan(1_000);
  expect(counts.get("ran")).toBeGreaterThan(500);
});
