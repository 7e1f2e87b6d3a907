import { beforeAll, describe, expect, test } from "vitest";
import { useBackend } from "tfmc/runtime";
import { randomArray } from "../ir/random-weights.js";
import { runAllWays } from "./run-ways.js";
import { at, expectModel, range, softmax, sum, value } from "./expect-run.js";

beforeAll(async () => void (await useBackend("cpu")));

const seq = 11;
const shape = [2, seq, 3];
const [q, k, v] = [randomArray(shape, "q"), randomArray(shape, "k"), randomArray(shape, "v")];
const keep = value([2, seq], (b, n) => Number(n < seq - 3 * b && n !== 2));
const document = value([2, seq], (b, n) => Math.floor((n + b) / 4));

/** Attention of one head by its definition. */
const due = (sees: (b: number, i: number, j: number) => boolean) =>
  value([2, seq, 3], (b, i, c) => {
    const keys = range(seq).filter((j) => sees(b, i, j));
    const weights = softmax(keys.map((j) => sum(range(3).map((n) => at(q, b, i, n) * at(k, b, j, n)))));
    return sum(keys.map((j, n) => (weights[n] ?? NaN) * at(v, b, j, c)));
  });

const marked = (b: number, n: number): boolean => at(keep, b, n) === 1;
const text = (b: number, n: number): number => at(document, b, n);

describe("a mask lets see", () => {
  test.each<[string, (b: number, i: number, j: number) => boolean]>([
    ["causal", (_, i, j) => j <= i],
    ["window(4)", (_, i, j) => i - j < 4],
    ["band(2, 1)", (_, i, j) => j >= i - 2 && j <= i + 1],
    ["causal | prefix(3)", (_, i, j) => j <= i || j < 3],
    ["padding(keep)", (b, _, j) => marked(b, j)],
    ["causal & same(document)", (b, i, j) => j <= i && text(b, i) === text(b, j)],
    ["causal & strided(3)", (_, i, j) => j <= i && (i - j < 3 || (i - j) % 3 === 0)],
    ["causal & fixed(4, 1)", (_, i, j) => j <= i && (Math.floor(i / 4) === Math.floor(j / 4) || j % 4 === 3)],
    ["causal & dilated(2, 3)", (_, i, j) => j <= i && i - j < 6 && (i - j) % 3 === 0],
    ["band(1, 1) | global(keep)", (b, i, j) => Math.abs(i - j) <= 1 || marked(b, i) || marked(b, j)],
    ["row(4)", (_, i, j) => Math.floor(i / 4) === Math.floor(j / 4)],
    ["column(4)", (_, i, j) => i % 4 === j % 4],
    ["!row(4) | causal", (_, i, j) => Math.floor(i / 4) !== Math.floor(j / 4) || j <= i],
  ])("%s", async (mask, sees) => {
    await expectModel(
      {
        variables: "[seq, c]",
        inputs:
          "q_: f32[batch, seq, c], k_: f32[batch, seq, c], v_: f32[batch, seq, c], keep: bool[batch, seq], document: i32[batch, seq]",
        values: { q_: q, k_: k, v_: v, keep, document },
        result: "f32[batch, seq, c]",
        body: `return attend[seq, j](q_, k_[seq -> j], v_[seq -> j]) { mask: ${mask} }`,
      },
      due(sees),
    );
  });
});

test.each([
  [4, [0.25, 0.0625, 1 / 64, 1 / 256]],
  [6, [0.25, 0.0625, 1 / 64, 1 / 256, 0.5, 0.125]],
])("alibi of %i heads", async (heads, rates) => {
  const shape = [heads, 5, 3];
  const [q, k, v] = [randomArray(shape, "q"), randomArray(shape, "k"), randomArray(shape, "v")];
  const due = value([heads, 5, 3], (h, i, c) => {
    const scores = range(5).map(
      (j) => sum(range(3).map((n) => at(q, h, i, n) * at(k, h, j, n))) - (rates[h] ?? NaN) * Math.abs(i - j),
    );
    return sum(softmax(scores).map((weight, j) => weight * at(v, h, j, c)));
  });
  await expectModel(
    {
      variables: "[heads, seq, c]",
      inputs: "q_: f32[heads, seq, c], k_: f32[heads, seq, c], v_: f32[heads, seq, c]",
      values: { q_: q, k_: k, v_: v },
      result: "f32[heads, seq, c]",
      body: `return attend[seq, j](q_, k_[seq -> j], v_[seq -> j]) { head = @heads, score: alibi(${heads}) }`,
    },
    due,
  );
});

test("a padding mask within the library's attention, whatever the axis is called", async () => {
  const text = `
    model M[word]{d = 6}(x: f32[batch, word, d], keep: bool[batch, word]) -> f32[batch, word, d] {
      return x |> attn: Attention{heads: 2}(mask: causal & padding(keep) & same(int(keep)))
    }
    task t() on M as y -> f32[batch, word, d] { return y }
    config m = M{}`;
  const run = await runAllWays(text, "t", { x: randomArray([2, seq, 6], "x"), keep });
  expect(run.optimised).toBeLessThan(1e-9);
  expect(run.emitted).toBeLessThan(1e-5);
});
