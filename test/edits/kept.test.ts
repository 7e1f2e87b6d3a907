/** What an edit does not concern is not read again. */
import { expect, test } from "vitest";
import { openWorkspace, type View } from "../../compiler/workspace.js";

const first = `block Inner[d]{out}(x: f32[.., d]) -> f32[.., out] {
  return x |> up: Linear{out: 2 * d} |> down: Linear{out}
}

block Outer[d](x: f32[.., d]) -> f32[.., d] {
  return x |> inner: Inner{out: d} |> half
}

fn half(x: f32[..]) -> f32[..] = 0.5 * x

model Net[seq]{vocab = 7, d = 4}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
  return ids |> word: Embedding{size: vocab, d} |> outer: Outer
}

model Other[seq]{d = 3}(x: f32[batch, seq, d]) -> f32[batch, seq, d] where seq <= 9 {
  return x |> only: Linear{out: d}
}

config net = Net{}
config other = Other{}
`;

/** The names of the declarations that are read, and of the configs, when one text takes the place of another. */
function readAgain(from: string, to: string, before = first): { definitions: string[]; configs: string[] } {
  let text = before;
  const workspace = openWorkspace("main.tfm", () => text);
  const known = resultsOf(workspace.look());
  expect(before).toContain(from);
  text = before.replace(from, to);
  const after = resultsOf(workspace.look());
  const changed = ([name, result]: [string, unknown]): string[] => (known.get(name) === result ? [] : [name]);
  const names = [...after].flatMap(changed);
  return {
    definitions: names.filter((name) => !name.startsWith("config ")),
    configs: names.filter((name) => name.startsWith("config ")),
  };
}

function resultsOf(view: View | undefined): Map<string, unknown> {
  const results = new Map<string, unknown>();
  const [file] = view?.program.files.values() ?? [];
  for (const declaration of file?.all ?? []) {
    if (declaration.kind === "config")
      results.set(`config ${declaration.name.name}`, view?.configs.of("main.tfm", declaration));
    else if ("name" in declaration) results.set(declaration.name.name, view?.definitions.get(declaration));
  }
  return results;
}

test("a comment concerns nobody, nor do lines that move", () => {
  expect(readAgain("block Inner", "# a remark\n\n\nblock Inner")).toEqual({ definitions: [], configs: [] });
  expect(readAgain("fn half", "\n# one\n# two\n\nfn half")).toEqual({ definitions: [], configs: [] });
});

test("nor does the layout of a declaration", () => {
  const nobody = { definitions: [], configs: [] };
  expect(readAgain("  return x |> up", "  # a remark\n\n  return x |> up")).toEqual(nobody);
  expect(readAgain("{out}(x: f32[.., d]) -> f32[.., out] {", "{out}(x: f32[.., d]) -> f32[.., out] { # why ")).toEqual(
    nobody,
  );
  expect(readAgain("where seq <= 9 {", "where seq <= 9 {   ")).toEqual(nobody);
  expect(readAgain("config net = Net{}", "config net = Net{}  # the first")).toEqual(nobody);
});

test("the body of a block concerns the configs, and not those who know its signature", () => {
  expect(readAgain("down: Linear{out}", "down: Linear{out} |> half")).toEqual({
    definitions: ["Inner"],
    configs: ["config net"],
  });
});

test("what a body asks of those who apply the block concerns them, and those who apply them", () => {
  // A weight of another size must be known from the config.
  expect(readAgain("Linear{out: 2 * d}", "Linear{out: 3 * d}")).toEqual({
    definitions: ["Inner", "Outer", "Net"],
    configs: ["config net"],
  });
});

test("the signature of a block concerns those who apply it", () => {
  expect(readAgain("{out}(x", "{out, extra = 1}(x")).toEqual({
    definitions: ["Inner", "Outer"],
    configs: ["config net"],
  });
});

test("the body of a function concerns those who call it", () => {
  expect(readAgain("= 0.5 * x", "= 0.25 * x")).toEqual({ definitions: ["Outer", "half"], configs: ["config net"] });
});

test("a name that is new concerns those who meant another by it", () => {
  const linear =
    "block Linear[d]{out}(x: f32[.., d]) -> f32[.., out] {\n  param w: f32[out, d] = zeros\n  return dot[d](x, w)\n}";
  expect(readAgain("config net", `${linear}\n\nconfig net`)).toEqual({
    // What Inner asks of those who apply it stands in the new block now.
    definitions: ["Inner", "Outer", "Net", "Other", "Linear"],
    configs: ["config net", "config other"],
  });
});

test("a config concerns itself", () => {
  expect(readAgain("Other{}", "Other{d: 5}")).toEqual({ definitions: [], configs: ["config other"] });
});

test("the body of a model concerns those of its tasks to which it ends otherwise", () => {
  const tasks = `model Net[seq]{vocab = 7, d = 4, bias = true}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
  x = ids |> word: Embedding{size: vocab, d}
  x += x |> up: Linear{out: 2 * d} |> down: Linear{out: d, bias}
  return x
}

task tied() on Net as h -> f32[batch, seq, size: vocab] { return dot[d](h, word.weight) }
task again() on Net as h -> f32[batch, seq, d] { return h |> up |> last: Linear{out: d} }
task plain(labels: i32[batch, seq]) on Net as h -> f32[batch, seq, d] { return 0.5 * h }
task wrong() on Net as h -> f32[batch, seq, d] { return h + word }
`;
  const all = ["Net", "tied", "again", "plain", "wrong"];
  const definitionsFor = (from: string, to: string): string[] => readAgain(from, to, tasks).definitions;
  expect(definitionsFor("x += x |> up", "y = x |> other: FFN\n  x += x |> up")).toEqual(["Net", "wrong"]);
  expect(definitionsFor("out: 2 * d", "out: 3 * d")).toEqual(["Net", "again", "wrong"]);
  // Ids are in another range then, which is a fact.
  expect(definitionsFor("Embedding{size: vocab, d}", "Embedding{size: 2 * vocab, d}")).toEqual(all);
  expect(definitionsFor(" {\n  x = ids", " where seq <= 9 {\n  x = ids")).toEqual(all);
  expect(definitionsFor("down: Linear{out: d, bias}", "last: Linear{out: d, bias}")).toEqual(["Net", "again", "wrong"]);
});
