/** Names after edits are those of the text as it is, whatever was known before; and no text makes the search for them fail. */
import { expect, test } from "vitest";
import {
  callers,
  definition,
  documentSymbols,
  highlights,
  occurrencesIn,
  openProject,
  references,
  semanticTokens,
  type Snapshot,
} from "../../compiler/ide/index.js";
import { randomFrom } from "../fuzz/random.js";
import { randomEdit } from "../edits/random-edit.js";
import { projectFiles, readText } from "../tidy/files.js";

const examples = projectFiles.filter((path) =>
  /^examples\/(gpt2|t5|switch|moe|shaw|linformer|bahdanau)\.tfm$/.test(path),
);

function look(texts: Readonly<Record<string, string>>): Snapshot {
  const snapshot = openProject((path) => texts[path]).look("main.tfm");
  if (!snapshot) throw new Error("no file");
  return snapshot;
}

/** What is told of names, for comparison. */
const told = (snapshot: Snapshot, file: string): readonly string[] =>
  occurrencesIn(snapshot, file).map(
    ({ span, symbol, role, pun }) => `${span.start} ${role} ${symbol.key} ${pun ?? ""}`,
  );

test("after each of many edits, names mean what they mean to one who reads the file for the first time", () => {
  const random = randomFrom(7);
  for (const path of examples) {
    const paste = readText(random.pick(examples));
    const texts = {
      "main.tfm": `import { Part } from "part.tfm"\n${readText(path)}`,
      "part.tfm": "block Part = Linear{bias: false}\n",
    };
    const project = openProject((file) => texts[file as keyof typeof texts]);
    for (let n = 0; n < 12; n++) {
      const file = random.chance(0.15) ? "part.tfm" : "main.tfm";
      texts[file] = randomEdit(texts[file], random, paste);
      const snapshot = project.look("main.tfm");
      const fresh = look(texts);
      if (!snapshot) throw new Error("no file");
      for (const each of ["main.tfm", "part.tfm"]) expect(told(snapshot, each)).toEqual(told(fresh, each));
      expect(semanticTokens(snapshot, "main.tfm")).toEqual(semanticTokens(fresh, "main.tfm"));
    }
  }
});

test("no offset of a broken file makes anything fail", () => {
  const random = randomFrom(11);
  for (const path of examples.slice(0, 4)) {
    let text = readText(path);
    for (let n = 0; n < 10; n++) text = randomEdit(text, random, "");
    const snapshot = look({ "main.tfm": text });
    documentSymbols(snapshot, "main.tfm");
    for (let n = 0; n < 60; n++) {
      const offset = random.below(text.length + 10) - 5;
      for (const { span } of highlights(snapshot, "main.tfm", offset))
        expect(span.end).toBeLessThanOrEqual(text.length);
      definition(snapshot, "main.tfm", offset);
      references([snapshot], "main.tfm", offset, { withDeclaration: true });
      callers([snapshot], "main.tfm", offset);
    }
  }
});

test.each([
  [
    "blocks that contain each other",
    'block A[d](x: f32[.., d]) -> f32[.., d] { return x |> b: B }\nblock B[d](x: f32[.., d]) -> f32[.., d] { return x |> a: A |> A }\nmodel M{d = 3}(x: f32[batch, d]) -> f32[batch, d] { return x |> a: A }\nweights M from "m" { a.b.a.b.a = "x"  * = "{}" }\n',
  ],
  [
    "aliases of each other",
    'block A = B{out: 3}\nblock B = A{out: 3}\nmodel M{d = 3}(x: f32[batch, d]) -> f32[batch, d] { return x |> a: A }\nweights M from "m" { a.weight = "x" }\n',
  ],
  [
    "a block that is given itself",
    'block A[d]{N: block = A{N: A}}(x: f32[.., d]) -> f32[.., d] { return x |> n: N }\nmodel M{d = 3}(x: f32[batch, d]) -> f32[batch, d] { return x |> a: A }\nweights M from "m" { a.n.n.n.n = "x"  * = "{}" }\n',
  ],
  [
    "a task on itself",
    "task t() on t as x -> f32[] { return x }\ntask u() on M as x -> f32[] { return x }\nmodel M = M{}\n",
  ],
  [
    "very many ways to a weight",
    `${Array.from({ length: 40 }, (_, n) => `block B${n}[d](x: f32[.., d]) -> f32[.., d] { return x |> a: B${n + 1} |> b: B${n + 1} |> B${n + 1} |> B${n + 1} }\n`).join("")}block B40[d](x: f32[.., d]) -> f32[.., d] { return x |> Linear{out: d} }\nmodel M{d = 3}(x: f32[batch, d]) -> f32[batch, d] { return x |> a: B0 }\nweights M from "m" { a.a.b.weight = "x" as [out d]  a.(a b) = "x" stack[out] * = "{}" }\nconfig m = M{}\nquantize m { a = int8[d] }\n`,
  ],
  ["a sum of very many terms", `fn f(x: f32[..]) -> f32[..] = ${"x + ".repeat(400)}x\n`],
])("%s", (_, text) => {
  const snapshot = look({ "main.tfm": text });
  expect(occurrencesIn(snapshot, "main.tfm").length).toBeGreaterThan(3);
  expect(semanticTokens(snapshot, "main.tfm").length).toBeGreaterThan(3);
});
