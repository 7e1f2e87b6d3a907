import { beforeAll, expect, test } from "vitest";
import { useBackend } from "tfmc/runtime";
import { randomArray } from "../ir/random-weights.js";
import { runAllWays } from "../std/run-ways.js";

beforeAll(async () => void (await useBackend("cpu")));

test("a size that no tensor of a block tells is passed to it, and on", async () => {
  const text = `
    block Inner[d](x: f32[d]) -> f32[batch, n: 3, d] {
      y = x |> norm: LayerNorm |> proj: Linear{out: d}
      return expand[batch, n: 3](y + y * tanh(y))
    }
    block Outer[d](x: f32[d]) -> f32[batch, n: 3, d] { return x |> inner: Inner |> norm: LayerNorm |> tanh }
    model M[seq]{d = 4}(x: f32[batch, seq, d]) -> f32[batch, n: 3, d] {
      param latent: f32[d] = normal(0.02)
      y = latent |> outer: Outer
      return y + (expand[n: 3](mean[seq](x)) |> rearrange[n batch d -> batch n d])
    }
    task t() on M as y -> f32[batch, n: 3, d] { return y }
    config m = M{}`;
  const run = await runAllWays(text, "t", { x: randomArray([2, 5, 4], "x") });
  expect(run.interpreted.shape).toEqual([2, 3, 4]);
  expect(run.emitted).toBeLessThan(1e-5);
});

test("so is a loop's counter", async () => {
  const text = `
    fn scaled[seq](x: f32[batch, seq, d: 4], by: int) -> f32[batch, seq, d: 4] {
      y = tanh(x) * real(by + 1)
      return y + y * tanh(y) + roll[seq: by](x)
    }
    model M[seq]{depth = 3}(x: f32[batch, seq, d: 4]) -> f32[batch, seq, d: 4] {
      repeat i < depth { x = scaled(x, i) |> norm[i]: LayerNorm }
      return x
    }
    task t() on M as y -> f32[batch, seq, d: 4] { return y }
    config m = M{}`;
  const run = await runAllWays(text, "t", { x: randomArray([2, 5, 4], "x") });
  expect(run.emitted).toBeLessThan(1e-4);
});
