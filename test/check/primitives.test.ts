import { describe, expect, test } from "vitest";
import { rendered } from "./rendered.js";

const block = (signature: string, body: string): string => `block A${signature} { ${body} }`;

describe("operations of many axes are understood for all sizes", () => {
  test.each<[string, string]>([
    [
      "roll back and forth",
      block("[h, w](x: f32[batch, h, w]) -> f32[batch, h, w]", "return roll[h: -1, w: w - 1](x)"),
    ],
    [
      "roll by half a window",
      block("[h]{win}(x: f32[batch, h]) -> f32[batch, h] where h % win == 0", "return x |> roll[h: -(win // 2)]"),
    ],
    ["new axes in front", block("[d](x: f32[d]) -> f32[batch, n: 4, d]", "return expand[batch, n: 4](x)")],
    ["a number on every axis", block("[d](x: f32[batch, d]) -> f32[batch, d]", "return x + expand[batch, d](0.5)")],
    ["a number as often as there are entries", block("[d](x: f32[.., d]) -> f32[.., d]", "return full_like(x, 1.0)")],
    ["0, 1, 2", block("[d](x: i32[d]) -> i32[d]", "return x + range[d: d]()")],
    ["one hot", block("{n}(ids: i32[..]) -> f32[.., n]", "return one_hot[n](ids)")],
    ["sums so far", block("[seq](keep: bool[batch, seq]) -> i32[batch, seq]", "return cumsum[seq](int(keep))")],
    [
      "an order looks up what it orders",
      block(
        "[seq, d](x: f32[batch, seq, d], key: f32[batch, seq]) -> f32[batch, seq, d]",
        "return x[seq: argsort[seq](key)]",
      ),
    ],
    [
      "a place looks up what it is a place in",
      block("[seq](x: f32[batch, seq]) -> f32[batch]", "return x[seq: argmax[seq](x)]"),
    ],
    ["any and all", block("[seq](keep: bool[batch, seq]) -> bool[batch]", "return any[seq](keep) & !all[seq](keep)")],
    [
      "a patch grid",
      block(
        "[c, h, w]{patch, d}(x: f32[batch, c, h, w]) -> f32[batch, d, h: h / patch, w: w / patch] where h % patch == 0, w % patch == 0",
        "return x |> proj: Conv2d{out: d, kernel: patch, stride: patch}",
      ),
    ],
    [
      "patches as a sequence",
      block(
        "[h, w]{patch, d}(x: f32[batch, c: 3, h, w]) -> f32[batch, n: h * w / (patch * patch), d] where h % patch == 0, w % patch == 0",
        "return x |> proj: PatchEmbed{patch, d}",
      ),
    ],
    [
      "two convolutions of stride 2",
      block(
        "[time]{d}(x: f32[batch, c: 1, time]) -> f32[batch, d, t: (time - 3) // 4] where time >= 7",
        "return x |> a: Conv1d{out: d, kernel: 3, stride: 2} |> b: Conv1d{out: d, kernel: 3, stride: 2}",
      ),
    ],
    [
      "padding that keeps the length",
      block(
        "[c, t](x: f32[batch, c, t]) -> f32[batch, c, t]",
        "return x |> conv: Conv1d{out: c, kernel: 5, padding: 2, groups: c}",
      ),
    ],
    [
      "a class token in front",
      block(
        "[n, d](x: f32[batch, n, d]) -> f32[batch, m: n + 1, d]",
        "param cls: f32[d] = zeros\n return concat[n](expand[batch, n: 1](cls), x)",
      ),
    ],
  ])("%s", (_, text) => {
    expect(rendered(text)).toBe("");
  });
});

describe("one mistake gives one error, at the mistake", () => {
  test.each<[string, string, string]>([
    ["roll without a distance", block("[h](x: f32[batch, h]) -> f32[batch, h]", "return roll[h](x)"), "T208"],
    ["roll by a real", block("[h](x: f32[batch, h]) -> f32[batch, h]", "return roll[h: 0.5](x)"), "T208"],
    ["roll along the batch", block("[h](x: f32[batch, h]) -> f32[batch, h]", "return roll[batch: 1](x)"), "T205"],
    ["roll along no axis", block("[h](x: f32[batch, h]) -> f32[batch, h]", "return roll[hh: 1](x)"), "N106"],
    ["softmax of how much", block("[h](x: f32[batch, h]) -> f32[batch, h]", "return softmax[h: 2](x)"), "T208"],
    ["a new axis that is there", block("[d](x: f32[batch, d]) -> f32[batch, d]", "return expand[d: 2](x)"), "T209"],
    ["a new axis without a size", block("[d](x: f32[d]) -> f32[d]", "return expand[heads](x)"), "N102"],
    ["one hot of reals", block("[d](x: f32[d]) -> f32[d, n: 3]", "return one_hot[n: 3](x)"), "D401"],
    ["any of numbers", block("[d](x: f32[d]) -> bool[]", "return any[d](x)"), "D401"],
    ["sums so far of truth values", block("[d](x: bool[d]) -> i32[d]", "return cumsum[d](x)"), "D401"],
    [
      "concat of two sizes",
      block("[n, m, d](x: f32[n, d], y: f32[m, d]) -> f32[n, d]", "return concat[d](x, y)"),
      "T202",
    ],
    [
      "concat of two labels",
      block("[n, m, d](x: f32[n, d], y: f32[m, d]) -> f32[k: n + m, d]", "return concat[n](x, y)"),
      "T202",
    ],
    ["concat of two dtypes", block("[n](x: f32[n], y: i32[n]) -> f32[k: 2 * n]", "return concat[n](x, y)"), "T202"],
    [
      "a kernel for other channels",
      block(
        "[c, h, w]{d}(x: f32[batch, c, h, w]) -> f32[batch, d, h, w]",
        "param k: f32[d, e: 3, kh: 1, kw: 1] = zeros\n return conv[h, w](x, k)",
      ),
      "T202",
    ],
    [
      "channels behind",
      block(
        "[c, h, w]{d}(x: f32[batch, h, w, c]) -> f32[batch, h, w, d]",
        "param k: f32[d, c, kh: 1, kw: 1] = zeros\n return conv[h, w](x, k)",
      ),
      "T208",
    ],
    [
      "a kernel of one axis for two",
      block(
        "[c, h, w]{d}(x: f32[batch, c, h, w]) -> f32[batch, d, h, w]",
        "param k: f32[d, c, kh: 1] = zeros\n return conv[h, w](x, k)",
      ),
      "T208",
    ],
    [
      "a setting that conv lacks",
      block(
        "[c, h]{d}(x: f32[batch, c, h]) -> f32[batch, d, h]",
        "param k: f32[d, c, kh: 1] = zeros\n return conv[h](x, k, pad: 1)",
      ),
      "N107",
    ],
  ])("%s", (_, text, code) => {
    const found = [...rendered(text).matchAll(/^\w+\[(\w+)\]/gm)].map(([, each]) => each);
    expect({ found, text: rendered(text) }).toEqual({ found: [code], text: rendered(text) });
  });

  test("a model says how large its image must be", () => {
    const text = `model M[h, w]{d = 8}(x: f32[batch, c: 3, h, w]) -> f32[batch, d] {
      return mean[h, w](x |> conv: Conv2d{out: d, kernel: 5})
    }`;
    expect(rendered(text)).toMatch(/add `where \d <=? h, \d <=? w`/);
  });
});
