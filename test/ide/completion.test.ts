/** What is offered at the cursor, `‸`, the first of it: `label  detail`. */
import { expect, test } from "vitest";
import { complete, type Host, type Suggestion } from "../../compiler/ide/index.js";
import { snapshotOf, withCursor, type Files } from "./drawn.js";

function offered(
  marked: string,
  host: Host = {},
  others: Readonly<Record<string, string>> = {},
): readonly Suggestion[] {
  const { text, offset } = withCursor(marked);
  const files: Files = { "main.tfm": text, ...others };
  return complete(snapshotOf(files), "main.tfm", offset, host)?.items ?? [];
}

/** The first `count`, a line each, as a list in an editor shows them. */
function first(count: number, marked: string, host?: Host, others?: Readonly<Record<string, string>>): string {
  const items = offered(marked, host, others);
  const lines = items
    .slice(0, count)
    .map(({ label, kind, detail }) => `${label}  ${kind}${detail ? `  ${detail}` : ""}`);
  return `\n${lines.join("\n")}\n${items.length > count ? `... ${items.length - count} more\n` : ""}`;
}

const labels = (marked: string, host?: Host): readonly string[] => offered(marked, host).map(({ label }) => label);

const model = `model Decoder[seq]{vocab = 1000, d = 64, heads = 4, act: fn = gelu}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
  x = ids |> token: Embedding{size: vocab, d}
  repeat i < 2 { x = x |> attn[i]: Attention{heads}(mask: causal) |> mlp[i]: FFN{ff: 4 * d, act} }
  return x
}

task lm{smoothing = 0.0}() on Decoder as x -> f32[batch, seq, vocab] {
  return dot[d](x, token.weight)
}

config small = Decoder{}
`;

const layer = (body: string): string =>
  `block Layer[seq, d]{heads, ff = 4 * d, act: fn = gelu}(x: f32[batch, seq, d], keep: bool[batch, seq]) -> f32[batch, seq, d] {\n  ${body}\n}\n`;

test.each([
  ["a value", layer("y = x |> up: Linear{out: ff}\n  return ‸")],
  ["a stage", layer("return x |> norm: LayerNorm |> ‸")],
  ["a block behind its label", layer("return x |> attn: ‸")],
  ["entries, with what is needed first", layer("return x |> attn: Attention{‸")],
  ["entries that are left", layer("return x |> attn: Attention{heads, ‸, bias: true}")],
  ["a whole number", layer("return x |> mlp: FFN{ff: ‸}")],
  ["a function", layer("return x |> mlp: FFN{act: ‸")],
  ["a string", layer("return x |> attn: Attention{heads}(rotate: rope(pairs: ‸")],
  ["inputs", layer("return x |> attn: Attention{heads}(‸)")],
  ["a mask", layer("return x |> attn: Attention{heads}(mask: ‸")],
  ["a part of a mask", layer("return x |> attn: Attention{heads}(mask: causal & (‸")],
  ["a score", layer("return x |> attn: Attention{heads}(score: s |> ‸)")],
  ["the axes of what is piped", layer("return x |> up: Linear{out: ff} |> softmax[‸")],
  ["the axes of an argument", layer("return softmax[‸](x)")],
  ["the axes of a value", layer("y = x[‸]\n  return x")],
  ["axes to rearrange", layer("return x |> rearrange[‸")],
  ["axes to put together", layer("return x |> rearrange[batch seq (heads c) -> batch ‸")],
  ["positions", layer("return x + real(@‸)")],
  ["entries by `cfg`", layer("return if cfg.‸")],
  ["weights of a layer", layer("y = x |> up: Linear{out: ff}\n  return dot[ff](y, up.‸)")],
  ["clauses of attend", layer("return attend[seq, j](x, x, x) { scale: 1.0, ‸ }")],
  ["a mask of attend", layer("return attend[seq, j](x, x, x) { head = 0, mask: ‸")],
  ["a statement", layer("y = x\n  ‸")],
  ["another branch", layer("if heads > 1 { y = x } ‸\n  return y")],
  ["a type", "block Layer[seq, d](x: ‸"],
  ["the axes of a type", "block Layer[seq, d]{heads}(x: f32[‸"],
  ["the kind of an entry", "block Layer[d]{act: ‸"],
  ["a weight's start", layer("param w: f32[d] = ‸")],
  ["a fact", layer("return x").replace(" {\n", " where ‸ {\n")],
  ["a model's task", "task lm() on ‸\n\n" + model],
  ["a mask's own words", "mask near(w: int) = ‸"],
])("%s", (_, marked) => {
  expect(first(7, marked)).toMatchSnapshot();
});

