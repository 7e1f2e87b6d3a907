/** The smallest of what random programs have found: each was rejected, ran wrongly, or threw. */
import { describe, expect, test } from "vitest";
import { useBackend } from "tfmc/runtime";
import { fateOf } from "./examine.js";
import { errorsOf } from "./run-program.js";
import { difference } from "./try-emitted.js";
import type { Choice } from "./valuation.js";

/** The numbers that the program declares itself; axes of a call have five entries. */
const own: Choice = {
  numbers: new Map([["seq", 5], ["rows", 6]]), // prettier-ignore
  valuation: new Map(),
  settings: new Map(),
  byDefault: new Set(),
};

const programs: readonly (readonly [string, string])[] = [
  [
    "both branches give a name the same value",
    `model M[seq]{d = 3, deep = true}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  if deep { z = x } else { z = x |> dropout(0.1) }
  return z
}`,
  ],
  [
    "another name for an input leaves the input its own",
    `model M[seq]{d = 3, w = 4}(x: f32[batch, seq, d], y: f32[w]) -> f32[w] {
  x = if d > 5 then y else y * 2.0
  return x
}
config m = M{d: 7}`,
  ],
  [
    "an axis of `..` has a name that the callee uses itself",
    `model M[seq]{d = 3, w = 4}(x: f32[batch, d, seq, w]) -> f32[batch, d, seq, w] {
  return x |> attn: Attention{heads: 2}(mask: causal)
}`,
  ],
  [
    "a name goes before a place where an axis has none",
    `model M[seq]{d = 3}(ids: i32[batch, seq], x: f32[batch, seq]) -> f32[batch, seq, w: 4] {
  return (ids |> embed: Embedding{size: d, d: 4}) * x
}`,
  ],
  [
    "what `..` stands for is the same everywhere inside, named or not",
    `block Length[n](x: f32[.., n]) -> f32[..] {
  return dot[n](x, x)
}
model M[seq]{d = 3}(x: f32[batch, seq, d]) -> f32[batch, 4, seq] {
  return x |> split: Heads{heads: 4, c: 2} |> length: Length
}`,
  ],
  [
    "a task knows the axes of what it is on",
    `model M[seq]{d = 3}(x: f32[batch, seq, d]) -> f32[batch, seq, part: 2] {
  return x |> proj: Linear{out: 2}
}
task places() on M as h -> f32[part: 2] {
  return real(@part)
}`,
  ],
  [
    "a bound stays when a divisor is known too",
    `model M[rows]{d = 8}(x: f32[batch, rows]) -> f32[rows, w: 2] where rows <= d, rows % 2 == 0 {
  param table: f32[place: d, w: 2] = normal(0.5)
  return table[place: @rows]
}`,
  ],
  [
    "a bound is known in the words it was stated in",
    `model M[rows]{d = 3}(x: f32[batch, rows, d]) -> f32[batch, rows, d] where rows <= d * 2, rows % d == 0 {
  return x |> places: AxialPositions{lines: d, columns: 2}
}`,
  ],
  [
    "a score captures an axis that has a name of the attention's own",
    `model M[seq]{d = 3, w = 4}(x: f32[batch, d, seq, w], y: f32[d, seq]) -> f32[batch, d, seq, w] {
  return x |> attn: Attention{heads: 1}(score: s + y[seq: k])
}`,
  ],
  [
    "a function in a score sees the heads in their order",
    `model M[seq]{d = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  return x |> attn: Attention{heads: d, kv_heads: 1}(score: s |> alibi(4))
}`,
  ],
  [
    "the loss is evaluated before what it reads is freed",
    `model M[seq]{d = 3}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  return x * 2.0
}
task t() on M as h -> f32[batch, seq, d] {
  x3 = h |> mlp: FFN{ff: 2}
  h = x3 + (x3 |> glu: GLU{ff: 6})
  loss mean(h)
  return h
}`,
  ],
  [
    "a task speaks of a size that what it is on does not tell",
    `model M[seq]{d = 3}(x: f32[batch, seq, d]) -> f32[batch, u: seq * d] {
  return x |> rearrange[batch seq d -> batch (u: seq d)]
}
task last() on M as h -> f32[batch] {
  return h[u: -1] / real(seq)
}`,
  ],
  [
    "what is written inside the result is not freed before it, under another name either",
    `model M[seq]{d = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  return x |> roll[seq: 1]
}
task small() on M as h -> f32[batch, u: seq, d] {
  h = h + (h |> mlp: FFN)
  h = h[seq -> u]
  loss mean(h)
  return h
}`,
  ],
  [
    "an input that nothing reads tells the sizes of one that may be left out",
    `model M[seq]{d = 4}(x: f32[batch, seq, d], keep: bool[batch, seq] = true) -> f32[batch, seq] where seq <= 9 {
  return real(keep)
}`,
  ],
  [
    "an input that is looked up by, and whose name is then another value's",
    `model M[rows]{ff = 2}(x: f32[batch, rows, ff], ids: i32[batch, rows]) -> f32[batch, rows] {
  y = x[ff: ids]
  ids = argsort[ff](x)
  return y
}`,
  ],
  [
    "a fact divides by what the fact before it says is exact",
    `model M[seq, rows]{heads = 1}(x: f32[batch, seq, rows]) -> f32[batch, seq, rows] where seq % heads == 0, rows <= seq * 2 / heads {
  return x
}
config m = M{heads: 1}`,
  ],
  [
    "what a division of ids leaves is looked up in a table of the config's size",
    `model M[seq]{width = 7}(ids: i32[batch, seq], y: f32[batch, width]) -> f32[batch, seq] {
  return y[width: ids % 3] + y[width: ids % width]
}`,
  ],
  [
    "ids are divided by what is kept above 0",
    `model M[seq]{d = 3}(x: f32[batch, seq, d], ids: i32[batch, seq]) -> i32[batch, seq] where 1 < seq {
  return 7 // max(1, ids) + ids % (seq - 1) + ids // -2 + ids % d
}`,
  ],
  [
    "one_hot of a tensor whose last axis has no name",
    `model M[seq]{d = 3}(x: f32[batch, seq, d]) -> f32[batch, half: 2, 1] {
  h = x |> split: Heads{heads: 2, c: 1}
  return h[seq: -1]
}
task place() on M as h -> f32[batch, half: 2, 1, row: 4] {
  return one_hot[row: 4](argsort[half](h))
}`,
  ],
];

