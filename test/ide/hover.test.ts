import { expect, test } from "vitest";
import { gpt, text, told } from "./told.js";

test("a value: its type for every size, and under the first config of its model", () => {
  expect(told(gpt("logits ="))).toMatchInlineSnapshot(`
    "  logits = dot[d](x, wte.weight)
      ^^^^^^

    \`\`\`tfm
    logits: f32[batch, seq, vocab]
    \`\`\`

    \`tiny\`: \`f32[batch, seq, 1000]\`"
  `);
});

test("the config that was chosen", () => {
  expect(text(gpt("logits ="), { config: "wide" })).toMatchInlineSnapshot(`
    "\`\`\`tfm
    logits: f32[batch, seq, vocab]
    \`\`\`

    \`wide\`: \`f32[batch, seq, 1000]\`"
  `);
  expect(text(gpt("x + (h"), { config: "wide" })).toMatchInlineSnapshot(`
    "\`\`\`tfm
    x: f32[batch, seq, d]
    \`\`\`

    \`wide\`: \`f32[batch, seq, 96]\`

    Input of \`Layer\`."
  `);
});

test("a number that follows from the config", () => {
  expect(text(gpt("wide = 2"))).toMatchInlineSnapshot(`
    "\`\`\`tfm
    wide = 2*d
    \`\`\`

    \`tiny\`: \`128\`"
  `);
});

test("a block where it is applied; a function and a primitive in a pipe", () => {
  expect(told(gpt("LayerNorm |> attn"))).toMatchInlineSnapshot(`
    "  x += x |> ln_1: LayerNorm |> attn: Attention{heads}(mask: causal & window(3)) |> dropout(p)
                      ^^^^^^^^^

    \`\`\`tfm
    block LayerNorm[d]{eps = 1e-5}(x: f32[.., d]) -> f32[.., d]
    \`\`\`

    Layer normalisation over the last axis (Ba et al. 2016).

    Gives \`f32[batch, seq, d]\`; \`tiny\`: \`f32[batch, seq, 64]\`

    \`tiny\`:
    - \`h[i].ln_1\`: 3 layers, in each 128 parameters = \`2*d\`"
  `);
  expect(told(gpt("dropout"))).toMatchInlineSnapshot(`
    "  x += x |> ln_1: LayerNorm |> attn: Attention{heads}(mask: causal & window(3)) |> dropout(p)
                                                                                       ^^^^^^^

    \`\`\`tfm
    dropout(x, p)
    \`\`\`

    In training, drops entries with probability p and scales the rest by 1 / (1 - p).

    Gives \`f32[batch, seq, d]\`; \`tiny\`: \`f32[batch, seq, 64]\`"
  `);
});

test("a pun is two things", () => {
  expect(told(gpt("heads}(mask"))).toMatchInlineSnapshot(`
    "  x += x |> ln_1: LayerNorm |> attn: Attention{heads}(mask: causal & window(3)) |> dropout(p)
                                                   ^^^^^

    \`\`\`tfm
    heads: int
    \`\`\`

    Config of \`Layer\`, without a default.

    \`tiny\`: \`4\`

    ---

    \`\`\`tfm
    heads: int
    \`\`\`

    Config of \`Attention\`, without a default."
  `);
});

test("inputs, sizes, axes and counters", () => {
  expect(told(gpt("keep: bool"))).toMatchInlineSnapshot(`
    "    (ids: i32[batch, seq], keep: bool[batch, seq] = true) -> f32[batch, seq, d] where seq <= ctx {
                               ^^^^

    \`\`\`tfm
    keep: bool[batch, seq] = true
    \`\`\`

    Input of \`Gpt\`, \`true\` if left out."
  `);
  expect(text(gpt("seq, d]{heads", 5))).toMatchInlineSnapshot(`
    "\`\`\`tfm
    d
    \`\`\`

    Size of \`Layer\`, read off its inputs, and the axis of that size.

    \`tiny\`: \`64\`"
  `);
  expect(text(gpt("i < depth"))).toMatchInlineSnapshot(`
    "\`\`\`tfm
    repeat i < depth
    \`\`\`

    \`i\` is 0, 1, 2, ... in one turn after the other.

    \`tiny\`: \`3\` turns"
  `);
  expect(
    text(`block Split[n, d]{heads}(x: f32[.., n, d]) -> f32[.., n, heads, c: d / heads] where d % heads == 0 {
  return x |> rearrange[.. n (heads ‸c) -> .. n heads c; heads = heads]
}
`),
  ).toMatchInlineSnapshot(`
    "\`\`\`tfm
    c = d / heads
    \`\`\`

    Axis."
  `);
});