test.each([
  ["declarations", `${model}\n‸`],
  ["models", `${model}config large = ‸`],
  ["entries of a model and its tasks", `${model}config large = Decoder{d: 128, ‸}`],
  ["a function of a config", `${model}config large = Decoder{\n  d: 128\n  act: ‸\n}`],
  ["configs", `${model}check params(‸`],
  ["tasks", `${model}check params(small.‸`],
  ["what a text grows along", `${model}generate small.lm over ‸`],
  ["settings", `${model}generate small.lm over seq { stop: 2, ‸ }`],
  ["samplers", `${model}generate small.lm over seq { sample: ‸ }`],
  ["settings of a sampler", `${model}generate small.lm over seq { sample: beam(4, ‸`],
  ["settings of training", `${model}train small.lm {\n  clip: 1.0\n  ‸\n}`],
  ["optimizers", `${model}train small.lm { optimizer: ‸`],
  ["numbers of an optimizer", `${model}train small.lm { optimizer: adamw(lr: 1e-4, ‸`],
  ["weights to quantize", `${model}quantize small {\n  ‸\n}`],
  ["ways to quantize", `${model}quantize small { Linear.weight = ‸ }`],
  ["axes to quantize along", `${model}quantize small { Linear.weight = int8[‸] }`],
  ["rules", `${model}weights Decoder from "x" {\n  ‸\n}`],
  ["addresses", `${model}weights Decoder from "x" {\n  attn[i].q = "q"\n  attn[i].‸\n}`],
  ["a group of addresses", `${model}weights Decoder from "x" {\n  attn[i].(q ‸\n}`],
  ["entries for fields", `${model}weights Decoder from "x" {\n  config d = "hidden_size", ‸\n}`],
  [
    "functions for the values of a field",
    `${model}weights Decoder from "x" {\n  config act = "hidden_act" is {"gelu": ‸}\n}`,
  ],
  ["blocks that have weights", `${model}weights Decoder from "x" {\n  layout ‸\n}`],
  ["how a weight is stored", `${model}weights Decoder from "x" {\n  layout Linear.weight [‸]\n}`],
  ["what to stack along", `${model}weights Decoder from "x" {\n  attn[i].(q k v) = "qkv" stack[‸]\n}`],
])("%s", (_, marked) => {
  expect(first(7, marked)).toMatchSnapshot();
});

test("names in a checkpoint, as a rule for all layers says them", () => {
  const checkpointNames = (): string[] => ["h.0.attn.q_proj.weight", "h.1.attn.q_proj.weight", "wte.weight"];
  const marked = `${model}weights Decoder from "x" {\n  attn[i].q = "‸"\n}`;
  expect(first(7, marked, { checkpointNames })).toMatchInlineSnapshot(`
    "
    attn.{i}.q  text  its own address
    h.{i}.attn.q_proj  text  in the checkpoint
    wte  text  in the checkpoint
    "
  `);
});

test("fields of a checkpoint's config.json", () => {
  const configFields = (): string[] => ["hidden_size", "num_attention_heads"];
  expect(first(7, `${model}weights Decoder from "x" {\n  config d = "‸\n}`, { configFields })).toMatchInlineSnapshot(`
    "
    hidden_size  text  field of config.json
    num_attention_heads  text  field of config.json
    "
  `);
});

test("what a file offers to import", () => {
  const others = {
    "parts.tfm": "## Twice as wide.\nblock Wide = Linear{bias: false}\nblock Thin = Linear{bias: true}\n",
  };
  expect(first(7, 'import { Thin, ‸ } from "parts.tfm"', {}, others)).toMatchInlineSnapshot(`
    "
    Wide  block  block Wide = Linear{bias: false}
    "
  `);
  expect(first(7, 'import { Thin } from "‸"', { filesBeside: () => ["parts.tfm"] }, others)).toMatchInlineSnapshot(`
    "
    std  file  the standard library, whose names need no import
    parts.tfm  file
    "
  `);
});

