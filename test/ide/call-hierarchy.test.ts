import { expect, test } from "vitest";
import { callees, callers, prepareCallHierarchy, type Calls } from "../../compiler/ide/index.js";
import { drawn, filesOf, snapshotOf, type Files } from "./drawn.js";

const files = {
  "main.tfm": `import { Layer } from "layer.tfm"

block Twice[d](x: f32[.., d]) -> f32[.., d] {
  return x |> a: Layer{ff: 5} |> b: Layer{ff: 7} |> gelu
}

model Tiny{d = 12}(x: f32[batch, d]) -> f32[batch, d] {
  return x |> twice: Twice |> one: Layer{ff: 3}
}

task out() on Tiny as x -> f32[batch, d] { return x |> Layer{ff: 2} }
`,
  "layer.tfm": `block Layer[d]{ff}(x: f32[.., d]) -> f32[.., d] {
  return x |> mlp: FFN{ff, act: own}
}

fn own(x: f32[..]) -> f32[..] = x
`,
};

const snapshots = (all: Files) => Object.keys(filesOf(all)).map((file) => snapshotOf(all, file));

function calls(found: readonly Calls[], inFile?: string): string {
  return found
    .map(({ other, ranges }) => {
      const file = inFile ?? other.file;
      const text = filesOf(files)[file] ?? "";
      return `${other.kind} ${other.name} (${other.file})\n${drawn(
        text,
        ranges.map((span) => ({ span })),
      )}`;
    })
    .join("\n");
}

test("who applies a block, in all files", () => {
  const at = files["layer.tfm"].indexOf("Layer");
  expect(calls(callers(snapshots(files), "layer.tfm", at))).toMatchInlineSnapshot(`
    "block Twice (main.tfm)
      return x |> a: Layer{ff: 5} |> b: Layer{ff: 7} |> gelu
                     ^^^^^              ^^^^^
    model Tiny (main.tfm)
      return x |> twice: Twice |> one: Layer{ff: 3}
                                       ^^^^^
    task out (main.tfm)
    task out() on Tiny as x -> f32[batch, d] { return x |> Layer{ff: 2} }
                                                           ^^^^^"
  `);
});

test("what a block applies", () => {
  const at = files["main.tfm"].indexOf("Twice");
  expect(calls(callees(snapshots(files), "main.tfm", at), "main.tfm")).toMatchInlineSnapshot(`
    "block Layer (layer.tfm)
      return x |> a: Layer{ff: 5} |> b: Layer{ff: 7} |> gelu
                     ^^^^^              ^^^^^
    function gelu (std/functions.tfm)
      return x |> a: Layer{ff: 5} |> b: Layer{ff: 7} |> gelu
                                                        ^^^^"
  `);
  const own = files["layer.tfm"].indexOf("Layer");
  expect(calls(callees(snapshots(files), "layer.tfm", own), "layer.tfm")).toMatchInlineSnapshot(`
    "block FFN (std/layers.tfm)
      return x |> mlp: FFN{ff, act: own}
                       ^^^
    function own (layer.tfm)
      return x |> mlp: FFN{ff, act: own}
                                    ^^^"
  `);
});

test("the library's blocks have callers and callees", () => {
  const all = snapshots(files);
  const item = prepareCallHierarchy(snapshotOf(files), "main.tfm", files["main.tfm"].indexOf("gelu"));
  expect(item).toMatchObject({ name: "gelu", kind: "function", file: "std/functions.tfm" });
  const from = callers(all, "std/functions.tfm", item?.nameSpan.start ?? 0).map(({ other }) => other.name);
  expect(from).toContain("Twice");
  expect(from).toContain("FFN");
});

test("inside of a body, the definition around", () => {
  const at = files["main.tfm"].indexOf("return");
  expect(prepareCallHierarchy(snapshotOf(files), "main.tfm", at)?.name).toBe("Twice");
});
