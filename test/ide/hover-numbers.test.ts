import { expect, test } from "vitest";
import { gpt, text, told } from "./told.js";

test("a layer: what it is, what comes out, what it weighs and costs, and where a checkpoint has it", () => {
  expect(told(gpt("attn: A"))).toMatchInlineSnapshot(`
    "  x += x |> ln_1: LayerNorm |> attn: Attention{heads}(mask: causal & window(3)) |> dropout(p)
                                   ^^^^

    \`\`\`tfm
    attn: Attention{heads}(mask: causal & window(3))

    block Attention[i, j, d]{
      heads, kv_heads = heads, head_dim = d / heads, bias = true, out_bias = bias, scale = head_dim ^ -0.5, qk_norm = false,
      eps = 1e-6, p = 0.0
    }(x: f32[.., i, d], ctx: f32[.., j, d] = x[i -> j], mask: mask[i, j] = true, score: score[i, j] = s, rotate: fn = id)
        -> f32[.., i, d] where heads % kv_heads == 0
    \`\`\`

    Multi-head attention (Vaswani et al. 2017), of \`x\` to itself or to \`ctx\`.
    With fewer \`kv_heads\` than \`heads\`, each key head serves heads / kv_heads queries (Ainslie et al. 2023); \`rotate\`
    turns queries and keys, as \`rope\` does; \`qk_norm\` normalises each head's queries and keys first.

    Gives \`f32[batch, seq, d]\`; \`tiny\`: \`f32[batch, seq, 64]\`

    \`tiny\`:
    - \`h[i].attn\`: 3 layers, in each 16,640 parameters = \`4*d^2 + 4*d\`; 164 KFLOPs a token = \`4*seq*d + 8*d^2\`, at \`seq = 512\`

    In the checkpoint:
    - \`h.{i}.attn.q.weight\` is \`"layers.{i}.attention.qkv.weight"\`
    - \`h.{i}.attn.q.bias\` is \`"layers.{i}.attention.qkv.bias"\`
    - \`h.{i}.attn.k.weight\` is \`"layers.{i}.attention.qkv.weight"\`
    - \`h.{i}.attn.k.bias\` is \`"layers.{i}.attention.qkv.bias"\`
    - and 2 more"
  `);
});

test("a layer that is repeated", () => {
  expect(text(gpt("h[i]: L"))).toMatchInlineSnapshot(`
    "\`\`\`tfm
    h[i]: Layer{heads, ff}

    block Layer[seq, d]{heads, ff, p = 0.1}(x: f32[batch, seq, d]) -> f32[batch, seq, d]
    \`\`\`

    A pre-norm layer.

    Gives \`f32[batch, seq, d]\`; \`tiny\`: \`f32[batch, seq, 64]\`

    \`tiny\`:
    - \`h[i]\`: 3 layers, in each 49,984 parameters = \`12*d^2 + 13*d\`; 229 KFLOPs a token = \`4*seq*d + 24*d^2\`, at \`seq = 512\`

    In the checkpoint:
    - \`h.{i}.attn.q.weight\` is \`"layers.{i}.attention.qkv.weight"\`
    - \`h.{i}.attn.q.bias\` is \`"layers.{i}.attention.qkv.bias"\`
    - \`h.{i}.attn.k.weight\` is \`"layers.{i}.attention.qkv.weight"\`
    - \`h.{i}.attn.k.bias\` is \`"layers.{i}.attention.qkv.bias"\`
    - and 2 more"
  `);
});

test("entries: of a model with what each config makes of them, of a block with what it is given", () => {
  expect(told(gpt("ff = 4"))).toMatchInlineSnapshot(`
    "model Gpt[seq]{vocab = 1000, ctx = 512, d = 64, depth = 3, heads = 4, ff = 4 * d}
                                                                          ^^

    \`\`\`tfm
    ff: int = 4 * d
    \`\`\`

    Config of \`Gpt\`.

    - \`tiny\`: \`4 * d = 256\`, by default
    - \`wide\`: \`4 * d = 384\`, by default"
  `);
  expect(text(gpt("ff, p"))).toMatchInlineSnapshot(`
    "\`\`\`tfm
    ff: int
    \`\`\`

    Config of \`Layer\`, without a default.

    \`tiny\`: \`256\`"
  `);
});

