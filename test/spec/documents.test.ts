import { check, render, standardLibrary, type Checked, type Problem } from "tfmc";
import { describe, expect, test } from "vitest";
import { problem } from "../../compiler/diagnostics/problem.js";
import { projectFiles, readText } from "../tidy/files.js";
import { disagreements, wrongShapes } from "./compare.js";
import { examplesOf, withOutput, type Example } from "./page.js";

const pages = projectFiles.filter((path) => /^(docs\/.*|README)\.md$/.test(path));
const examples = pages.flatMap((path) => examplesOf(readText(path)).map((example) => ({ path, ...example })));

function checked({ files }: Example): Checked {
  const [entry = ""] = files.keys();
  return check(entry, (path) => files.get(path));
}

const problemsOf = (example: Example): readonly Problem[] => checked(example).problems;

/** What a terminal shows, without the assertions that stand in the lines shown. */
function print(example: Example): string {
  const source = (file: string): string | undefined => standardLibrary.get(file) ?? example.files.get(file);
  const printed = problemsOf(example).map((found) => render(found, { source }));
  return printed.join("\n\n").replace(/ *# *((error|warning|hint)\[\w+\] ".*"|shape: .*)$/gm, "");
}

describe("every tfm block of the documents reports what it says, and nothing else", () => {
  test.each(examples)("$path:$pageLine", (example) => {
    expect(disagreements(example, problemsOf(example))).toEqual([]);
  });

  test.each(examples.filter(({ shapes }) => shapes.length > 0))("$path:$pageLine has the shapes it says", (example) => {
    expect(wrongShapes(example, checked(example))).toEqual([]);
  });
});

describe("a page shows what its examples print; `npm run update` writes it anew", () => {
  test.each(pages)("%s", async (path) => {
    await expect(withOutput(readText(path), print)).toMatchFileSnapshot(`../../${path}`);
  });
});

const none: Example = { pageLine: 0, end: 0, files: new Map(), assertions: [], shapes: [] };

describe("an assertion about a shape", () => {
  const wrongIn = (...lines: readonly string[]): readonly string[] => {
    const model = ["block Up[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, 4 * d] {", ...lines, "  return y", "}"];
    const [example = none] = examplesOf(["```tfm", ...model, "```"].join("\n"));
    return wrongShapes(example, checked(example));
  };

  test("speaks of the value that its line names, or of the line's last stage", () => {
    expect(
      wrongIn(
        "  y = x |> a: Linear{out: d}",
        "        |> b: Linear{out: 2 * d} |> c: Linear{out: 4 * d} # shape: f32[batch, seq, 4*d]",
        "  z = y[seq: 0]",
        "  # shape: f32[batch, 4*d]",
      ),
    ).toEqual([]);
  });

  test("must be met", () => {
    const stages = "  y = x |> up: Linear{out: 4 * d}";
    expect(wrongIn(`${stages} # shape: f32[batch, seq, d]`)).toEqual([
      "example.tfm:2 is f32[batch, seq, 4*d], not f32[batch, seq, d]",
    ]);
    expect(wrongIn(stages, "  param w: f32[d] = zeros", "  # shape: f32[seq]")).toEqual([
      "example.tfm:3 is f32[d], not f32[seq]",
    ]);
    expect(wrongIn(`${stages} |> nothing_of_this_name # shape: f32[batch, seq, d]`)).toEqual([
      "example.tfm:2 is f32[batch, seq, 4*d], not f32[batch, seq, d]",
    ]);
    expect(wrongIn("  # shape: f32[d]", stages)).toEqual(["example.tfm:1 is nothing that has a shape, not f32[d]"]);
  });
});

describe("an assertion", () => {
  const page = ["```tfm", 'a = x # error[N102] "name `x`"', "b = y", '# error[N102] "`y`"', "```"].join("\n");
  const [example = none] = examplesOf(page);
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
