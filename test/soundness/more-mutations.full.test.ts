import { expect, test } from "vitest";
import { firstSeed, tryMutations } from "./try-programs.js";

const hours = 3_600_000;
/** Seeds that the first half does not come to. */
const elsewhere = firstSeed + 500_000_000;

test("25,000 more programs changed at one place are rejected, or run", { timeout: 6 * hours }, async () => {
  const { failures, counts } = await tryMutations(elsewhere, 25_000, 1);
  expect(failures).toEqual([]);
  expect(counts.get("rejected")).toBeGreaterThan(10_000);
  expect(counts.get("ran")).toBeGreaterThan(5_000);
});