test("a block of another file brings its import", () => {
  const text = "block Wide = Linear{bias: false}\n";
  const other = snapshotOf({ "parts.tfm": text }, "parts.tfm");
  const marked = `outer beam\n\n${layer("return x |> up: Wi‸")}`;
  const wide = offered(marked, { others: [other] }).find(({ label }) => label === "Wide");
  expect(wide).toMatchInlineSnapshot(`
    {
      "detail": "from "parts.tfm"",
      "documentation": "\`\`\`tfm
    block Wide = Linear{bias: false}
    \`\`\`",
      "edits": [
        {
          "file": "main.tfm",
          "span": {
            "end": 0,
            "start": 0,
          },
          "text": "import { Wide } from "parts.tfm"

    ",
        },
      ],
      "kind": "block",
      "label": "Wide",
    }
  `);
});

test("what a block needs is a gap to fill, and what has its name already is only named", () => {
  const blocks = (marked: string): unknown => offered(marked).find(({ label }) => label === "Attention")?.snippet;
  expect(blocks(layer("return x |> ‸"))).toBe("Attention{heads}$0");
  expect(blocks("block Layer[seq, d]{n}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {\n  return x |> ‸\n}")).toBe(
    "Attention{heads: ${1:heads}}$0",
  );
});

test("brackets that are there are not written again", () => {
  const attention = (marked: string): unknown =>
    offered(layer(marked)).find(({ label }) => label === "Attention")?.snippet;
  expect(attention("return x |> Att‸")).toBe("Attention{heads}$0");
  expect(attention("return x |> Att‸{heads: 2}")).toBeUndefined();
  const mask = (marked: string): unknown => offered(layer(marked)).find(({ label }) => label === "mask:")?.insert;
  expect(mask("return x |> attn: Attention{heads}(m‸)")).toBe("mask: ");
  expect(mask("return x |> attn: Attention{heads}(m‸: causal)")).toBe("mask");
});

test("what is offered says what it is", () => {
  const thin = "## Without a bias.\nblock Thin = Linear{bias: false}\n\n";
  const [found] = offered(thin + layer("return x |> ‸")).filter(({ label }) => label === "Thin");
  expect(found?.documentation).toBe("```tfm\nblock Thin = Linear{bias: false}\n```\n\nWithout a bias.");
  expect(found?.snippet).toBe("Thin{out: ${1:out}}$0");
});

test("the word under the cursor is replaced, and nothing else", () => {
  const { text, offset } = withCursor(layer("return x |> attn: Atten‸tion{heads}"));
  const { replace } = complete(snapshotOf(text), "main.tfm", offset) ?? {};
  expect(text.slice(replace?.start, replace?.end)).toBe("Attention");
});

test.each([
  ["in a comment", layer("return x # the ‸")],
  ["in a number", layer("return x * 1.‸")],
  ["where a name is given", "block ‸"],
  ["where a value is complete", layer("return x ‸")],
  ["in a name that is made", "model M[seq]{‸"],
])("nothing is offered %s", (_, marked) => {
  expect(labels(marked)).toEqual([]);
});

test("no value stands behind a pipe, and no layer where a number is due", () => {
  expect(labels(layer("return x |> ‸"))).not.toContain("x");
  expect(labels(layer("return x |> mlp: FFN{ff: ‸}"))).not.toContain("Linear");
  expect(labels(layer("return x |> mlp: FFN{ff: ‸}"))).not.toContain("x");
});

test("a name of an ended branch is gone, its labels are not", () => {
  const marked = layer("if heads > 1 { y = x |> up: Linear{out: d} }\n  return ‸");
  expect(labels(marked)).not.toContain("y");
  expect(labels(marked)).toContain("up");
});

test("a name is not offered as a part of its own value", () => {
  expect(labels(layer("wide = x + ‸"))).not.toContain("wide");
  expect(labels(layer("wide = 2 * x\n  y = relu(‸"))).toContain("wide");
  expect(labels(layer("wide = 2 * x\n  wide = relu(‸"))).toContain("wide");
  expect(labels(layer("wide = 2 * x return ‸"))).toContain("wide");
  expect(labels(layer("x = max(x, ‸"))).toContain("x");
});

test("a sampler comes with a number of the right order", () => {
  const samplers = offered(`${model}generate small.lm over seq { sample: ‸ }`);
  expect(samplers.map(({ snippet, label }) => snippet ?? label)).toEqual([
    "greedy",
    "top_p(${1:0.9})$0",
    "top_k(${1:50})$0",
    "min_p(${1:0.05})$0",
    "temperature(${1:0.8})$0",
    "beam(${1:4})$0",
  ]);
});
