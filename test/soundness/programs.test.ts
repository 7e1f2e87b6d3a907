import { expect, test } from "vitest";
import { constructs } from "./constructs.js";
import { firstSeed, tryPrograms } from "./try-programs.js";

test(
  "2,000 random well-typed programs are accepted, and run with the shapes that the checker says",
  { timeout: 600_000 },
  async () => {
    const { failures, counts } = await tryPrograms(firstSeed, 2_000);
    expect(failures).toEqual([]);
    expect(constructs.filter((construct) => (counts.get(construct) ?? 0) < 5)).toEqual([]);
  },
);
