import { beforeAll, describe, test } from "vitest";
import { useBackend } from "tfmc/runtime";
import { randomArray } from "../ir/random-weights.js";
import type { NDArray } from "../../compiler/ir/interpret.js";
import { at, expectModel, range, softmax, sum, value } from "./expect-run.js";

beforeAll(async () => void (await useBackend("cpu")));

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const random = (name: string, ...shape: number[]): NDArray => randomArray(shape, name);
const product = (weight: NDArray, row: number, x: (c: number) => number, bias?: NDArray): number =>
  sum(range(weight.shape[1] ?? 0).map((c) => at(weight, row, c) * x(c))) + (bias ? at(bias, row) : 0);

describe("recurrent cells", () => {
  const [b, n, d] = [3, 4, 5];
  const [h, c, x] = [random("h", b, n), random("c", b, n), random("x", b, d)];
  const weightsOf = (gates: number) => ({
    "cell.input.weight": random("wi", gates * n, d),
    "cell.input.bias": random("bi", gates * n),
    "cell.recurrent.weight": random("wh", gates * n, n),
    "cell.recurrent.bias": random("bh", gates * n),
  });

  test("Gru", async () => {
    const weights = weightsOf(3);
    const due = value([b, n], (m, k) => {
      const of = (gate: number): [number, number] => [
        product(weights["cell.input.weight"], gate * n + k, (i) => at(x, m, i), weights["cell.input.bias"]),
        product(weights["cell.recurrent.weight"], gate * n + k, (i) => at(h, m, i), weights["cell.recurrent.bias"]),
      ];
      const [reset, keep] = [sigmoid(sum(of(0))), sigmoid(sum(of(1)))];
      const [fromInput, fromState] = of(2);
      return (1 - keep) * Math.tanh(fromInput + reset * fromState) + keep * at(h, m, k);
    });
    await expectModel(
      {
        inputs: "h: f32[batch, n: 4], x: f32[batch, d: 5]",
        result: "f32[batch, n: 4]",
        body: "return h |> cell: Gru(x)",
        values: { h, x },
        weights,
      },
      due,
    );
  });

  test("Lstm", async () => {
    const weights = weightsOf(4);
    const due = value([b, 2, n], (m, part, k) => {
      const gate = (g: number): number =>
        product(weights["cell.input.weight"], g * n + k, (i) => at(x, m, i), weights["cell.input.bias"]) +
        product(weights["cell.recurrent.weight"], g * n + k, (i) => at(h, m, i), weights["cell.recurrent.bias"]);
      const cell = sigmoid(gate(1)) * at(c, m, k) + sigmoid(gate(0)) * Math.tanh(gate(2));
      return part === 0 ? sigmoid(gate(3)) * Math.tanh(cell) : cell;
    });
    await expectModel(
      {
        inputs: "h: f32[batch, n: 4], c: f32[batch, n: 4], x: f32[batch, d: 5]",
        result: "f32[batch, part: 2, n: 4]",
        body: "a, b = h |> cell: Lstm(c, x)\n return stack[part](a, b) |> rearrange[batch n part -> batch part n]",
        values: { h, c, x },
        weights,
      },
      due,
    );
  });
});

describe("convolutions", () => {
  const [b, c, h, w, out] = [2, 6, 7, 8, 4];
  const x = random("x", b, c, h, w);

  test("Conv2d with stride, padding and groups", async () => {
    const [weight, bias] = [random("w", out, 3, 3, 3), random("b", out)];
    const due = value([b, out, 4, 4], (m, o, y, z) => {
      const from = o < 2 ? 0 : 3;
      const parts = range(3).flatMap((k) =>
        range(3).flatMap((i) =>
          range(3).map((j) => {
            const [p, q] = [2 * y + i - 1, 2 * z + j - 1];
            return p < 0 || q < 0 || p >= h || q >= w ? 0 : at(x, m, from + k, p, q) * at(weight, o, k, i, j);
          }),
        ),
      );
      return sum(parts) + at(bias, o);
    });
    await expectModel(
      {
        variables: "[h, w]",
        inputs: "x: f32[batch, c: 6, h, w]",
        where: "h >= 3, w >= 3",
        result: "f32[batch, d: 4, h: (h - 1) // 2 + 1, w: (w - 1) // 2 + 1]",
        body: "return x |> conv: Conv2d{out: 4, kernel: 3, stride: 2, padding: 1, groups: 2}",
        values: { x },
        weights: { "conv.weight": weight, "conv.bias": bias },
      },
      due,
    );
  });

  test("Conv1d without a bias", async () => {
    const [signal, weight] = [random("signal", b, c, h), random("w", 5, c, 4)];
    const due = value([b, 5, 4], (m, o, y) =>
      sum(range(c).flatMap((k) => range(4).map((i) => at(signal, m, k, y + i) * at(weight, o, k, i)))),
    );
    await expectModel(
      {
        variables: "[t]",
        inputs: "x: f32[batch, c: 6, t]",
        where: "t >= 4",
        result: "f32[batch, d: 5, t: t - 3]",
        body: "return x |> conv: Conv1d{out: 5, kernel: 4, bias: false}",
        values: { x: signal },
        weights: { "conv.weight": weight },
      },
      due,
    );
  });

  test("PatchEmbed reads patches row by row", async () => {
    const [image, weight, bias] = [random("image", b, 3, 4, 6), random("w", 5, 3, 2, 2), random("b", 5)];
    const due = value([b, 6, 5], (m, patch, o) => {
      const [y, z] = [Math.floor(patch / 3), patch % 3];
      const parts = range(3).flatMap((k) =>
        range(2).flatMap((i) => range(2).map((j) => at(image, m, k, 2 * y + i, 2 * z + j) * at(weight, o, k, i, j))),
      );
      return sum(parts) + at(bias, o);
    });
    await expectModel(
      {
        config: "high = 4, wide = 6, patch = 2",
        inputs: "x: f32[batch, c: 3, h: high, w: wide]",
        where: "high % patch == 0, wide % patch == 0",
        result: "f32[batch, n: (high / patch) * (wide / patch), d: 5]",
        body: "return x |> p: PatchEmbed{patch, d: 5}",
        values: { x: image },
        weights: { "p.projection.weight": weight, "p.projection.bias": bias },
      },
      due,
    );
  });
});

