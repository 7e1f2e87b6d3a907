import { describe, expect, test } from "vitest";
import { mended, problemsOf } from "../mistakes/mended.js";
import { rendered } from "./rendered.js";

const said = (text: string): string[] => problemsOf(new Map([["model.tfm", text]])).map(({ code }) => code);

const cross = (body: string, more = ""): string => `
  block Cross[tgt, src, d]{heads}(x: f32[batch, tgt, d], memory: f32[batch, src, d]${more}) -> f32[batch, tgt, d] {
    return ${body}
  }`;

describe("positions of two sequences", () => {
  test.each([
    ["by its name", "x |> a: Attention{heads}(memory, mask: causal)"],
    ["written out", "x |> a: Attention{heads}(memory, mask: k <= q)"],
    ["the other way round", "x |> a: Attention{heads}(memory, mask: q >= k)"],
    ["beside another mask", "x |> a: Attention{heads}(memory, mask: prefix(4) & causal)"],
  ])("are told: %s", (_, body) => {
    expect(said(cross(body))).toEqual(["T215"]);
  });

  test("are told where a mask is handed on", () => {
    const layer = `
      block Layer[i, j, d]{heads}(x: f32[batch, i, d], ctx: f32[batch, j, d], mask: mask[i, j]) -> f32[batch, i, d] {
        return x |> a: Attention{heads}(ctx, mask: mask)
      }`;
    expect(said(layer + cross("x |> l: Layer{heads}(memory, mask: causal)"))).toEqual(["T215"]);
    expect(said(layer + cross("x |> l: Layer{heads}(x[tgt -> j], mask: causal)"))).toEqual([]);
  });

  test("what is left of the mask, if it is of queries alone, goes too", () => {
    const text = cross("x |> a: Attention{heads}(memory, mask: causal & keep[tgt: q])", ", keep: bool[batch, tgt]");
    const files = new Map([["model.tfm", text]]);
    const [problem] = problemsOf(files);
    expect(problem && mended(files, problem).get("model.tfm")).toContain("Attention{heads}(memory)\n");
  });

  test.each([
    [
      "one sequence, by a `where`",
      cross("x |> a: Attention{heads}(memory, mask: causal)").replace(" {\n", " where tgt == src {\n"),
    ],
    ["a delay, as in simultaneous translation", cross("x |> a: Attention{heads}(memory, mask: k <= q + 3)")],
    [
      "a mask that the config chooses",
      cross("x |> a: Attention{heads}(memory, mask: if heads > 1 then causal else true)"),
    ],
    [
      "a block that attends to itself unless it is told otherwise",
      cross("x |> a: Attention{heads}(memory, mask: causal)").replace(
        "memory: f32[batch, src, d]",
        "memory: f32[batch, src, d] = x[tgt -> src]",
      ),
    ],
    ["queries and keys that a block is given", cross("attend[tgt, src](x, memory, memory) { mask: causal }")],
    [
      "queries that start later",
      `model Later[seq, m]{d = 8}(x: f32[batch, seq, d], memory: f32[batch, m, d]) -> f32[batch, seq, d] {
        return attend[seq, m](x, memory, memory) { q = @seq + m, mask: causal }
      }`,
    ],
    [
      "a memory in front",
      `model Later[seq, m]{d = 8, heads = 2}(x: f32[batch, seq, d], memory: f32[batch, m, d]) -> f32[batch, seq, d] {
        return x |> a: Attention{heads}(concat[j](memory[m -> j], x[seq -> j]), mask: causal)
      }`,
    ],
  ])("are not told of %s", (_, text) => {
    expect(said(text)).toEqual([]);
  });
});