const withConfig = (text: string): string => (text.includes("config ") ? text : `${text}\nconfig m = M{}`);

describe.each(programs)("%s", (_, text) => {
  test("it is accepted, runs, and its TypeScript gives the same", async () => {
    await useBackend("cpu");
    expect(errorsOf(withConfig(text)).map(({ code, message }) => `${code} ${message}`)).toEqual([]);
    expect(fateOf(withConfig(text), [own])).toBe("ran");
    expect(await difference(withConfig(text), own)).toBeUndefined();
  });
});

test.each([
  [
    "keys are divided by their own positions, the first of which is 0",
    "T208",
    `model M[seq]{d = 3}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  return attend[seq, t](x, x[seq -> t], x[seq -> t]) { mask: q // 1 == k // k }
}
config m = M{}`,
  ],
  [
    "two tasks of a model have one name",
    "N104",
    `model M[seq]{d = 3}(x: f32[batch, seq, d]) -> f32[batch, seq, d] { return x }
task t() on M as h -> f32[batch, seq, d] { return 2.0 * h }
task t() on M as h -> f32[batch, seq] { return mean[d](h) }
config m = M{}`,
  ],
  [
    "there are fewer values than keys",
    "T202",
    `model M[seq, s]{d = 3}(x: f32[batch, seq, d], y: f32[batch, s, d]) -> f32[batch, seq, d] {
  return attend[seq, t](x, concat[s](y, y)[s -> t], y[s -> t])
}
config m = M{}`,
  ],
  [
    "ids are divided by a size that may be 0",
    "T208",
    `model M[seq]{d = 3}(x: f32[seq, d], ids: i32[seq]) -> i32[seq] { return ids % (seq - 1) }
config m = M{}`,
  ],
  [
    "a task's weight is as long as an axis that only a call knows",
    "T212",
    `model M[seq]{d = 3}(x: f32[batch, seq, d]) -> f32[batch, seq, d] { return x * 2.0 }
task t() on M as h -> f32[batch, seq, d] { return h |> mlp: FFN{ff: seq} }
config m = M{}`,
  ],
  [
    "a task's weight has the address of the model's layers",
    "N104",
    `model M[seq]{d = 3}(x: f32[batch, seq, d]) -> f32[batch, seq, d] { return x |> table[0]: Linear{out: d} }
task t() on M as h -> f32[batch, seq, d] {
  param table: f32[d] = zeros
  return h + table
}
config m = M{}`,
  ],
  [
    "a weight has the address of a layer before it",
    "N104",
    `model M[seq]{d = 3}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  y = x |> gain: Linear{out: d}
  param gain: f32[d] = zeros
  return y + gain
}`,
  ],
  [
    "an input that may be left out alone tells a size",
    "T210",
    `model M[seq, src]{d = 4}(x: f32[batch, seq, d], keep: bool[batch, src] = true) -> f32[batch, seq, d] {
  y = x[seq: @src % 1]
  return x * sum[src](y)
}`,
  ],
])("%s: %s", (_, code, text) => {
  expect(errorsOf(text).map((problem) => problem.code)).toEqual([code]);
});
