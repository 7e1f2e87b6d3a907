import { beforeAll, describe, expect, test } from "vitest";
import { backendNames, useBackend } from "tfmc/runtime";
import { randomArray } from "../ir/random-weights.js";
import { runAllWays } from "./run-ways.js";

/** Shifted windows (Liu et al. 2021): partition, a mask of what the shift wrapped round, a bias for offsets, and back. */
const text = `
  fn together(a: int, b: int, edge: int) -> bool = (a >= edge) == (b >= edge)

  block Shifted[h, w, d]{heads, win, shift}(x: f32[batch, h, w, d]) -> f32[batch, h, w, d]
      where h % win == 0, w % win == 0, shift < win {
    param relative: f32[dy: 2 * win - 1, dx: 2 * win - 1, heads] = normal(0.02)
    n = x |> norm: LayerNorm |> roll[h: -shift, w: -shift]
          |> rearrange[batch (wy iy) (wx ix) d -> batch wy wx (n: iy ix) d; iy = win, ix = win]
    a = n |> attn: Attention{heads}(
          mask: together(@wy * win + q // win, @wy * win + k // win, h - shift)
              & together(@wx * win + q % win, @wx * win + k % win, w - shift),
          score: s + relative[q // win - k // win + win - 1, q % win - k % win + win - 1, head])
    return x + (a |> rearrange[batch wy wx (iy ix) d -> batch (h: wy iy) (w: wx ix) d; iy = win] |> roll[h: shift, w: shift])
  }
  model Windows{high = 6, wide = 9, d = 4}(pixels: f32[batch, rgb: 3, y: 2 * high, x: 2 * wide]) -> f32[batch, h: high, w: wide, d] {
    x = pixels |> patches: Conv2d{out: d, kernel: 2, stride: 2} |> rearrange[batch d y x -> batch (h: y) (w: x) d]
    return x |> layer: Shifted{heads: 2, win: 3, shift: 1}
  }
  task t() on Windows as y -> f32[batch, h: high, w: wide, d] { return y }
  config small = Windows{}`;

describe.each(backendNames)("on %s", (backend) => {
  beforeAll(async () => void (await useBackend(backend)));

  test("windows of an image, whose attention has seven axes", async () => {
    const run = await runAllWays(text, "t", { pixels: randomArray([2, 3, 12, 18], "pixels") });
    expect(run.optimised).toBeLessThan(1e-9);
    expect(run.emitted).toBeLessThan(1e-4);
  });
});
