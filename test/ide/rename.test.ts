import { expect, test } from "vitest";
import { applyEdits } from "../../compiler/diagnostics/edit.js";
import { prepareRename, rename } from "../../compiler/ide/index.js";
import { cursor, cursorIn, snapshotOf, withCursor, type Files } from "./drawn.js";
import { layer, tiny as model } from "./tiny.js";

/** The lines that a renaming changes, file by file, or why it is refused. */
function renamed(marked: Files, name: string): string {
  const { files, entry, offset } = cursorIn(marked);
  const snapshots = Object.keys(files).map((file) => snapshotOf(files, file));
  const result = rename(snapshots, entry, offset, name);
  if ("refused" in result) return `refused: ${result.refused}`;
  const all = [...result.rules, ...result.edits];
  return Object.entries(files)
    .flatMap(([file, before]) => {
      const after = applyEdits(
        before,
        all.filter((edit) => edit.file === file),
      );
      return after === before ? [] : [`${file}\n${changedLines(before, after)}`];
    })
    .join("\n");
}

function changedLines(before: string, after: string): string {
  const old = new Set(before.split("\n"));
  return after
    .split("\n")
    .filter((line) => !old.has(line))
    .map((line) => `  ${line.trim()}`)
    .join("\n");
}

const weights = `
weights Tiny from "someone/tiny" {
  config heads = "n_head", ff = "n_inner" else 4 * d
  layout Linear.weight [d out]
  h[i].attn.(q k v) = "h.{i}.c_attn" stack[out]
  * = "{}"
  input ids = "input_ids"
}

generate tiny.lm over seq { sample: greedy }
`;

test("puns are taken apart by their one side or by their other", () => {
  expect(renamed(layer + model.replace("heads = 3", `hea${cursor}ds = 3`) + weights, "n_heads")).toMatchInlineSnapshot(`
    "main.tfm
      model Tiny[seq]{vocab = 50, d = 12, depth = 2, n_heads = 3, ff = 4 * d}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
      repeat i < depth { x = x |> h[i]: Layer{heads: n_heads, ff} }
      config tiny = Tiny{n_heads: 6}
      config n_heads = "n_head", ff = "n_inner" else 4 * d"
  `);
  expect(renamed(layer.replace("{heads, ff}(", `{${cursor}heads, ff}(`) + model + weights, "n")).toMatchInlineSnapshot(`
    "main.tfm
      block Layer[seq, d]{n, ff}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      x += x |> norm_1: LayerNorm |> attn: Attention{heads: n}(mask: causal)
      repeat i < depth { x = x |> h[i]: Layer{n: heads, ff} }"
  `);
});

test("what becomes one name is a pun", () => {
  expect(
    renamed(
      layer.replace("{heads, ff}(", `{n${cursor}, ff}(`).replace("Attention{heads}", "Attention{heads: n}") +
        model.replace("Layer{heads", "Layer{n: heads") +
        weights,
      "heads",
    ),
  ).toMatchInlineSnapshot(`
    "main.tfm
      block Layer[seq, d]{heads, ff}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      x += x |> norm_1: LayerNorm |> attn: Attention{heads}(mask: causal)
      repeat i < depth { x = x |> h[i]: Layer{heads, ff} }"
  `);
});

test("a label takes its rules with it, and the tensors keep their names", () => {
  expect(renamed(layer.replace("attn:", `at${cursor}tn:`) + model + weights, "attention")).toMatchInlineSnapshot(`
    "main.tfm
      x += x |> norm_1: LayerNorm |> attention: Attention{heads}(mask: causal)
      h[i].attention.(q k v) = "h.{i}.c_attn" stack[out]
      h[i].attention.* = "h.{i}.attn.{}""
  `);
});

test("a name that a rule gives is not in need of another", () => {
  const rules = weights.replace('  * = "{}"', '  h[i].mlp.(up down) = "h.{i}.mlp.(c_fc c_proj)"\n  * = "{}"');
  expect(renamed(layer.replace("mlp:", `${cursor}mlp:`) + model + rules, "feed")).toMatchInlineSnapshot(`
    "main.tfm
      return x + (x |> norm_2: LayerNorm |> feed: FFN{ff})
      h[i].feed.(up down) = "h.{i}.mlp.(c_fc c_proj)""
  `);
});

