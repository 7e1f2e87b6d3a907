import { expect, test } from "vitest";
import { definition, highlights, references } from "../../compiler/ide/index.js";
import { cursor, cursorIn, drawn, snapshotOf, withCursor, type Files } from "./drawn.js";
import { layer, tiny } from "./tiny.js";

/** The places of a name under the cursor, drawn file by file. */
function referencesIn(marked: Files, withDeclaration = true): string {
  const { files, entry, offset } = cursorIn(marked);
  const snapshots = Object.keys(files).map((file) => snapshotOf(files, file));
  const found = references(snapshots, entry, offset, { withDeclaration });
  const names = [...new Set(found.map(({ file }) => file))];
  return names
    .map((name) => {
      const ranges = found.flatMap(({ file, span }) => (file === name ? [{ span }] : []));
      return `${name}\n${drawn(snapshots[0]?.source(name)?.text ?? files[name] ?? "", ranges)}`;
    })
    .join("\n");
}

function definitionIn(marked: Files): string {
  const { files, entry, offset } = cursorIn(marked);
  const snapshot = snapshotOf(files, entry);
  return definition(snapshot, entry, offset)
    .map(({ file, nameSpan }) => `${file}\n${drawn(snapshot.source(file)?.text ?? "", [{ span: nameSpan }])}`)
    .join("\n");
}

function highlightsIn(marked: string): string {
  const { text, offset } = withCursor(marked);
  const found = highlights(snapshotOf(text), "main.tfm", offset);
  return drawn(
    text,
    found.map(({ span, role }) => ({ span, label: role })),
  );
}

const model = `${tiny}check params(tiny.lm) == 5_000

weights Tiny from "someone/tiny" {
  config heads = "n_head", ff = "n_inner" else 4 * d
  layout Linear.weight [d out]
  h[i].attn.(q k v) = "h.{i}.c_attn" stack[out]
  * = "{}"
  input ids = "input_ids"
}

generate tiny.lm over seq { sample: greedy }
`;

test("an entry is found in its block, in what is given to it, in configs and in weights", () => {
  expect(referencesIn(layer + model.replace("heads = 3", `hea${cursor}ds = 3`))).toMatchInlineSnapshot(`
    "main.tfm
    model Tiny[seq]{vocab = 50, d = 12, depth = 2, heads = 3, ff = 4 * d}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
                                                   ^^^^^
      repeat i < depth { x = x |> h[i]: Layer{heads, ff} }
                                              ^^^^^
    config tiny = Tiny{heads: 6}
                       ^^^^^
      config heads = "n_head", ff = "n_inner" else 4 * d
             ^^^^^"
  `);
});

test("a pun is the caller's and the callee's name: both are found", () => {
  expect(referencesIn(layer + model.replace("Layer{heads", `Layer{${cursor}heads`))).toMatchInlineSnapshot(`
    "main.tfm
    block Layer[seq, d]{heads, ff}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
                        ^^^^^
      x += x |> norm_1: LayerNorm |> attn: Attention{heads}(mask: causal)
                                                     ^^^^^
    model Tiny[seq]{vocab = 50, d = 12, depth = 2, heads = 3, ff = 4 * d}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
                                                   ^^^^^
      repeat i < depth { x = x |> h[i]: Layer{heads, ff} }
                                              ^^^^^
                                              ^^^^^
    config tiny = Tiny{heads: 6}
                       ^^^^^
      config heads = "n_head", ff = "n_inner" else 4 * d
             ^^^^^"
  `);
});

test("a label is found where the layer is used and in the addresses of weights", () => {
  expect(referencesIn(layer.replace("attn:", `att${cursor}n:`) + model)).toMatchInlineSnapshot(`
    "main.tfm
      x += x |> norm_1: LayerNorm |> attn: Attention{heads}(mask: causal)
                                     ^^^^
      h[i].attn.(q k v) = "h.{i}.c_attn" stack[out]
           ^^^^"
  `);
  expect(referencesIn(layer + model.replace("embed.weight", `${cursor}embed.weight`))).toMatchInlineSnapshot(`
    "main.tfm
      x = ids |> embed: Embedding{size: vocab, d}
                 ^^^^^
      return dot[d](x, embed.weight)
                       ^^^^^"
  `);
});

