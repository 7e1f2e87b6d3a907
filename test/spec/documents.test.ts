import { check, render, standardLibrary, type Problem } from "tfmc";
import { describe, expect, test } from "vitest";
import { problem } from "../../compiler/diagnostics/problem.js";
import { projectFiles, readText } from "../tidy/files.js";
import { disagreements } from "./compare.js";
import { examplesOf, withOutput, type Example } from "./page.js";

const pages = projectFiles.filter((path) => /^(docs\/.*|README)\.md$/.test(path));
const examples = pages.flatMap((path) => examplesOf(readText(path)).map((example) => ({ path, ...example })));

function problemsOf({ files }: Example): readonly Problem[] {
  const [entry = ""] = files.keys();
  return check(entry, (path) => files.get(path)).problems;
}

/** What a terminal shows, without the assertions that stand in the lines shown. */
function print(example: Example): string {
  const source = (file: string): string | undefined => standardLibrary.get(file) ?? example.files.get(file);
  const printed = problemsOf(example).map((found) => render(found, { source }));
  return printed.join("\n\n").replace(/ *# *(error|warning|hint)\[\w+\] ".*"$/gm, "");
}

describe("every tfm block of the documents reports what it says, and nothing else", () => {
  test.each(examples)("$path:$pageLine", (example) => {
    expect(disagreements(example, problemsOf(example))).toEqual([]);
  });
});

describe("a page shows what its examples print; `npm run update` writes it anew", () => {
  test.each(pages)("%s", async (path) => {
    await expect(withOutput(readText(path), print)).toMatchFileSnapshot(`../../${path}`);
  });
});

describe("an assertion", () => {
  const page = ["```tfm", 'a = x # error[N102] "name `x`"', "b = y", '# error[N102] "`y`"', "```"].join("\n");
  const [example = { pageLine: 0, end: 0, files: new Map<string, string>(), assertions: [] }] = examplesOf(page);
  const at = (name: string, start: number): ReturnType<typeof problem> =>
    problem("N102", { name }, { file: "example.tfm", span: { start, end: start + 1 } });
  const text = example.files.get("example.tfm") ?? "";

  test("speaks of its own line, or of the line above where it is alone", () => {
    expect(disagreements(example, [at("x", 4), at("y", text.indexOf("y"))])).toEqual([]);
  });

  test("must be met, and every problem asserted", () => {
    expect(disagreements(example, [at("x", 4), at("z", text.indexOf("y"))])).toEqual([
      'not reported: example.tfm:2 error[N102] "`y`"',
      "not asserted: example.tfm:2 error[N102] unknown name `z`",
    ]);
  });
});

describe("the blocks of a page", () => {
  const block = (name: string, text: string): string => ["```tfm" + (name && ` ${name}`), text, "```", ""].join("\n");

  test("are programs of their own, or files of one by their names; a name that comes again starts another", () => {
    const page = [block("", "1"), block("a.tfm", "2"), block("b.tfm", "3"), block("a.tfm", "4")].join("\n");
    const programs = examplesOf(page).map(({ files }) => Object.fromEntries(files));
    expect(programs).toEqual([{ "example.tfm": "1\n" }, { "a.tfm": "2\n", "b.tfm": "3\n" }, { "a.tfm": "4\n" }]);
  });

  test("are followed by what they print, where a text block stands directly behind", () => {
    const shown = ["```text", "old", "```", ""].join("\n");
    const page = [block("", "1"), shown, block("", "2"), "prose", shown].join("\n");
    expect(withOutput(page, ({ files }) => `new ${files.get("example.tfm")?.trim()}`)).toBe(
      page.replace("old", "new 1"),
    );
  });
});