test("where there are no rules, they are made", () => {
  expect(renamed(layer + model.replace("h[i]", `${cursor}h[i]`), "layers")).toMatchInlineSnapshot(`
    "main.tfm
      repeat i < depth { x = x |> layers[i]: Layer{heads, ff} }
      weights Tiny from "main" {
      layers[i].* = "h.{i}.{}"
      * = "{}""
  `);
});

test("a weight's own name", () => {
  const bias = "block Shift[d](x: f32[.., d]) -> f32[.., d] {\n  param by: f32[d] = zeros\n  return x + by\n}\n";
  const shifted = model.replace("return x\n", "return x |> shift: Shift\n");
  const rules = weights.replace("* =", 'leaf Shift.by = "offset" | "beta"\n  * =');
  expect(renamed(bias.replace("+ by", `+ b${cursor}y`) + layer + shifted + weights, "offset")).toMatchInlineSnapshot(`
    "main.tfm
      param offset: f32[d] = zeros
      return x + offset
      shift.offset = "shift.by""
  `);
  expect(renamed(bias.replace("+ by", `+ b${cursor}y`) + layer + shifted + rules, "shift")).toMatchInlineSnapshot(`
    "main.tfm
      param shift: f32[d] = zeros
      return x + shift
      leaf Shift.shift = "offset" | "beta""
  `);
});

test("all files of the project", () => {
  const files = {
    "main.tfm": `import { Layer } from "parts/layer.tfm"\n\n${model}${weights}`,
    "parts/layer.tfm": layer,
  };
  expect(renamed({ ...files, "main.tfm": files["main.tfm"].replace("h[i]: Layer", `h[i]: La${cursor}yer`) }, "Block"))
    .toMatchInlineSnapshot(`
    "main.tfm
      import { Block } from "parts/layer.tfm"
      repeat i < depth { x = x |> h[i]: Block{heads, ff} }
    parts/layer.tfm
      block Block[seq, d]{heads, ff}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {"
  `);
  expect(renamed({ ...files, "parts/layer.tfm": layer.replace("mlp:", `${cursor}mlp:`) }, "feed"))
    .toMatchInlineSnapshot(`
    "main.tfm
      h[i].feed.* = "h.{i}.mlp.{}"
    parts/layer.tfm
      return x + (x |> norm_2: LayerNorm |> feed: FFN{ff})"
  `);
});

const masked = `block B[n, d](x: f32[n, d], w: i32[n]) -> f32[n, d] {
  return attend[n, m](x, x[n -> m], x[n -> m]) { mask: w[n: q] > k }
}
`;

const calling = `fn own(x: f32[..]) -> f32[..] = x

block B[d](x: f32[.., d]) -> f32[.., d] {
  h = own(x)
  return own(h)
}
`;

test.each([
  ["a name of the library", layer.replace("LayerNorm |> attn", `Layer${cursor}Norm |> attn`), "Norm"],
  ["a word", layer.replace("f32[batch", `f${cursor}32[batch`), "f64"],
  ["a keyword", layer.replace("attn:", `att${cursor}n:`), "repeat"],
  ["no name", layer.replace("attn:", `att${cursor}n:`), "self-attention"],
  ["lower case for a block", layer.replace("Layer[", `Layer${cursor}[`), "layer"],
  ["upper case for a layer", layer.replace("attn:", `att${cursor}n:`), "Attn"],
  ["a size of the same block", layer.replace("seq, d]{", `seq${cursor}, d]{`), "d"],
  ["an entry of the same block", layer.replace("{heads, ff}(", `{heads, f${cursor}f}(`), "heads"],
  ["a block of the same file", `${layer}${model.replace("model Tiny", `model Ti${cursor}ny`)}`, "Layer"],
  ["a function that is called", calling.replace("h =", `${cursor}h =`), "own"],
  ["a word of masks", masked.replace("w:", `${cursor}w:`), "q"],
])("refused: %s", (_, source, name) => {
  expect(renamed(source, name)).toMatchSnapshot();
});

test("what cannot be renamed is told before a name is asked for", () => {
  const { text, offset } = withCursor(layer.replace("LayerNorm |> attn", `Layer${cursor}Norm |> attn`));
  expect(prepareRename([snapshotOf(text)], "main.tfm", offset)).toEqual({
    refused: "`LayerNorm` is declared in the standard library, std/layers.tfm",
  });
  expect(prepareRename([snapshotOf(text)], "main.tfm", 0)).toBeUndefined();
  const at = text.indexOf("attn:");
  expect(prepareRename([snapshotOf(text)], "main.tfm", at + 2)).toEqual({
    name: "attn",
    span: { start: at, end: at + 4 },
  });
});
