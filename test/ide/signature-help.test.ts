import { expect, test } from "vitest";
import { signatureHelp } from "../../compiler/ide/index.js";
import { drawn, snapshotOf, withCursor } from "./drawn.js";

/** What pops up over the brackets: the head with its active part underlined, what is said of that, and of the whole. */
function shown(marked: string): string {
  const { text, offset } = withCursor(marked);
  const help = signatureHelp(snapshotOf(text), "main.tfm", offset);
  if (!help) return "nothing";
  const { label, parameters, active, doc } = help;
  const parameter = active === undefined ? undefined : parameters[active];
  const head = parameter ? drawn(label, [{ span: parameter.span, label: parameter.doc }]) : label;
  return doc === undefined ? head : `${head}\n${doc.replace(/\s+/g, " ").split(/(?<=\.) /)[0]}`;
}

const layer = (body: string): string => `block Layer[seq, d]{heads}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  return ${body}
}
`;

test("entries of a block, while its braces are open", () => {
  expect(shown(layer("x |> attn: Attention{‸"))).toMatchInlineSnapshot(`
    "Attention{heads, kv_heads = heads, head_dim = d / heads, bias = true, out_bias = bias, scale = head_dim ^ -0.5, qk_norm = false, eps = 1e-6, p = 0.0}
              ^^^^^ int, needed
    Multi-head attention (Vaswani et al."
  `);
  expect(shown(layer("x |> attn: Attention{heads, kv_heads: 2‸}"))).toMatchInlineSnapshot(`
    "Attention{heads, kv_heads = heads, head_dim = d / heads, bias = true, out_bias = bias, scale = head_dim ^ -0.5, qk_norm = false, eps = 1e-6, p = 0.0}
                     ^^^^^^^^^^^^^^^^ int, heads if left out
    Multi-head attention (Vaswani et al."
  `);
  expect(shown(layer("x |> attn: Attention{heads, kv_heads: 2, ‸}"))).toMatchInlineSnapshot(`
    "Attention{heads, kv_heads = heads, head_dim = d / heads, bias = true, out_bias = bias, scale = head_dim ^ -0.5, qk_norm = false, eps = 1e-6, p = 0.0}
                                       ^^^^^^^^^^^^^^^^^^^^ int, d / heads if left out
    Multi-head attention (Vaswani et al."
  `);
  expect(shown(layer("x |> attn: Attention{p: 0.1, hea‸}"))).toMatchInlineSnapshot(`
    "Attention{heads, kv_heads = heads, head_dim = d / heads, bias = true, out_bias = bias, scale = head_dim ^ -0.5, qk_norm = false, eps = 1e-6, p = 0.0}
              ^^^^^ int, needed
    Multi-head attention (Vaswani et al."
  `);
});

test("inputs of a block: the first is piped in", () => {
  expect(shown(layer("x |> attn: Attention{heads}(‸)"))).toMatchInlineSnapshot(`
    "Attention(x: f32[.., i, d], ctx: f32[.., j, d] = x[i -> j], mask: mask[i, j] = true, score: score[i, j] = s, rotate: fn = id) -> f32[.., i, d]
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ x[i -> j] if left out
    Multi-head attention (Vaswani et al."
  `);
  expect(shown(layer("x |> attn: Attention{heads}(mask: causal & ‸)"))).toMatchInlineSnapshot(`
    "Attention(x: f32[.., i, d], ctx: f32[.., j, d] = x[i -> j], mask: mask[i, j] = true, score: score[i, j] = s, rotate: fn = id) -> f32[.., i, d]
                                                                ^^^^^^^^^^^^^^^^^^^^^^^ true if left out
    Multi-head attention (Vaswani et al."
  `);
  expect(shown(layer("x |> h[0]: Attention{heads: 4}(x, ‸"))).toMatchInlineSnapshot(`
    "Attention(x: f32[.., i, d], ctx: f32[.., j, d] = x[i -> j], mask: mask[i, j] = true, score: score[i, j] = s, rotate: fn = id) -> f32[.., i, d]
                                                                ^^^^^^^^^^^^^^^^^^^^^^^ true if left out
    Multi-head attention (Vaswani et al."
  `);
});

