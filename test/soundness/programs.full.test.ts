import { expect, test } from "vitest";
import { firstSeed, tryPrograms } from "./try-programs.js";

const hours = 3_600_000;

test(
  "50,000 random well-typed programs are accepted, and run with the shapes that the checker says",
  { timeout: 6 * hours },
  async () => {
    const { failures } = await tryPrograms(firstSeed, 50_000);
    expect(failures).toEqual([]);
  },
);
