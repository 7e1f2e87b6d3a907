import { check, lowerFile } from "tfmc";
import { describe, expect, test } from "vitest";
import { printDim } from "../../compiler/shapes/index.js";
import { rendered } from "./rendered.js";

const split = `
  block Split[seq, d]{heads}(x: f32[batch, seq, d]) -> f32[batch, heads, seq, c: d / heads] {
    return x |> rearrange[batch seq (heads c) -> batch heads seq c]
  }
`;
const look = `
  block Bias[i, j]{span}(x: f32[batch, i, d: 4], y: f32[batch, j, d: 4]) -> f32[batch, i, d: 4] {
    param relative: f32[2 * span - 1] = normal(0.02)
    return attend[i, j](x, y, y) { score: s + relative[q - k + span - 1] }
  }
`;

describe("what a block leaves open is asked where it is used, with no config", () => {
  test("a division, of numbers", () => {
    expect(
      rendered(
        split,
        `
        block Ten[seq](x: f32[batch, seq, d: 768]) -> f32[batch, heads: 10, seq, c: 77] {
          return x |> split: Split{heads: 10}
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[T201] 10 cannot split 768
        model.tfm:5  return x |> split: Split{heads: 10}
                                                     ^^
        model.tfm:2  return x |> rearrange[batch seq (heads c) -> batch heads seq c]
                                                     --------- must be exact
        via split
        help: 8, 12 and 16 divide 768"
    `);
  });

  test("a division, two blocks down", () => {
    expect(
      rendered(
        split,
        `
        block Inner[seq, d]{n}(x: f32[batch, seq, d]) -> f32[batch, heads: n, seq, c: d / n] {
          return x |> split: Split{heads: n}
        }
      `,
        `
        block Outer[seq](x: f32[batch, seq, d: 768]) -> f32[batch, heads: 10, seq, c: 77] {
          return x |> inner: Inner{n: 10}
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[T201] 10 cannot split 768
        model.tfm:8  return x |> inner: Inner{n: 10}
                                                 ^^
        model.tfm:2  return x |> rearrange[batch seq (heads c) -> batch heads seq c]
                                                     --------- must be exact
        via inner > split
        help: 8, 12 and 16 divide 768"
    `);
  });

  test("a division of what only a call knows", () => {
    expect(
      rendered(
        split,
        `
        model Long[seq, d](x: f32[batch, seq, d]) -> f32[batch, heads: 8, seq, c: d / 8] {
          return x |> split: Split{heads: 8}
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[T201] 8 cannot split d
        model.tfm:5  return x |> split: Split{heads: 8}
                                                     ^
        model.tfm:2  return x |> rearrange[batch seq (heads c) -> batch heads seq c]
                                                     --------- must be exact
        via split
        help: add \`where d % 8 == 0\`"
    `);
  });

  test("a where", () => {
    expect(
      rendered(
        `
        block Even[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d] where seq % 2 == 0 { return x }
      `,
        `
        block Outer[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d] { return x |> even: Even }
      `,
        `
        model Odd{d = 4}(x: f32[batch, seq: 7, d]) -> f32[batch, seq: 7, d] { return x |> outer: Outer }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[T203] Even requires seq % 2 == 0, with seq = 7
        model.tfm:3  model Odd{d = 4}(x: f32[batch, seq: 7, d]) -> f32[batch, seq: 7, d] { return x |> outer: Outer }
                                                                                                       ^^^^^^^^^^^^
        model.tfm:1  block Even[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d] where seq % 2 == 0 { return x }
                                                                                           ------------ Even requires it
        via outer"
    `);
  });

  test("a look-up in a table", () => {
    expect(
      rendered(
        look,
        `
        model M[seq]{span = 8}(x: f32[batch, seq, d: 4]) -> f32[batch, seq, d: 4] {
          return x |> bias: Bias{span}(x[seq -> j])
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[T204] index span + q - k - 1 may run past the 2*span - 1 entries
        model.tfm:6  return x |> bias: Bias{span}(x[seq -> j])
                                            ^^^^
        model.tfm:3  return attend[i, j](x, y, y) { score: s + relative[q - k + span - 1] }
                                                                        ---------------- looked up here
        via bias
        help: add \`where seq <= span\`"
    `);
  });

  test("a look-up in a table that is too small for all", () => {
    expect(
      rendered(
        look,
        `
        block Twelve(x: f32[batch, seq: 12, d: 4]) -> f32[batch, seq: 12, d: 4] {
          return x |> bias: Bias{span: 8}(x[seq -> j])
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[T204] index q + 7 - k may run past the 15 entries
        model.tfm:6  return x |> bias: Bias{span: 8}(x[seq -> j])
                                                  ^
        model.tfm:3  return attend[i, j](x, y, y) { score: s + relative[q - k + span - 1] }
                                                                        ---------------- looked up here
        via bias"
    `);
  });

  test("a position that is handed on", () => {
    expect(
      rendered(`
        model M[seq]{ctx = 64, d = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x + (@seq |> place: Embedding{size: ctx, d})
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T204] indices 0..seq - 1 may run past ctx entries
        model.tfm:2        return x + (@seq |> place: Embedding{size: ctx, d})
                                       ^^^^                           --- the table's size
        std/layers.tfm:15  return weight[size: ids]
                                         --------- looked up here
        via place
        help: add \`where seq <= ctx\`"
    `);
  });

  test("an index of which nothing is known", () => {
    expect(
      rendered(`
        model M[seq]{d = 4}(x: f32[batch, seq]) -> f32[batch, seq, d] {
          return int(x) |> place: Embedding{size: 10, d}
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T204] nothing keeps this index within the 10 entries of \`size\`
        model.tfm:2        return int(x) |> place: Embedding{size: 10, d}
                                  ^^^^^^                           -- the table's size
        std/layers.tfm:15  return weight[size: ids]
                                         --------- looked up here
        via place
        help: clip it: \`max(0, min(int(x), 9))\`"
    `);
  });

  test("a weight whose size only a call knows, blamed on the layer", () => {
    expect(
      rendered(
        `
        block Mix[n](x: f32[.., n]) -> f32[.., n] { return x |> up: Linear{out: 3} |> down: Linear{out: n} }
      `,
        `
        model Mixer[seq]{d = 64}(x: f32[batch, seq, d]) -> f32[batch, d, seq] {
          return x |> rearrange[batch seq d -> batch d seq] |> mix: Mix
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[T212] mix.up.weight has an axis of size seq, which only a call knows
        model.tfm:3  return x |> rearrange[batch seq d -> batch d seq] |> mix: Mix
                                                                          ^^^^^^^^
        help: a weight's sizes come from the config: rearrange so that a learned layer works along an axis of fixed size"
    `);
  });
});

describe("what a block leaves open and its users settle is no error", () => {
  const accepted: Readonly<Record<string, string>> = {
    "a fact of the model's": `
      ${look}
      model M[seq]{span = 8}(x: f32[batch, seq, d: 4]) -> f32[batch, seq, d: 4] where seq <= span {
        return x |> bias: Bias{span}(x[seq -> j])
      }`,
    "numbers that divide": `
      ${split}
      block Eight[seq](x: f32[batch, seq, d: 768]) -> f32[batch, heads: 8, seq, c: 96] { return x |> split: Split{heads: 8} }`,
    "a branch that is not taken": `
      block Choose[seq, d]{halve = false}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
        if halve { y = x |> rearrange[batch (n two) d -> batch n two d; two = 2] |> rearrange[batch n two d -> batch (n two) d] }
        return x
      }
      model M[seq]{d = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] { return x |> choose: Choose }`,
    "a branch on a string, which each config tells": `
      block Choose[seq, d]{kind: string = "whole"}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
        if kind == "half" { y = x |> rearrange[batch (n two) d -> batch n two d; two = 2] |> rearrange[batch n two d -> batch (n two) d] }
        return x
      }
      model M[seq]{d = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] { return x |> choose: Choose }
      config m = M{}`,
    "ids, which are looked at when the model is called": `
      block Two[seq]{size, d}(ids: i32[batch, seq]) -> f32[batch, seq, d] { return ids[seq: 0..] |> table: Embedding{size, d} }
      model M[seq]{d = 4}(ids: i32[batch, seq]) -> f32[batch, seq, d] { return ids |> two: Two{size: 10, d} }
      config m = M{}`,
    "labels of which one value is left out": `
      model M[seq]{d = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] { return x |> norm: LayerNorm }
      task lm(labels: i32[batch, seq]) on M as x -> f32[batch, seq, d] {
        loss cross_entropy[d](x, labels)
        return x
      }
      config m = M{}`,
  };
  test.each(Object.entries(accepted))("%s", (_, text) => {
    expect(check("model.tfm", () => text).problems).toEqual([]);
  });
});

test("ids and labels are bounded by what they look up, but for the label that does not count", () => {
  const text = `
    model M[seq]{vocab = 10, d = 4}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
      return (ids |> word: Embedding{size: vocab, d}) + (ids |> kind: Embedding{size: 7, d})
    }
    task lm(labels: i32[batch, seq]) on M as x -> f32[batch, seq, vocab] {
      logits = dot[d](x, word.weight)
      loss cross_entropy[vocab](logits, labels, ignore: -1)
      return logits
    }
    config m = M{}`;
  const { module } = lowerFile("model.tfm", () => text).lowered ?? {};
  const rules = [...(module?.inputs ?? []), ...(module?.tasks ?? []).flatMap(({ inputs }) => inputs)].map(
    ({ external, below, except }) => [external, below && printDim(below), except],
  );
  expect(rules).toEqual([
    ["ids", "7", undefined],
    ["labels", "vocab", -1],
  ]);
});

describe("entries that only look alike are told apart", () => {
  // Were they the same, each difference would be 0.
  const refused: Readonly<Record<string, string>> = {
    "positions along another axis": "at[seq -> j][j: 0..1][j -> one] - at[seq: 1..2][seq -> one]",
    "a slice that begins elsewhere": "at[seq: 0..1][seq -> one] - at[seq: 1..2][seq -> one]",
    "what is put in another order": "roll[seq: 1](at)[seq: 0..1][seq -> one] - at[seq: 0..1][seq -> one]",
    "data may be negative": "min(ids[seq: 0..1][seq -> one], 0)",
  };
  const program = (index: string): string => `
    block Look[seq](at: i32[seq], ids: i32[seq]) -> f32[one: 1] where seq > 1 {
      param table: f32[rows: 1] = normal(0.02)
      return table[rows: ${index}]
    }
    model M[seq](ids: i32[seq]) -> f32[one: 1] where seq > 1 { return @seq |> look: Look(ids) }`;
  test.each(Object.entries(refused))("%s", (_, index) => {
    const codes = check("model.tfm", () => program(index)).problems.map(({ code }) => code);
    expect(codes).toEqual(["T204"]);
  });

  test("the same entries are the same", () => {
    expect(check("model.tfm", () => program("(at - at)[seq: 0..1][seq -> one]")).problems).toEqual([]);
  });
});

test("the same open question is one error, at the definition and not for each config", () => {
  const text = `
    model Half[seq]{d = 64}(x: f32[batch, seq, d]) -> f32[batch, half: seq / 2, d] {
      y = x |> rearrange[batch (half two) d -> batch half two d; two = 2]
      return y |> rearrange[batch half two d -> batch (half two) d] |> rearrange[batch (half two) d -> batch half two d; two = 2] |> sum[two]
    }
    config a = Half{}
    config b = Half{d: 32}`;
  expect(check("model.tfm", () => text).problems.map(({ code }) => code)).toEqual(["T201"]);
});

test("a number that does not fit is one error for each config that has it", () => {
  const text = `
    model M[seq]{d = 64, heads = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      y = x |> first: Attention{heads}
      return y |> second: Attention{heads}
    }
    config a = M{heads: 5}
    config b = M{heads: 8}
    config c = M{heads: 10}`;
  expect(check("model.tfm", () => text).problems.map(({ code }) => code)).toEqual(["T201", "T201"]);
});
