import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openProject } from "../../compiler/ide/index.js";
import { occurrencesIn } from "../../compiler/ide/names/occurrences.js";
import { scan } from "../../grammar/scan.js";
import { isAnyName, isSoftKeyword } from "../../grammar/tokens.js";
import { standardLibrary } from "../../compiler/index.js";
import { drawn } from "./drawn.js";

const examples = readdirSync("examples").filter((name) => name.endsWith(".tfm"));

test.each([...examples, ...standardLibrary.keys()])("every name of %s means something", (name) => {
  const isLibrary = standardLibrary.has(name);
  const entry = isLibrary ? "main.tfm" : `examples/${name}`;
  const snapshot = openProject((path) => (isLibrary ? "" : readFileSync(path, "utf8"))).look(entry);
  const file = isLibrary ? name : entry;
  const text = snapshot?.source(file)?.text ?? "";
  const known = new Set(snapshot && occurrencesIn(snapshot, file).map(({ span }) => span.start));
  const lost = scan(text).tokens.filter(
    ({ kind, start }) => isAnyName(kind) && !isSoftKeyword(kind) && !known.has(start),
  );
  expect(
    drawn(
      text,
      lost.map(({ start, end }) => ({ span: { start, end } })),
    ),
  ).toBe("");
});
