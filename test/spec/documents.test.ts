import { check } from "tfmc";
import { describe, expect, test } from "vitest";
import { problem } from "../../compiler/diagnostics/problem.js";
import { projectFiles, readText } from "../tidy/files.js";
import { disagreements } from "./compare.js";
import { examplesOf } from "./page.js";

const pages = projectFiles.filter((path) => /^(docs\/.*|README)\.md$/.test(path));
const examples = pages.flatMap((path) => examplesOf(readText(path)).map((example) => ({ path, ...example })));

describe("every tfm block of the documents reports what it says, and nothing else", () => {
  test.each(examples)("$path:$pageLine", (example) => {
    const [entry = ""] = example.files.keys();
    const { problems } = check(entry, (path) => example.files.get(path));
    expect(disagreements(example, problems)).toEqual([]);
  });
});

describe("an assertion", () => {
  const page = ["```tfm", 'a = x # error[N102] "name `x`"', "b = y", '# error[N102] "`y`"', "```"].join("\n");
  const [example = { pageLine: 0, files: new Map<string, string>(), assertions: [] }] = examplesOf(page);
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
