import { expect, test } from "vitest";
import { fuzz } from "./fuzz.js";

const count = 200_000;
/** New inputs each time; a failure names the number of its own. */
const first = Date.now() % 2 ** 31;

test(`${count} broken programs are answered`, { timeout: 4 * 3_600_000 }, async () => {
  // Two threads, each with half of the numbers.
  const halves = await Promise.all([fuzz(first, count / 2), fuzz(first + count / 2, count / 2)]);
  expect(halves.flatMap(({ failures }) => failures).join("\n\n")).toBe("");
});