test("a size is found in its block's and its tasks' types, and behind `over`", () => {
  expect(referencesIn(layer + model.replace("Tiny[seq]", `Tiny[${cursor}seq]`))).toMatchInlineSnapshot(`
    "main.tfm
    model Tiny[seq]{vocab = 50, d = 12, depth = 2, heads = 3, ff = 4 * d}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
               ^^^                                                                        ^^^                 ^^^
    task lm() on Tiny as x -> f32[batch, seq, vocab] {
                                         ^^^
    generate tiny.lm over seq { sample: greedy }
                          ^^^"
  `);
});

test("a block is found in all files that import it", () => {
  const files = {
    "main.tfm": `import { Layer } from "parts/layer.tfm"\n\n${model}`,
    "other.tfm": `import { Layer } from "parts/layer.tfm"\n\nblock Twice[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  return x |> a: Layer{heads: 1, ff: 5} |> b: Layer{heads: 1, ff: 7}\n}\n`,
    "parts/layer.tfm": layer.replace("Layer[", `Layer${cursor}[`),
  };
  expect(referencesIn(files)).toMatchInlineSnapshot(`
    "main.tfm
    import { Layer } from "parts/layer.tfm"
             ^^^^^
      repeat i < depth { x = x |> h[i]: Layer{heads, ff} }
                                        ^^^^^
    other.tfm
    import { Layer } from "parts/layer.tfm"
             ^^^^^
      return x |> a: Layer{heads: 1, ff: 5} |> b: Layer{heads: 1, ff: 7}
                     ^^^^^                        ^^^^^
    parts/layer.tfm
    block Layer[seq, d]{heads, ff}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          ^^^^^"
  `);
  expect(referencesIn(files, false)).toBe(
    referencesIn(files)
      .split("\n")
      .filter((line) => !line.startsWith("parts/layer.tfm"))
      .slice(0, -2)
      .join("\n"),
  );
});

test("a definition leads into the library", () => {
  expect(definitionIn(layer.replace("Attention{", `Atten${cursor}tion{`))).toMatchInlineSnapshot(`
    "std/attention.tfm
    block Attention[i, j, d]{
          ^^^^^^^^^"
  `);
  expect(definitionIn(layer.replace("mask: causal", `m${cursor}ask: causal`))).toMatchInlineSnapshot(`
    "std/attention.tfm
    }(x: f32[.., i, d], ctx: f32[.., j, d] = x[i -> j], mask: mask[i, j] = true, score: score[i, j] = s, rotate: fn = id)
                                                        ^^^^"
  `);
});

test("a definition of a pun is two, of an import's path the file", () => {
  expect(definitionIn(layer.replace("FFN{ff}", `FFN{f${cursor}f}`))).toMatchInlineSnapshot(`
    "main.tfm
    block Layer[seq, d]{heads, ff}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
                               ^^
    std/layers.tfm
    block FFN[d]{ff = 4 * d, act: fn = gelu, bias = true}(x: f32[.., d]) -> f32[.., d] {
                 ^^"
  `);
  const files = { "main.tfm": `import { Layer } from "parts/${cursor}layer.tfm"\n`, "parts/layer.tfm": layer };
  expect(definitionIn(files)).toMatchInlineSnapshot(`
    "parts/layer.tfm
    block Layer[seq, d]{heads, ff}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
    ^"
  `);
});

