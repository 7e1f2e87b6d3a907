import { beforeAll, describe, test } from "vitest";
import { useBackend } from "tfmc/runtime";
import { randomArray } from "../ir/random-weights.js";
import { at, expectModel, range, sum, value } from "./expect-run.js";

beforeAll(async () => void (await useBackend("cpu")));

/** From -5 to 5, through halves and whole numbers. */
const x = value([2, 21], (b, n) => (n - 10) / 2 + b * 0.3);
const errorFunction = (t: number): number => {
  // Simpson's rule on 400 parts.
  const h = t / 400;
  const f = (s: number): number => (2 / Math.sqrt(Math.PI)) * Math.exp(-s * s);
  return (h / 3) * sum(range(401).map((n) => f(n * h) * (n === 0 || n === 400 ? 1 : n % 2 === 1 ? 4 : 2)));
};
const roundToEven = (t: number): number => {
  const nearest = Math.round(t);
  return Math.abs(t - Math.trunc(t)) === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
};

describe("entry by entry", () => {
  test.each<[string, (t: number) => number]>([
    ["gelu", (t) => 0.5 * t * (1 + errorFunction(t / Math.SQRT2))],
    ["gelu_tanh", (t) => 0.5 * t * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (t + 0.044715 * t ** 3)))],
    ["quick_gelu", (t) => t / (1 + Math.exp(-1.702 * t))],
    ["silu", (t) => t / (1 + Math.exp(-t))],
    ["relu", (t) => (t > 0 ? t : 0)],
    ["relu2", (t) => (t > 0 ? t * t : 0)],
    ["leaky_relu(slope: 0.25)", (t) => (t > 0 ? t : t / 4)],
    ["elu", (t) => (t > 0 ? t : Math.exp(t) - 1)],
    ["softplus", (t) => Math.log(1 + Math.exp(t))],
    ["square", (t) => t * t],
    ["sign", (t) => Math.sign(t)],
    ["ceil", (t) => Math.ceil(t)],
    ["round", roundToEven],
  ])("%s", async (name, f) => {
    await expectModel(
      {
        variables: "[n]",
        inputs: "x: f32[batch, n]",
        result: "f32[batch, n]",
        body: `return x |> ${name}`,
        values: { x },
      },
      value([2, 21], (b, n) => f(at(x, b, n))),
    );
  });
});

describe("along the last axis", () => {
  const rows = randomArray([2, 3, 5], "rows");
  const row = (b: number, n: number): number[] => range(5).map((c) => at(rows, b, n, c));
  const given = { variables: "[n, d]", inputs: "x: f32[batch, n, d]", values: { x: rows } };

  test("unit", async () => {
    const due = value([2, 3, 5], (b, n, c) => at(rows, b, n, c) / Math.hypot(...row(b, n)));
    await expectModel({ ...given, result: "f32[batch, n, d]", body: "return unit[d](x)" }, due);
  });

  test("logsumexp", async () => {
    const due = value([2, 3], (b, n) => Math.log(sum(row(b, n).map(Math.exp))));
    await expectModel({ ...given, result: "f32[batch, n]", body: "return logsumexp[d](x)" }, due);
  });

  test("keep_top, of equal ones the first", async () => {
    const ties = value([2, 3, 5], (b, n, c) => ((b + 2 * n + 3 * c) % 3) - 1);
    const due = value([2, 3, 5], (b, n, c) => {
      const line = range(5).map((each) => at(ties, b, n, each));
      const before = line.filter((other, m) => other > (line[c] ?? 0) || (other === line[c] && m < c)).length;
      return before < 2 ? (line[c] ?? NaN) : 0;
    });
    await expectModel(
      { ...given, values: { x: ties }, result: "f32[batch, n, d]", body: "return x |> keep_top(2)" },
      due,
    );
  });
});

describe("primitives of several axes", () => {
  const x = randomArray([2, 5, 4], "x");
  const given = { variables: "[n, d]", inputs: "x: f32[batch, n, d]", values: { x } };

  test("roll", async () => {
    const due = value([2, 5, 4], (b, n, c) => at(x, b, (n + 2) % 5, (c + 3) % 4));
    await expectModel({ ...given, result: "f32[batch, n, d]", body: "return x |> roll[n: -2, d: 1]" }, due);
  });

  test("expand and full_like", async () => {
    const due = value([3, 2, 5, 4], (_, b, n, c) => 2 * at(x, b, n, c) + 0.5);
    const body = "y = expand[m: 3](x)\n return y + y + full_like(y, 0.25) + expand[m: 3, batch, n, d](0.25)";
    await expectModel({ ...given, result: "f32[m: 3, batch, n, d]", body }, due);
  });

  test("cumsum, any and all", async () => {
    const body =
      "keep = x > 0.0\n some = cumsum[n](int(keep))\n return select(any[d](keep) & !all[n, d](keep), real(sum[d](some)), 0.0)";
    const due = value([2, 5], (b, n) => {
      const positive = (m: number, c: number): number => Number(at(x, b, m, c) > 0);
      const some = range(4).some((c) => positive(n, c) === 1);
      const whole = range(5).every((m) => range(4).every((c) => positive(m, c) === 1));
      return some && !whole ? sum(range(4).flatMap((c) => range(n + 1).map((m) => positive(m, c)))) : 0;
    });
    await expectModel({ ...given, result: "f32[batch, n]", body }, due);
  });

  test("an order, looked up with the axes that it shares", async () => {
    const body = "order = argsort[n](x)\n return x[n: order] * real(argmax[d](x))";
    const due = value([2, 5, 4], (b, n, c) => {
      const sorted = range(5)
        .map((m) => at(x, b, m, c))
        .sort((p, q) => p - q);
      const line = range(4).map((each) => at(x, b, n, each));
      return (sorted[n] ?? NaN) * line.indexOf(Math.max(...line));
    });
    await expectModel({ ...given, result: "f32[batch, n, d]", body }, due);
  });

  test("one hot and range", async () => {
    const ids = value([2, 3], (b, n) => 2 * b + n - 1);
    const body = "return one_hot[k: 4](ids) * real(range[k: 4]() + 1)";
    const due = value([2, 3, 4], (b, n, k) => (at(ids, b, n) === k ? k + 1 : 0));
    await expectModel(
      { variables: "[n]", inputs: "ids: i32[batch, n]", result: "f32[batch, n, k: 4]", body, values: { ids } },
      due,
    );
  });

  test("whole numbers: // % abs min max, on both signs", async () => {
    const ids = value([2, 9], (b, n) => n - 4 + 7 * b);
    const body = "return ids // 3 + 10 * (ids % 3) + 100 * abs(ids) + 1000 * min(max(ids, -2), 2)";
    const due = value([2, 9], (b, n) => {
      const id = at(ids, b, n);
      return Math.floor(id / 3) + 10 * (((id % 3) + 3) % 3) + 100 * Math.abs(id) + 1000 * Math.min(Math.max(id, -2), 2);
    });
    await expectModel(
      { variables: "[n]", inputs: "ids: i32[batch, n]", result: "i32[batch, n]", body, values: { ids } },
      due,
    );
  });
});