describe("masks: what a mistake shows", () => {
  const decoder = (mask: string, more = ""): string => `
    ${more}
    model Decoder[src, tgt]{d = 64, heads = 4}(y: f32[batch, tgt, d], keep: bool[batch, src], seen: bool[batch, tgt]) -> f32[batch, tgt, d] {
      return y |> attn: Attention{heads}(mask: ${mask})
    }`;

  test("entries of another sequence, where one of the right is there", () => {
    expect(rendered(decoder("padding(keep)"))).toMatchInlineSnapshot(`
      "error[T206] this mask looks up the wrong side
        model.tfm:3  return y |> attn: Attention{heads}(mask: padding(keep))
                                                                      ^^^^ src, looked up by k, which runs over tgt
        help: write \`seen\`"
    `);
  });

  test("the same, of a mask of one's own, within another", () => {
    const own = "mask real(keep: bool[.., n]) = keep[n: k]\n    mask both(keep: bool[.., n]) = causal & real(keep)";
    expect(rendered(decoder("both(keep)", own))).toMatchInlineSnapshot(`
      "error[T206] this mask looks up the wrong side
        model.tfm:4  return y |> attn: Attention{heads}(mask: both(keep))
                                                                   ^^^^ src, looked up by k, which runs over tgt
        help: write \`seen\`"
    `);
  });

  test("the same, written out", () => {
    expect(rendered(decoder("causal & keep[src: k]"))).toMatchInlineSnapshot(`
      "error[T206] this mask looks up the wrong side
        model.tfm:3  return y |> attn: Attention{heads}(mask: causal & keep[src: k])
                                                                       ^^^^^^^^^^^^ src, looked up by k, which runs over tgt
        help: write \`seen[tgt: k]\`"
    `);
  });

  test("the only one there, written out, beside causal", () => {
    const text = decoder("causal & keep[src: k]").replace(", seen: bool[batch, tgt]", "");
    const files = new Map([["model.tfm", text]]);
    const [problem, ...others] = problemsOf(files);
    expect(others).toEqual([]);
    expect(problem?.code).toBe("T206");
    expect(problem && mended(files, problem).get("model.tfm")).toBe(text.replace(" & keep[src: k]", ""));
  });

  test("a table for all examples may be longer than the text", () => {
    const text = decoder("far[k]").replace("keep: bool[batch, src]", "far: bool[src]");
    expect(said(text)).toEqual(["T204"]);
    expect(said(text.replace(" {\n", " where tgt <= src {\n"))).toEqual([]);
  });

  test("the only one there", () => {
    expect(
      rendered(`
        model Decoder[src, tgt]{d = 64, heads = 4}(y: f32[batch, tgt, d], keep: bool[batch, src] = true, x: f32[batch, src]) -> f32[batch, tgt, d] {
          return y |> attn: Attention{heads}(mask: padding(keep))
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T206] this mask looks up the wrong side
        model.tfm:2  return y |> attn: Attention{heads}(mask: padding(keep))
                                                                      ^^^^ src, looked up by k, which runs over tgt
        help: say it of tgt: \`tgt_keep: bool[batch, tgt] = true\`"
    `);
  });

  test("documents of another sequence", () => {
    const text = `
      block Packed[src, tgt, d]{heads}(y: f32[batch, tgt, d], document: i32[batch, src], other: i32[batch, tgt]) -> f32[batch, tgt, d] {
        return y |> attn: Attention{heads}(mask: causal & same(document))
      }`;
    const files = new Map([["model.tfm", text]]);
    const [problem, ...others] = problemsOf(files);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      code: "T206",
      message: "this mask looks up the wrong side",
      help: "write `other`",
    });
    expect(problem && problemsOf(mended(files, problem))).toEqual([]);
  });

  test("a score", () => {
    expect(rendered(decoder("s > 0.0"))).toMatchInlineSnapshot(`
      "error[N102] unknown name \`s\`
        model.tfm:3  return y |> attn: Attention{heads}(mask: s > 0.0)
                                                              ^ the score, which a mask does not know"
    `);
    expect(said("mask high = s > 0.0")).toEqual(["N102"]);
  });

  test("queries alone, in cross-attention", () => {
    expect(rendered(cross("x |> a: Attention{heads}(memory, mask: q < 4)"))).toMatchInlineSnapshot(`
      "warning[T214] this mask never mentions k: a query sees all keys or none
        model.tfm:2  return x |> a: Attention{heads}(memory, mask: q < 4)
                                                                   ^^^^^ bool[tgt]
        help: leave it out"
    `);
  });

  test("queries alone, by a mask's name", () => {
    expect(rendered("mask early = q < 4", decoder("early"))).toMatchInlineSnapshot(`
      "warning[T214] this mask never mentions k: a query sees all keys or none
        model.tfm:4  return y |> attn: Attention{heads}(mask: early)
                                                              ^^^^^ bool[tgt]
        help: ask for the position of the key, \`k\`"
    `);
  });
});

describe("a config entry that hides a mask", () => {
  test("is told once, and renamed wherever it is meant", () => {
    const text = `
      model Stack[seq]{d = 64, heads = 4, causal = true, bias = causal}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
        y = x |> first: Attention{heads, bias}(mask: if causal then causal & window(4) else true)
        if cfg.causal { y = y |> second: Attention{heads}(mask: causal) }
        return y |> inner: Inner{causal}
      }
      block Inner[seq, d]{causal = true}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
        return if causal then x else -x
      }
      task flip() on Stack as x -> f32[batch, seq, d] {
        return if causal then x else -x
      }
      config back = Stack{causal: false}
      weights Stack from "me/stack" {
        config causal = "is_causal"
        * = "{}"
      }
    `;
    const files = new Map([["model.tfm", text]]);
    const [problem, ...others] = problemsOf(files);
    expect(others).toEqual([]);
    expect(problem?.help).toBe("rename the entry: `is_causal`");
    const after = problem ? mended(files, problem) : files;
    expect(problemsOf(after)).toEqual([]);
    expect(after.get("model.tfm")).toBe(
      text
        .replace("causal = true, bias = causal", "is_causal = true, bias = is_causal")
        .replace("if causal then causal", "if is_causal then causal")
        .replace("cfg.causal", "cfg.is_causal")
        .replace("Inner{causal}", "Inner{causal: is_causal}")
        .replace(
          "as x -> f32[batch, seq, d] {\n        return if causal",
          "as x -> f32[batch, seq, d] {\n        return if is_causal",
        )
        .replace("Stack{causal: false}", "Stack{is_causal: false}")
        .replace('config causal = "is_causal"', 'config is_causal = "is_causal"'),
    );
  });

  test("a whole number", () => {
    expect(
      rendered(`
        block Layer[seq, d]{heads, window = 16}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x |> attn: Attention{heads}(mask: causal & window(window))
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[D401] \`window\` is the config entry here, and hides the library's mask
        model.tfm:2  return x |> attn: Attention{heads}(mask: causal & window(window))
                                                                       ^^^^^^
        model.tfm:1  block Layer[seq, d]{heads, window = 16}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
                                                ------ the entry
        help: rename the entry: \`window_size\`"
    `);
  });

  test("one that stands for itself is not told", () => {
    expect(
      said(`
        block Layer[seq, d]{heads, causal = true}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x |> attn: Attention{heads}(mask: if causal then k <= q else true)
        }`),
    ).toEqual([]);
  });
});