test("what is written and what is read are highlighted, in the same scope alone", () => {
  const source = `fn two[n](x: f32[n], flag: bool) -> f32[n] {
  y = x * 2.0
  repeat i < 3 { y += x  z = y }
  repeat i < 2 { y *= x  z = y }
  return y
}
`;
  expect(highlightsIn(source.replace("return y", `return ${cursor}y`))).toMatchInlineSnapshot(`
    "  y = x * 2.0
      ^ declares
      repeat i < 3 { y += x  z = y }
                     ^ writes
                                 ^ reads
      repeat i < 2 { y *= x  z = y }
                     ^ writes
                                 ^ reads
      return y
             ^ reads"
  `);
  expect(highlightsIn(source.replace("repeat i < 3", `repeat ${cursor}i < 3`))).toMatchInlineSnapshot(`
    "  repeat i < 3 { y += x  z = y }
             ^ declares"
  `);
});

test("a weight, a label and an entry of one name are three things", () => {
  const source = `block Odd[d]{bias = true}(x: f32[.., d]) -> f32[.., d] {
  param bias: f32[d] = zeros when cfg.bias
  y = x |> bias: Linear{out: d, bias: false}
  return if cfg.bias then y + bias.weight else y
}
`;
  expect(highlightsIn(source.replace("{bias =", `{${cursor}bias =`))).toMatchInlineSnapshot(`
    "block Odd[d]{bias = true}(x: f32[.., d]) -> f32[.., d] {
                 ^^^^ declares
      param bias: f32[d] = zeros when cfg.bias
                                          ^^^^ reads
      return if cfg.bias then y + bias.weight else y
                    ^^^^ reads"
  `);
  expect(highlightsIn(source.replace("bias.weight", `${cursor}bias.weight`))).toMatchInlineSnapshot(`
    "  y = x |> bias: Linear{out: d, bias: false}
               ^^^^ declares
      return if cfg.bias then y + bias.weight else y
                                  ^^^^ reads"
  `);
});

test("`q` in a mask is the language's, and the layer `q` is the block's", () => {
  const source = `block Own[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  q = x |> q: Linear{out: d}
  k = x[seq -> src] |> k: Linear{out: d}
  return attend[seq, src](q, k, k) { mask: k <= q & q - k < 4 }
}
`;
  expect(highlightsIn(source.replace("k <= q", `k <= ${cursor}q`))).toMatchInlineSnapshot(`
    "  return attend[seq, src](q, k, k) { mask: k <= q & q - k < 4 }
                                                    ^ reads
                                                        ^ reads"
  `);
  expect(highlightsIn(source.replace("](q, k", `](${cursor}q, k`))).toMatchInlineSnapshot(`
    "  q = x |> q: Linear{out: d}
      ^ declares
      return attend[seq, src](q, k, k) { mask: k <= q & q - k < 4 }
                              ^ reads"
  `);
});

test("a tensor called like an axis is not the axis, a number is", () => {
  const source = `block Two[n, d](x: f32[n, d]) -> f32[n, d] {
  far = x[n -> far]
  half = d // 2
  return x[d: ..half] + mean[far](far)[d: 0..half]
}
`;
  expect(highlightsIn(source.replace("far = x", `${cursor}far = x`))).toMatchInlineSnapshot(`
    "  far = x[n -> far]
      ^^^ declares
      return x[d: ..half] + mean[far](far)[d: 0..half]
                                      ^^^ reads"
  `);
  expect(highlightsIn(source.replace("-> far", `-> ${cursor}far`))).toMatchInlineSnapshot(`
    "  far = x[n -> far]
                   ^^^ declares
      return x[d: ..half] + mean[far](far)[d: 0..half]
                                 ^^^ reads"
  `);
  expect(highlightsIn(source.replace("half = d", `${cursor}half = d`))).toMatchInlineSnapshot(`
    "  half = d // 2
      ^^^^ declares
      return x[d: ..half] + mean[far](far)[d: 0..half]
                    ^^^^ reads
                                                 ^^^^ reads"
  `);
});
