import { expect, test } from "vitest";
import { fuzz } from "./fuzz.js";

const count = 5_000;
/** The same inputs each time: what is kept does not hang on luck. */
const first = 20_261_121;

test(`${count} broken programs are answered`, { timeout: 1_800_000 }, async () => {
  const { failures, counts } = await fuzz(first, count);
  expect(failures.join("\n\n")).toBe("");
  // Inputs that say nothing, or all the same, would prove nothing.
  expect([...counts.keys()]).toEqual(expect.arrayContaining(["none", "S001", "N102", "T202", "T208", "D401", "W301"]));
  expect(counts.get("S001")).toBeLessThan(0.7 * count);
  expect(counts.get("none")).toBeLessThan(0.3 * count);
});
