import { beforeAll, test } from "vitest";
import { useBackend } from "tfmc/runtime";
import { randomArray } from "../ir/random-weights.js";
import type { NDArray } from "../../compiler/ir/interpret.js";
import { at, expectModel, range, softmax, sum, value } from "./expect-run.js";

beforeAll(async () => void (await useBackend("cpu")));

const [x, y] = [randomArray([3, 4, 5], "x"), randomArray([3, 4, 5], "y")];
const given = { variables: "[n, d]", values: { x, y }, inputs: "x: f32[batch, n, d], y: f32[batch, n, d]" };
const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length;
const rows = (array: NDArray): number[][] => range(12).map((r) => Array.from(array.data.slice(5 * r, 5 * r + 5)));
const scalar = (number: number): NDArray => ({ shape: [], data: Float64Array.of(number) });

/** Losses may mix the examples of a batch, where a layer may not: here they stand in a task's loss only. */
async function expectLoss(
  call: string,
  due: number,
  more: Partial<typeof given> & { config?: string } = {},
): Promise<void> {
  await expectModel({ ...given, ...more, result: "f32[]", body: `return ${call}`, inLoss: true }, scalar(due));
}

test("mse", async () => {
  await expectLoss("mse(x, y)", mean(Array.from(x.data, (each, n) => (each - (y.data[n] ?? NaN)) ** 2)));
});

test("binary_cross_entropy", async () => {
  const targets = value([3, 4, 5], (b, n, c) => ((b + n + c) % 3) / 2);
  const due = Array.from(x.data, (logit, n) => {
    const [p, t] = [1 / (1 + Math.exp(-logit)), targets.data[n] ?? NaN];
    return -(t * Math.log(p) + (1 - t) * Math.log(1 - p));
  });
  await expectLoss("binary_cross_entropy(x, y)", mean(due), { values: { x, y: targets } });
});

test("distillation", async () => {
  const due = rows(x).map((row, r) => {
    const [q, p] = [softmax(row.map((z) => z / 2.5)), softmax((rows(y)[r] ?? []).map((z) => z / 2.5))];
    return sum(p.map((each, n) => each * Math.log(each / (q[n] ?? NaN))));
  });
  await expectLoss("distillation[d](x, y, temperature: 2.5)", 2.5 ** 2 * mean(due));
});

test("contrastive", async () => {
  const logits = randomArray([4, 4], "logits");
  const ofRows = range(4).map((i) => Math.log(softmax(range(4).map((j) => at(logits, i, j)))[i] ?? NaN));
  const ofColumns = range(4).map((j) => Math.log(softmax(range(4).map((i) => at(logits, i, j)))[j] ?? NaN));
  await expectModel(
    {
      variables: "[n]",
      inputs: "x: f32[n, m: n]",
      values: { x: logits },
      result: "f32[]",
      body: "return contrastive(x)",
    },
    scalar(-(mean(ofRows) + mean(ofColumns)) / 2),
  );
});

test("load_balance", async () => {
  const gate = { ...x, data: Float64Array.from(rows(x).flatMap(softmax)) };
  const kept = value([3, 4, 5], (b, n, c) => ((b + 2 * n + c) % 3 === 0 ? at(gate, b, n, c) : 0));
  const used = sum(Array.from(kept.data, (each) => Number(each > 0)));
  const due = range(5).map((e) => {
    const share = sum(rows(kept).map((row) => Number((row[e] ?? 0) > 0))) / used;
    return share * mean(rows(gate).map((row) => row[e] ?? NaN));
  });
  await expectLoss("load_balance(x, y)", 5 * sum(due), { values: { x: gate, y: kept } });
});
