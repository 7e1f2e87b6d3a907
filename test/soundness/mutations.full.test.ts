import { expect, test } from "vitest";
import { firstSeed, tryMutations } from "./try-programs.js";

const hours = 3_600_000;

test("50,000 programs changed at one place are rejected, or run", { timeout: 6 * hours }, async () => {
  const { failures, counts } = await tryMutations(firstSeed, 50_000, 1);
  expect(failures).toEqual([]);
  expect(counts.get("rejected")).toBeGreaterThan(20_000);
  expect(counts.get("ran")).toBeGreaterThan(10_000);
});
