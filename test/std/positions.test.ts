import { beforeAll, describe, test } from "vitest";
import { useBackend } from "tfmc/runtime";
import { randomArray } from "../ir/random-weights.js";
import type { NDArray } from "../../compiler/ir/interpret.js";
import { at, expectModel, range, value } from "./expect-run.js";

beforeAll(async () => void (await useBackend("cpu")));

const [batch, seq, d] = [2, 7, 12];
const x = randomArray([batch, seq, d], "x");
const given = {
  variables: "[seq]",
  inputs: "x: f32[batch, seq, d: 12]",
  result: "f32[batch, seq, d: 12]",
  values: { x },
};
const each = (entry: (b: number, n: number, c: number) => number): NDArray => value([batch, seq, d], entry);

describe("rope", () => {
  /** Channel c at position n: which channel it pairs with, whether it is the pair's first, and the angle. */
  function turned(width: number, interleaved: boolean, frequency: (h: number) => number): NDArray {
    const half = width / 2;
    return each((b, n, c) => {
      if (c >= width) return at(x, b, n, c);
      const [h, isFirst] = interleaved ? [Math.floor(c / 2), c % 2 === 0] : [c % half, c < half];
      const other = interleaved ? (isFirst ? c + 1 : c - 1) : isFirst ? c + half : c - half;
      const angle = n * frequency(h);
      return at(x, b, n, c) * Math.cos(angle) + (isFirst ? -1 : 1) * at(x, b, n, other) * Math.sin(angle);
    });
  }
  const geometric =
    (width: number, base: number) =>
    (h: number): number =>
      base ** ((-2 * h) / width);
  const ratio = 2.5 * (seq / 4) - 1.5;

  test.each<[string, NDArray]>([
    ["rope(base: 100.0)", turned(12, false, geometric(12, 100))],
    ['rope(base: 100.0, pairs: "interleaved")', turned(12, true, geometric(12, 100))],
    ["rope(base: 100.0, width: 8)", turned(8, false, geometric(8, 100))],
    ['rope(base: 100.0, width: 8, pairs: "interleaved")', turned(8, true, geometric(8, 100))],
    ["rope(base: 100.0, scaling: linear_scaling(factor: 4.0))", turned(12, false, (h) => geometric(12, 100)(h) / 4)],
    // The base grows: 100 * ratio ^ (12 / 10).
    [
      "rope(base: 100.0, scaling: dynamic_scaling(length: seq, factor: 2.5, original: 4))",
      turned(12, false, geometric(12, 100 * ratio ** 1.2)),
    ],
    [
      "rope(base: 100.0, scaling: dynamic_scaling(length: seq, factor: 2.5, original: 9))",
      turned(12, false, geometric(12, 100)),
    ],
  ])("%s", async (stage, due) => {
    await expectModel({ ...given, body: `return x |> ${stage}` }, due);
  });
});

describe("added to the input", () => {
  const wave = (n: number, h: number): [number, number] => {
    const angle = n / 10000 ** ((2 * h) / d);
    return [Math.sin(angle), Math.cos(angle)];
  };
  const table = randomArray([9, d], "table");
  const [line, column] = [randomArray([3, d], "line"), randomArray([4, d], "column")];

  test.each<[string, NDArray, Readonly<Record<string, NDArray>>?]>([
    ["Sinusoidal", each((b, n, c) => at(x, b, n, c) + (wave(n, Math.floor(c / 2))[c % 2] ?? NaN))],
    ['Sinusoidal{pairs: "half"}', each((b, n, c) => at(x, b, n, c) + (wave(n, c % 6)[Math.floor(c / 6)] ?? NaN))],
    ["Learned{ctx: 9}", each((b, n, c) => at(x, b, n, c) + at(table, n, c)), { "p.weight": table }],
    [
      "AxialPositions{lines: 3, columns: 4}",
      each((b, n, c) => at(x, b, n, c) + at(line, Math.floor(n / 4), c) + at(column, n % 4, c)),
      { "p.line": line, "p.column": column },
    ],
  ])("%s", async (layer, due, weights = {}) => {
    await expectModel({ ...given, where: "seq <= 9", body: `return x |> p: ${layer}`, weights }, due);
  });
});

describe("T5's buckets", () => {
  /** Raffel et al. 2019, from the published code. */
  function bucket(offset: number, buckets: number, far: number, both: boolean): number {
    const half = both ? buckets / 2 : buckets;
    const side = both && offset > 0 ? half : 0;
    const distance = both ? Math.abs(offset) : Math.max(-offset, 0);
    const near = half / 2;
    if (distance < near) return side + distance;
    const share = Math.fround(Math.log(distance / near)) / Math.fround(Math.log(far / near));
    return side + Math.min(near + Math.floor(Math.fround(Math.fround(share) * (half - near))), half - 1);
  }
  const offsets = value([401], (n) => n - 200);

  test.each([
    [32, 128, true],
    [32, 128, false],
    [8, 20, true],
    [16, 64, false],
  ])("%i of them up to %i, both ways: %s", async (buckets, far, both) => {
    await expectModel(
      {
        variables: "[n]",
        inputs: "offset: i32[n]",
        result: "i32[n]",
        body: `return t5_bucket(offset, buckets: ${buckets}, far: ${far}, both: ${both})`,
        values: { offset: offsets },
      },
      value([401], (n) => bucket(n - 200, buckets, far, both)),
    );
  });

  test("as a bias of attention, one table for both ways to say it", async () => {
    const weight = randomArray([8, 3], "weight");
    const due = value([3, 6, 5], (h, i, j) => at(weight, bucket(j - i, 8, 20, true), h));
    await expectModel(
      {
        variables: "[i, j]",
        inputs: "x: f32[i], y: f32[j]",
        result: "f32[heads: 3, i, j]",
        body: "return @i |> bias: RelativeBias{heads: 3, buckets: 8, far: 20}(@j)",
        values: { x: randomArray([6], "x"), y: randomArray([5], "y") },
        weights: { "bias.weight": weight },
      },
      due,
    );
  });

  test("within a score", async () => {
    const weight = randomArray([8, 2], "weight");
    const bias = range(2).flatMap((h) =>
      range(5).flatMap((i) => range(5).map((j) => at(weight, bucket(j - i, 8, 20, true), h))),
    );
    const scores = value([2, 5, 5], (h, i, j) => bias[(h * 5 + i) * 5 + j] ?? NaN);
    const due = value([2, 5, 5], (h, i, j) => {
      const line = range(5).map((k) => Math.exp(at(scores, h, i, k)));
      return (line[j] ?? NaN) / line.reduce((a, b) => a + b, 0);
    });
    const body = `param weight: f32[buckets: 8, heads: 2] = zeros
      own = expand[heads: 2](one_hot[e: j](@j))
      zero = full_like(x, 0.0)
      return attend[i, j](expand[heads: 2](zero), expand[heads: 2](y - y), own) {
        head = @heads, score: s + weight[t5_bucket(k - q, buckets: 8, far: 20), head]
      }`;
    await expectModel(
      {
        variables: "[i, j, c]",
        inputs: "x: f32[i, c], y: f32[j, c]",
        result: "f32[heads: 2, i, e: j]",
        body,
        values: { x: randomArray([5, 3], "x"), y: randomArray([5, 3], "y") },
        weights: { weight },
      },
      due,
    );
  });
});
