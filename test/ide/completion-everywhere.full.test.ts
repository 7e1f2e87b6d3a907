/** As `completion-everywhere`, for every name and every offset of every example. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { complete } from "../../compiler/ide/index.js";
import { rateOf } from "./completion-rate.js";
import { snapshotOf } from "./drawn.js";

const texts = readdirSync("examples")
  .filter((name) => name.endsWith(".tfm"))
  .map((name) => readFileSync(`examples/${name}`, "utf8"));

test.each([
  ["whole", 1],
  ["without", 9],
  ["before", 9],
] as const)("every example, %s", { timeout: 1_200_000 }, (written, step) => {
  const rates = texts.map((text) => rateOf(text, written, step));
  const missed = rates.flatMap((rate) => rate.missed);
  const asked = rates.reduce((all, rate) => all + rate.asked, 0);
  expect(missed.length / asked, missed.join("\n")).toBeLessThan(0.03);
});

test("every offset", { timeout: 1_200_000 }, () => {
  for (const text of texts) {
    const snapshot = snapshotOf(text);
    for (let offset = 0; offset <= text.length; offset++) complete(snapshot, "main.tfm", offset);
  }
});