test("a mask: what it says of itself, and its picture", () => {
  expect(told(gpt("window(3)"))).toMatchInlineSnapshot(`
    "  x += x |> ln_1: LayerNorm |> attn: Attention{heads}(mask: causal & window(3)) |> dropout(p)
                                                                         ^^^^^^

    \`\`\`tfm
    mask window(w: int) = q - k < w
    \`\`\`

    A position sees at most \`w\` positions back, itself included.

    \`window(3)\`: which keys \`k\` a query \`q\` sees

    \`\`\`text
       k 0                    11
     q 0 ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■
         ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■
         ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■
         □ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■
         □ □ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■
         □ □ □ ■ ■ ■ ■ ■ ■ ■ ■ ■
         □ □ □ □ ■ ■ ■ ■ ■ ■ ■ ■
         □ □ □ □ □ ■ ■ ■ ■ ■ ■ ■
         □ □ □ □ □ □ ■ ■ ■ ■ ■ ■
         □ □ □ □ □ □ □ ■ ■ ■ ■ ■
         □ □ □ □ □ □ □ □ ■ ■ ■ ■
      11 □ □ □ □ □ □ □ □ □ ■ ■ ■
    \`\`\`

    \`causal & window(3)\`: which keys \`k\` a query \`q\` sees

    \`\`\`text
       k 0                    11
     q 0 ■ □ □ □ □ □ □ □ □ □ □ □
         ■ ■ □ □ □ □ □ □ □ □ □ □
         ■ ■ ■ □ □ □ □ □ □ □ □ □
         □ ■ ■ ■ □ □ □ □ □ □ □ □
         □ □ ■ ■ ■ □ □ □ □ □ □ □
         □ □ □ ■ ■ ■ □ □ □ □ □ □
         □ □ □ □ ■ ■ ■ □ □ □ □ □
         □ □ □ □ □ ■ ■ ■ □ □ □ □
         □ □ □ □ □ □ ■ ■ ■ □ □ □
         □ □ □ □ □ □ □ ■ ■ ■ □ □
         □ □ □ □ □ □ □ □ ■ ■ ■ □
      11 □ □ □ □ □ □ □ □ □ ■ ■ ■
    \`\`\`"
  `);
});

test("the picture is an image where one can be shown", () => {
  const markdown = text(gpt("causal"), { images: true });
  const [, data = ""] = /!\[.*\]\(data:image\/svg\+xml;base64,([A-Za-z0-9+/=]+)\)/.exec(markdown) ?? [];
  expect(atob(data)).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="\d+" height="\d+".*<\/svg>$/);
  expect(markdown).not.toContain("■");
});

