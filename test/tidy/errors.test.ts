import { expect, test } from "vitest";
import { catalogue } from "../../compiler/diagnostics/catalogue.js";
import { examplesOf } from "../spec/page.js";
import { projectFiles, readText } from "./files.js";

const codes = Object.keys(catalogue);
const list = "docs/errors/README.md";
const pages = projectFiles.filter((path) => path.startsWith("docs/errors/") && path !== list);

test("every code has a page, and every page a code", () => {
  expect(pages.map((path) => path.replace("docs/errors/", "").replace(".md", "")).sort()).toEqual(codes.toSorted());
});

test("a page starts with its code and what it means", () => {
  const wrong = pages.filter(
    (path) => !readText(path).startsWith(`# ${path.slice(-"T201.md".length, -".md".length)}: `),
  );
  expect(wrong).toEqual([]);
});

const families: readonly (readonly [letter: string, about: string])[] = [
  ["S", "Syntax"],
  ["N", "Names"],
  ["T", "Shapes"],
  ["D", "Data types"],
  ["W", "Weights and checkpoints"],
  ["C", "Checks, and what to check"],
  ["G", "Generation"],
  ["L", "Limits"],
  ["U", "Not supported yet"],
];

test("the list of codes is made of the pages' own titles; `npm run update` writes it", async () => {
  const titleOf = (code: string): string => /^# \S+: (.*)$/m.exec(readText(`docs/errors/${code}.md`))?.[1] ?? "";
  const sections = families.map(([letter, about]) => {
    const own = codes.filter((code) => code.startsWith(letter)).sort();
    return `## ${about}\n\n${own.map((code) => `- [${code}](${code}.md): ${titleOf(code)}`).join("\n")}\n`;
  });
  const head =
    "# The errors\n\nEvery code that `tfmc` reports. `tfmc explain CODE` shows the same page on the terminal.\n";
  expect(codes.filter((code) => !families.some(([letter]) => code.startsWith(letter)))).toEqual([]);
  await expect([head, ...sections].join("\n")).toMatchFileSnapshot("../../docs/errors/README.md");
});

// That the assertions are met is for spec/documents.
test("every code is triggered by its page's example, or named by a test that triggers it", () => {
  const tests = projectFiles.filter((path) => /^test\/(?!diagnostics|tidy|spec).*\.(test\.ts|snap|txt|md)$/.test(path));
  const named = tests.map(readText).join("\n");
  const silent = codes.filter((code) => {
    const page = `docs/errors/${code}.md`;
    const shown =
      pages.includes(page) &&
      examplesOf(readText(page)).some(({ assertions }) => assertions.some((a) => a.code === code));
    return !shown && !new RegExp(`\\b${code}\\b`).test(named);
  });
  expect(silent).toEqual([]);
});