test("functions, masks and primitives", () => {
  expect(shown(layer("x |> a: Attention{heads}(mask: window(‸), rotate: id)"))).toMatchInlineSnapshot(`
    "window(w: int)
           ^^^^^^
    A position sees at most \`w\` positions back, itself included."
  `);
  expect(shown(layer("cross_entropy[d](x, ‸"))).toMatchInlineSnapshot(`
    "cross_entropy(logits: f32[.., n], labels: i32[..], ignore: int = -100, smoothing: real = 0.0) -> f32[]
                                      ^^^^^^^^^^^^^^^
    Mean negative log-likelihood of \`labels\` (nats), over the entries that are not \`ignore\`."
  `);
  expect(shown(layer("cross_entropy[‸](x, x)"))).toMatchInlineSnapshot(`
    "cross_entropy[n](...)
                  ^
    Mean negative log-likelihood of \`labels\` (nats), over the entries that are not \`ignore\`."
  `);
  expect(shown(layer("x |> dropout(‸"))).toMatchInlineSnapshot(`
    "dropout(x, p)
               ^
    In training, drops entries with probability p and scales the rest by 1 / (1 - p)."
  `);
  expect(shown(layer("x |> softmax[‸]"))).toMatchInlineSnapshot(`
    "softmax[a](x)
            ^
    exp(x) over its sum along the axis."
  `);
  expect(shown(layer("conv[h](x, x, stride: 2, ‸"))).toMatchInlineSnapshot(`
    "conv[h, w](x, weight, stride: 2, padding: 1, groups: 1)
                                     ^^^^^^^^^^
    The cross-correlation of x [.., c, h, w] with weight [out, c / groups, kh, kw]: [.., out, h', w'], where h' = (h + 2 * padding - kh) // stride + 1."
  `);
  expect(shown(layer("conv[h](x, x, stride: ‸"))).toMatchInlineSnapshot(`
    "conv[h, w](x, weight, stride: 2, padding: 1, groups: 1)
                          ^^^^^^^^^
    The cross-correlation of x [.., c, h, w] with weight [out, c / groups, kh, kw]: [.., out, h', w'], where h' = (h + 2 * padding - kh) // stride + 1."
  `);
});

test("the inner brackets count; groups of an expression do not", () => {
  expect(shown(layer("x |> a: Linear{out: max(d, (heads + ‸) * 2)}"))).toMatchInlineSnapshot(`
    "max(a, b)
           ^
    The larger of two."
  `);
  expect(shown(layer("x |> a: Linear{out: (heads + ‸) * 2}"))).toMatchInlineSnapshot(`
    "Linear{out, bias = true}
           ^^^ int, needed
    A learned affine map of the last axis: y = x·W + b."
  `);
});

test("attention, clause by clause", () => {
  expect(shown(layer("attend[i, j](x, ‸"))).toMatchInlineSnapshot(`
    "attend[i, j](query: f32[.., i, c], key: f32[.., j, c], value: f32[.., j, e]) -> f32[.., i, e]
                                       ^^^^^^^^^^^^^^^^^^
    The softmax over the keys of \`scale\` times the product of queries and keys, changed by \`score\`, where \`mask\` is true, times the values."
  `);
  expect(shown(layer("attend[i, j](x, x, x) { scale: 0.5, mask: ‸ }"))).toMatchInlineSnapshot(`
    "attend[i, j](query, key, value) { scale: real = 1.0, mask = true, score = s, dropout: real = 0.0 }
                                                         ^^^^^^^^^^^ which keys \`k\` a query \`q\` sees
    The softmax over the keys of \`scale\` times the product of queries and keys, changed by \`score\`, where \`mask\` is true, times the values."
  `);
});

test("a config: entries of the model and of its tasks", () => {
  const model = `model M[seq]{d = 64, act: fn = gelu}(x: f32[batch, seq, d]) -> f32[batch, seq, d] { return x |> act }
task classify{classes = 2}() on M as x -> f32[batch, classes] { return mean[seq](x) |> head: Linear{out: classes} }
`;
  expect(shown(`${model}config m = M{classes: ‸}`)).toMatchInlineSnapshot(`
    "M{d = 64, act: fn = gelu, classes = 2}
                              ^^^^^^^^^^^ int, 2 if left out, of the task classify"
  `);
  expect(shown(`${model}config m = M{d: 8, ‸`)).toMatchInlineSnapshot(`
    "M{d = 64, act: fn = gelu, classes = 2}
              ^^^^^^^^^^^^^^ fn, gelu if left out"
  `);
});

test("nothing in a body, in a comment, or outside of brackets", () => {
  expect(shown(layer("‸x"))).toBe("nothing");
  expect(shown(layer("x |> a: Linear{out: d} # Linear{‸"))).toBe("nothing");
  expect(shown("‸")).toBe("nothing");
  expect(shown(layer("x |> Unknown{‸}"))).toBe("nothing");
});