describe("a mixture of experts", () => {
  const [b, n, d, ff, experts] = [2, 3, 4, 5, 6];
  const x = random("x", b, n, d);
  const weights = Object.fromEntries([
    ["moe.router.weight", random("router", experts, d)],
    ...range(experts).flatMap((e): [string, NDArray][] => [
      [`moe.expert.${e}.gate.weight`, random(`gate${e}`, ff, d)],
      [`moe.expert.${e}.up.weight`, random(`up${e}`, ff, d)],
      [`moe.expert.${e}.down.weight`, random(`down${e}`, d, ff)],
    ]),
  ]);
  const weight = (name: string): NDArray => weights[`moe.${name}.weight`] ?? x;

  test.each([
    [1, false],
    [2, true],
    [6, true],
  ])("the best %i, their shares renormalised: %s", async (k, renormalise) => {
    const due = value([b, n, d], (m, t, channel) => {
      const token = (c: number): number => at(x, m, t, c);
      const gate = softmax(range(experts).map((e) => product(weight("router"), e, token)));
      const best = range(experts)
        .sort((p, q) => (gate[q] ?? 0) - (gate[p] ?? 0))
        .slice(0, k);
      const total = renormalise ? sum(best.map((e) => gate[e] ?? NaN)) : 1;
      return sum(
        best.map((e) => {
          const hidden = range(ff).map((f) => {
            const g = product(weight(`expert.${e}.gate`), f, token);
            return g * sigmoid(g) * product(weight(`expert.${e}.up`), f, token);
          });
          return ((gate[e] ?? NaN) / total) * product(weight(`expert.${e}.down`), channel, (f) => hidden[f] ?? NaN);
        }),
      );
    });
    await expectModel(
      {
        variables: "[n]",
        inputs: "x: f32[batch, n, d: 4]",
        result: "f32[batch, n, d: 4]",
        body: `return x |> moe: MoE{experts: 6, k: ${k}, ff: 5, renormalise: ${renormalise}}`,
        values: { x },
        weights,
      },
      due,
    );
  });
});

