import { expect, test } from "vitest";
import { catalogue } from "../../compiler/diagnostics/catalogue.js";
import { examplesOf } from "../spec/page.js";
import { projectFiles, readText } from "./files.js";

const codes = Object.keys(catalogue);
const pages = projectFiles.filter((path) => path.startsWith("docs/errors/"));

test("every code has a page, and every page a code", () => {
  expect(pages.map((path) => path.replace("docs/errors/", "").replace(".md", "")).sort()).toEqual(codes.toSorted());
});

test("a page starts with its code and what it means", () => {
  const wrong = pages.filter(
    (path) => !readText(path).startsWith(`# ${path.slice(-"T201.md".length, -".md".length)}: `),
  );
  expect(wrong).toEqual([]);
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