test("weights, and what a checkpoint calls them", () => {
  expect(told(gpt("scale: f32"))).toMatchInlineSnapshot(`
    "  param scale: f32[d] = ones
            ^^^^^

    \`\`\`tfm
    param scale: f32[d] = ones
    \`\`\`

    \`tiny\`:
    - \`scale\`: \`f32[64]\`"
  `);
  expect(told(gpt("wte.weight", 5))).toMatchInlineSnapshot(`
    "  logits = dot[d](x, wte.weight)
                             ^^^^^^

    \`\`\`tfm
    param weight: f32[size, d] = normal(0.02)
    \`\`\`

    \`tiny\`:
    - \`wte.weight\`: \`f32[1000, 64]\`"
  `);
  expect(told(gpt('"layers.{i}', 3))).toMatchInlineSnapshot(`
    "  h[i].attn.(q k v) = "layers.{i}.attention.qkv" stack[out]
                          ^^^^^^^^^^^^^^^^^^^^^^^^^^

    \`tiny\`:
    - \`h.{i}.attn.q.weight\` is \`"layers.{i}.attention.qkv.weight"\`: \`f32[64, 64]\`
    - \`h.{i}.attn.q.bias\` is \`"layers.{i}.attention.qkv.bias"\`: \`f32[64]\`
    - \`h.{i}.attn.k.weight\` is \`"layers.{i}.attention.qkv.weight"\`: \`f32[64, 64]\`
    - \`h.{i}.attn.k.bias\` is \`"layers.{i}.attention.qkv.bias"\`: \`f32[64]\`
    - \`h.{i}.attn.v.weight\` is \`"layers.{i}.attention.qkv.weight"\`: \`f32[64, 64]\`
    - \`h.{i}.attn.v.bias\` is \`"layers.{i}.attention.qkv.bias"\`: \`f32[64]\`"
  `);
});

test("models, tasks and configs with what they weigh and cost", () => {
  expect(told(gpt("model Gpt", 7))).toMatchInlineSnapshot(`
    "model Gpt[seq]{vocab = 1000, ctx = 512, d = 64, depth = 3, heads = 4, ff = 4 * d}
          ^^^

    \`\`\`tfm
    model Gpt[seq]{vocab = 1000, ctx = 512, d = 64, depth = 3, heads = 4, ff = 4 * d}
        (ids: i32[batch, seq], keep: bool[batch, seq] = true) -> f32[batch, seq, d] where seq <= ctx
    \`\`\`

    \`tiny\`:
    - 214,144 parameters = \`12*d^2*depth + vocab*d + 13*d*depth + 3*d\`
    - \`lm\`: 816 KFLOPs a token = \`4*seq*d*depth + 24*d^2*depth + 2*vocab*d\`, at \`seq = 512\`
    - \`lm\`: KV cache of 1.54 KB a token, as f32 = \`8*d*depth\`"
  `);
  expect(text(gpt("task lm", 6))).toMatchInlineSnapshot(`
    "\`\`\`tfm
    task lm() on Gpt as x -> f32[batch, seq, vocab]
    \`\`\`

    Logits of the next token.

    \`tiny\`:
    - 214,144 parameters = \`12*d^2*depth + vocab*d + 13*d*depth + 3*d\`
    - \`lm\`: 816 KFLOPs a token = \`4*seq*d*depth + 24*d^2*depth + 2*vocab*d\`, at \`seq = 512\`
    - \`lm\`: KV cache of 1.54 KB a token, as f32 = \`8*d*depth\`"
  `);
  expect(text(gpt("wide = Gpt"))).toMatchInlineSnapshot(`
    "\`\`\`tfm
    config wide = Gpt{d: 96, heads: 6}
    \`\`\`

    \`wide\`:
    - 431,808 parameters = \`12*d^2*depth + vocab*d + 13*d*depth + 3*d\`
    - \`lm\`: 1.45 MFLOPs a token = \`4*seq*d*depth + 24*d^2*depth + 2*vocab*d\`, at \`seq = 512\`
    - \`lm\`: KV cache of 2.30 KB a token, as f32 = \`8*d*depth\`"
  `);
});

test("a check says the number that there is", () => {
  expect(told(gpt("214_144"))).toMatchInlineSnapshot(`
    "check params(tiny.lm) == 214_144
          ^^^^^^^^^^^^^^^^^^^^^^^^^^

    \`\`\`tfm
    params(tiny.lm) = 214,144
    \`\`\`"
  `);
});