describe("attention that knows distances", () => {
  const [b, n, d, heads, c] = [2, 5, 6, 2, 3];
  const x = random("x", b, n, d);
  const named = (label: string): NDArray => random(label, d, d);

  /** Entry e of head h of a projection at a position. */
  const headOf =
    (weight: NDArray, source: (position: number, channel: number) => number) =>
    (h: number, position: number, e: number): number =>
      product(weight, h * c + e, (channel) => source(position, channel));

  /** The heads' results side by side, projected. */
  const merged = (o: NDArray, heads_: (m: number, h: number, i: number, e: number) => number): NDArray =>
    value([b, n, d], (m, i, channel) => product(o, channel, (k) => heads_(m, Math.floor(k / c), i, k % c)));

  test("ShawRelative", async () => {
    const clip = 2;
    const [wq, wk, wv, wo] = [named("q"), named("k"), named("v"), named("o")];
    const [relK, relV] = [random("rel_k", 2 * clip + 1, c), random("rel_v", 2 * clip + 1, c)];
    const row = (i: number, j: number): number => Math.min(Math.max(j - i, -clip), clip) + clip;
    const due = merged(wo, (m, h, i, e) => {
      const source = (position: number, channel: number): number => at(x, m, position, channel);
      const [q, k, v] = [headOf(wq, source), headOf(wk, source), headOf(wv, source)];
      const seen = range(n).filter((j) => j <= i);
      const scores = seen.map(
        (j) => sum(range(c).map((f) => q(h, i, f) * (k(h, j, f) + at(relK, row(i, j), f)))) / Math.sqrt(c),
      );
      return sum(
        softmax(scores).map((weight, s) => weight * (v(h, seen[s] ?? 0, e) + at(relV, row(i, seen[s] ?? 0), e))),
      );
    });
    await expectModel(
      {
        variables: "[n]",
        inputs: "x: f32[batch, n, d: 6]",
        result: "f32[batch, n, d: 6]",
        body: `return x |> attn: ShawRelative{heads: ${heads}, clip: ${clip}, bias: false}(mask: causal)`,
        values: { x },
        weights: {
          "attn.q.weight": wq,
          "attn.k.weight": wk,
          "attn.v.weight": wv,
          "attn.o.weight": wo,
          "attn.rel_k": relK,
          "attn.rel_v": relV,
        },
      },
      due,
    );
  });

  test.each([
    ["all of the memory", 4, ""],
    ["the last of the memory", 1, ", filled: 1"],
    ["none of the memory", 0, ", filled: 0"],
  ])("XLRelative, %s", async (_, filled, given) => {
    const length = 4;
    const memory = random("memory", b, length, d);
    const [wq, wk, wv, wr, wo] = [named("q"), named("k"), named("v"), named("r"), named("o")];
    const [u, v] = [random("u", heads, c), random("v", heads, c)];
    const wave = (distance: number, channel: number): number => {
      const angle = distance / 10000 ** ((2 * (channel % 3)) / d);
      return channel < 3 ? Math.sin(angle) : Math.cos(angle);
    };
    const due = merged(wo, (m, h, i, e) => {
      const context = (position: number, channel: number): number =>
        position < length ? at(memory, m, position, channel) : at(x, m, position - length, channel);
      const [q, k, values] = [headOf(wq, context), headOf(wk, context), headOf(wv, context)];
      const r = headOf(wr, wave);
      const seen = range(length + i + 1).slice(length - filled);
      const scores = seen.map((j) => {
        const parts = range(c).map((f) => {
          const query = q(h, length + i, f);
          return (query + at(u, h, f)) * k(h, j, f) + (query + at(v, h, f)) * r(h, length + i - j, f);
        });
        return sum(parts) / Math.sqrt(c);
      });
      return sum(softmax(scores).map((weight, j) => weight * values(h, seen[j] ?? NaN, e)));
    });
    await expectModel(
      {
        variables: "[n, m]",
        inputs: "x: f32[batch, n, d: 6], memory: f32[batch, m, d: 6], u: f32[heads: 2, c: 3], v: f32[heads: 2, c: 3]",
        result: "f32[batch, n, d: 6]",
        body: `return x |> attn: XLRelative(memory, u, v${given})`,
        values: { x, memory, u, v },
        weights: {
          "attn.q.weight": wq,
          "attn.k.weight": wk,
          "attn.v.weight": wv,
          "attn.r.weight": wr,
          "attn.o.weight": wo,
        },
      },
      due,
    );
  });
});

test("MaskedHead: a layer as wide as the table, and the table itself", async () => {
  const [b, n, d, e, vocab] = [2, 3, 4, 5, 7];
  const [x, table] = [random("x", b, n, d), random("table", vocab, e)];
  const weights = {
    "head.transform.weight": random("w", e, d),
    "head.transform.bias": random("b", e),
    "head.norm.weight": random("g", e),
    "head.norm.bias": random("h", e),
    "head.bias": random("o", vocab),
  };
  const due = value([b, n, vocab], (m, at_, token) => {
    const row = range(e).map((k) =>
      Math.tanh(product(weights["head.transform.weight"], k, (c) => at(x, m, at_, c), weights["head.transform.bias"])),
    );
    const mean = sum(row) / e;
    const spread = Math.sqrt(sum(row.map((entry) => (entry - mean) ** 2)) / e + 0.5);
    const normed = row.map(
      (entry, k) => ((entry - mean) / spread) * at(weights["head.norm.weight"], k) + at(weights["head.norm.bias"], k),
    );
    return product(table, token, (k) => normed[k] ?? NaN, weights["head.bias"]);
  });
  await expectModel(
    {
      inputs: "x: f32[batch, n: 3, d: 4], table: f32[vocab: 7, e: 5]",
      result: "f32[batch, n: 3, vocab: 7]",
      body: "return x |> head: MaskedHead{act: tanh, eps: 0.5}(table)",
      values: { x, table },
      weights,
    },
    due,
  );
});
