import { check } from "tfmc";
import { describe, expect, test } from "vitest";
import { examplesOf } from "../spec/page.js";
import { readText } from "../tidy/files.js";

/** The sections of the page, each with the program that is proved and the one that is refused. */
const sections = readText("docs/proofs.md")
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ name: text.slice(0, text.indexOf("\n")), examples: examplesOf(text) }));

const problemsIn = (source: string): readonly string[] =>
  check("model.tfm", () => source).problems.map(({ code }) => code);

const sourceOf = (files: ReadonlyMap<string, string>): string => [...files.values()].join("\n");

describe.each(sections)("$name", ({ examples }) => {
  const [proved, refused] = examples.map(({ files }) => sourceOf(files));

  test("is proved, with no config to say a number", () => {
    expect(examples).toHaveLength(2);
    expect(proved).not.toMatch(/^config /m);
    expect(problemsIn(proved ?? "")).toEqual([]);
  });

  test("is refused with a mistake, in one error", () => {
    expect(problemsIn(refused ?? "")).toHaveLength(1);
  });
});

test("the table has a row for each section", () => {
  const rows = [...readText("docs/proofs.md").matchAll(/^\| \[([^\]]*)\]/gm)].map(([, name]) => name);
  expect(rows).toEqual(sections.map(({ name }) => name));
  expect(rows.length).toBeGreaterThan(15);
});
