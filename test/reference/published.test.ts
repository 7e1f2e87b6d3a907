/** The parameter counts of published models, from the examples alone: nothing is loaded. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { check, countParameters, lowerFile } from "tfmc";

const folder = new URL("../../examples/", import.meta.url);
const examples = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith(".tfm"))
    .map((name) => [name, readFileSync(new URL(name, folder), "utf8")]),
);
const published = Object.entries<number>(
  JSON.parse(readFileSync(new URL("published.json", import.meta.url), "utf8")) as Record<string, number>,
);

/** Sizes of a model that its example has no config for. */
const others: Readonly<Record<string, { example: string; set: Readonly<Record<string, string>> }>> = {
  gpt2_medium: { example: "gpt2.tfm", set: { d: "1024", depth: "24", heads: "16" } },
  gpt2_large: { example: "gpt2.tfm", set: { d: "1280", depth: "36", heads: "20" } },
};

/** Every count that a `check` of an example states. */
const stated = new Set(
  [...examples.values()].flatMap((text) =>
    [...text.matchAll(/^check params\([\w.]+\) *== ([\d_]+)/gm)].map(([, digits = ""]) =>
      Number(digits.replaceAll("_", "")),
    ),
  ),
);

test.each([...examples])("what %s states holds", (name, text) => {
  expect(check(name, () => text).problems.map(({ message }) => message)).toEqual([]);
});

test.each(published)("%s has %d parameters", (name, count) => {
  const other = others[name];
  if (!other) return expect(stated).toContain(count);
  const { lowered } = lowerFile(other.example, () => examples.get(other.example), {
    set: new Map(Object.entries(other.set)),
  });
  expect(lowered && countParameters(lowered.module.weights, lowered.numbers)).toBe(BigInt(count));
});
