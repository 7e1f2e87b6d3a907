import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { typed } from "./typing.js";

const examples = readdirSync(new URL("../../examples/", import.meta.url)).filter((name) => name.endsWith(".tfm"));

test.each(examples)(
  "%s, typed character by character, is never said to have more mistakes than it has",
  { timeout: 900_000 },
  async (name) => {
    expect(await typed(name, () => true)).toEqual([]);
  },
);