test("a positional encoding, as an image", () => {
  const rotated = `block Turn[n, d](x: f32[.., n, d]) -> f32[.., n, d] where d % 2 == 0 { return x |> ‸rope }\n`;
  expect(text(rotated, { images: true })).toMatch(
    /Gives `f32\[.., n, d\]`\n\nWhere the pair.*\n\n!\[the encoding rope\]\(data:/,
  );
  expect(text(rotated)).not.toContain("![");
});

test("words of the language", () => {
  expect(told(gpt("repeat"))).toMatchInlineSnapshot(`
    "  repeat i < depth { x = x |> h[i]: Layer{heads, ff} }
      ^^^^^^

    \`\`\`tfm
    repeat
    \`\`\`

    Layers after each other: \`repeat i < n { ... }\` reads its body for i = 0, 1, ..., n - 1. What goes round keeps its shape."
  `);
  expect(text(gpt("|> ln_1"))).toMatchInlineSnapshot(`
    "\`\`\`tfm
    |>
    \`\`\`

    Hands the value on to a layer or a function. It binds loosest: \`x + y |> f\` is \`(x + y) |> f\`."
  `);
  expect(text(gpt("stack[out]"))).toMatchInlineSnapshot(`
    "\`\`\`tfm
    stack
    \`\`\`

    The tensors of the group are one on disk, joined along this axis."
  `);
  expect(text(gpt("top_p"))).toMatchInlineSnapshot(`
    "\`\`\`tfm
    top_p
    \`\`\`

    One of the likeliest that together have this probability."
  `);
  expect(text("mask near = ‸q - k < 3\n")).toMatchInlineSnapshot(`
    "\`\`\`tfm
    q
    \`\`\`

    The position of the query.

    Which keys \`k\` a query \`q\` sees

    \`\`\`text
       k 0                    11
     q 0 ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■
         ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■
         ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■
         □ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■
         □ □ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■
         □ □ □ ■ ■ ■ ■ ■ ■ ■ ■ ■
         □ □ □ □ ■ ■ ■ ■ ■ ■ ■ ■
         □ □ □ □ □ ■ ■ ■ ■ ■ ■ ■
         □ □ □ □ □ □ ■ ■ ■ ■ ■ ■
         □ □ □ □ □ □ □ ■ ■ ■ ■ ■
         □ □ □ □ □ □ □ □ ■ ■ ■ ■
      11 □ □ □ □ □ □ □ □ □ ■ ■ ■
    \`\`\`"
  `);
});

test("any other part of an expression: its type", () => {
  expect(told(gpt("* scale"))).toMatchInlineSnapshot(`
    "  x = (ids |> wte: Embedding{size: vocab, d}) * scale
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    \`\`\`tfm
    f32[batch, seq, d]
    \`\`\`

    \`tiny\`: \`f32[batch, seq, 64]\`"
  `);
});

test("a block that is put to use in several ways", () => {
  expect(
    text(`block Half[d](x: f32[.., d]) -> f32[.., d / 2] where d % 2 == 0 {
  ‸y = x |> down: Linear{out: d / 2}
  return y
}
model M{d = 16}(x: f32[batch, d]) -> f32[batch, d / 4] where d % 4 == 0 {
  return x |> first: Half |> second: Half
}
config m = M{}
`),
  ).toMatchInlineSnapshot(`
    "\`\`\`tfm
    y: f32[.., d / 2]
    \`\`\`

    \`m\`: \`f32[batch, 8]\` or \`f32[batch, 4]\`"
  `);
});

test("what is imported is told as it stands there", () => {
  const others = {
    "parts.tfm":
      "## Twice as wide.\nblock Widen[d](x: f32[.., d]) -> f32[.., 2 * d] { return x |> up: Linear{out: 2 * d} }\n",
  };
  expect(told('import { ‸Widen } from "parts.tfm"\n', {}, others)).toMatchInlineSnapshot(`
    "import { Widen } from "parts.tfm"
             ^^^^^

    \`\`\`tfm
    block Widen[d](x: f32[.., d]) -> f32[.., 2 * d]
    \`\`\`

    Twice as wide."
  `);
});

test("declarations beside a broken one; nothing where nothing is", () => {
  const broken = `block Broken[d](x: f32[.., d]) -> f32[.., d] {
  return x |> (
`;
  expect(text(`${broken}\nblock Whole[d](x: f32[.., d]) -> f32[.., d] { ‸y = x\n  return y }\n`))
    .toMatchInlineSnapshot(`
    "\`\`\`tfm
    y: f32[.., d]
    \`\`\`"
  `);
  expect(told(`${broken}‸`)).toBe("nothing");
  expect(told("# only a com‸ment\n")).toBe("nothing");
  expect(told("‸")).toBe("nothing");
});

test("a config with mistakes gives no numbers", () => {
  expect(text(gpt("logits =").replace("Gpt{}", "Gpt{d: 7}").replace("d: 96", "d: 97"))).toMatchInlineSnapshot(`
    "\`\`\`tfm
    logits: f32[batch, seq, vocab]
    \`\`\`"
  `);
});

const counting = `block Counting[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d], i32[] {
  state seen: i32[] = 0
  seen := seen + seq
  return x[seq -> rows][rows -> seq], seen
}

model Reader[seq]{d = 6}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  y, seen = x |> count: Counting
  return y
}

config   small    = Reader{}
weights Reader from "someone/reader" {
  type "reader"
  config d = "hidden_size" else 6
  expect "bias" = true
  input x = "pixels"
}
`;

const on = (before: string, after: string): string =>
  text(counting.replace(before + after, `${before}‸${after}`)).replace(/```tfm\n|\n```/g, "");

test("a cell, several results, another name of an axis, and a config without what lines it up", () => {
  expect([on("seen", " := "), on("Count", "ing\n"), on("x[seq ", "-> rows"), on("small", "  ")].join("\n------\n"))
    .toMatchInlineSnapshot(`
    "state seen: i32[] = 0

    A cell that keeps its value from one call to the next; \`:=\` stores what the next call finds.
    ------
    block Counting[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d], i32[]

    Gives \`f32[batch, seq, d], i32[]\`; \`small\`: \`f32[batch, seq, 6], i32[]\`

    \`small\`:
    - \`count\`
    ------
    ->

    What comes out; in \`x[i -> j]\`, the axis \`i\` under the name \`j\`.
    ------
    config small = Reader{}"
  `);
});

test("fields of a checkpoint's config.json, and what the outside calls an input", () => {
  expect([on('"read', "er"), on('"hidden_', "size"), on('"bi', 'as"'), on('"pix', "els")].join("\n------\n"))
    .toMatchInlineSnapshot(`
    "The \`model_type\` of the checkpoint's config.json.
    ------
    Field of the checkpoint's config.json; \`d\` is read from it.
    ------
    What a field of the checkpoint's config.json must be, where it is there.
    ------
    What an input is called outside."
  `);
});
