import { expect, test } from "vitest";
import { compile } from "tfmc";
import { isHardKeyword, isSoftKeyword } from "../../grammar/tokens.js";
import { examplesOf } from "../spec/page.js";
import { projectFiles, readText } from "./files.js";

const folder = "docs/language/";
const first = readText(`${folder}index.md`);

test("the first page starts with a whole model in 20 lines, which compiles", async () => {
  const [example] = examplesOf(first);
  const [[name, text] = ["", ""]] = example?.files ?? [];
  expect(text.trimEnd().split("\n")).toHaveLength(20);
  const { code = "", problems } = await compile(name, (path) => example?.files.get(path));
  expect(problems).toEqual([]);
  for (const made of ["lm", "generate", "load"]) expect(code).toMatch(new RegExp(`export .*\\b${made}\\b`));
});

test("every page of the manual is reached from the first", () => {
  const pages = projectFiles.filter((path) => path.startsWith(folder)).map((path) => path.replace(folder, ""));
  expect(pages.filter((page) => page !== "index.md" && !first.includes(`](${page})`))).toEqual([]);
});

test("the reference lists the keywords as they are", () => {
  const reference = readText(`${folder}reference.md`);
  const listed = (before: string): string[] =>
    (new RegExp(`${before}[^\`]*\`([^\`]*)\``).exec(reference)?.[1] ?? "").split(/\s+/);
  const grammar = readText("grammar/grammar.md").match(/\b[a-z]+\b/g) ?? [];
  const used = [...new Set(grammar)];
  expect(listed("never names:").toSorted()).toEqual(used.filter(isHardKeyword).toSorted());
  expect(listed("names elsewhere:").toSorted()).toEqual(used.filter(isSoftKeyword).toSorted());
});
