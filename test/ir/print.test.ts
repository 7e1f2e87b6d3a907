import { expect, test } from "vitest";
import { printFunction, printModule } from "../../compiler/ir/print.js";
import { atom, constant, variable } from "../../compiler/shapes/index.js";
import { lowerExample } from "./lower.js";
import { functionOf, makeFunction, regionOf, value } from "./small-graph.js";
import { smallConfigs } from "./small-configs.js";

const [config] = smallConfigs;

test("GPT-2 as lowered", () => {
  expect(printModule(lowerExample("gpt2", config?.set).module)).toMatchSnapshot();
});

test("GPT-2 as optimised", () => {
  expect(printModule(lowerExample("gpt2", config?.set).optimized.module)).toMatchSnapshot();
});

test("the text does not depend on what was made before", () => {
  const print = (): string => printModule(lowerExample("gpt2", config?.set).optimized.module);
  expect(print()).toBe(print());
});

test("loops and regions are indented, names that are taken are numbered", () => {
  const index = atom("i", "loop", { below: constant(3) });
  const [x, round, next, out] = [0, 1, 2, 3].map(() => value("x", "f32[a=2]"));
  if (!x || !round || !next || !out) throw new Error("unreachable");
  const size = value("n", "i32[]");
  const made = makeFunction(
    [x],
    [
      {
        op: "repeat",
        index,
        count: constant(3),
        carried: [{ initial: x, parameter: round, next }],
        body: [
          { op: "size", size: variable(index), out: size },
          { op: "map", name: "negate", operands: [round], out: next },
        ],
        outs: [out],
      },
    ],
    out,
  );
  expect(printFunction(made)).toMatchInlineSnapshot(`
    "block f(%x: f32[a: 2]) -> f32[a: 2]
      repeat i < 3 (%x.2: f32[a: 2] = %x)
        %n: i32[] = size i
        %x.3: f32[a: 2] = negate(%x.2)
        next %x.3
      %x.4: f32[a: 2] = end
      return %x.4"
  `);
});

test("an attend shows its mask, its score and its settings", () => {
  const [q, k, s] = [value("q", "i32[i=3]"), value("k", "i32[j=4]"), value("s", "f32[i=3, j=4]")];
  const mask = regionOf([q, k], { op: "map", name: "less-equal", operands: [k, q], out: value("t", "bool[i=3, j=4]") });
  const score = regionOf([s, q, k], { op: "map", name: "tanh", operands: [s], out: value("u", "f32[i=3, j=4]") });
  const operands = {
    query: value("q", "f32[i=3, c=5]"),
    key: value("k", "f32[j=4, c=5]"),
    value: value("v", "f32[j=4, e=6]"),
  };
  const out = value("y", "f32[i=3, e=6]");
  const node = {
    op: "attend",
    ...operands,
    i: "i",
    j: "j",
    scale: 0.5,
    dropout: 0.1,
    mask,
    score,
    cache: true,
    out,
  } as const;
  expect(printFunction(functionOf(node))).toMatchInlineSnapshot(`
    "block f(%q: f32[i: 3, c: 5], %k: f32[j: 4, c: 5], %v: f32[j: 4, e: 6]) -> f32[i: 3, e: 6]
      %y: f32[i: 3, e: 6] = attend[i, j](%q, %k, %v) scale 0.5, dropout 0.1, cached
        mask (%q.2: i32[i: 3], %k.2: i32[j: 4])
          %t: bool[i: 3, j: 4] = less-equal(%k.2, %q.2)
          give %t
        score (%s: f32[i: 3, j: 4], %q.2: i32[i: 3], %k.2: i32[j: 4])
          %u: f32[i: 3, j: 4] = tanh(%s)
          give %u
      return %y"
  `);
});

test("a table shows how an entry comes from its indices, and where they begin", () => {
  const [n, m] = [value("n", "i32[]"), value("m", "i32[]")];
  const difference = { op: "map", name: "subtract", operands: [n, m], out: value("d", "i32[]") } as const;
  const node = {
    op: "table",
    indices: [n, m],
    body: [difference],
    result: difference.out,
    offsets: [true, false],
    out: value("t", "i32[i=3, j=4]"),
  } as const;
  expect(printFunction(functionOf({ ...node, body: [...node.body], offsets: [...node.offsets] })))
    .toMatchInlineSnapshot(`
    "block f() -> i32[i: 3, j: 4]
      %t: i32[i: 3, j: 4] = table behind the cache along i
        entry (%n: i32[], %m: i32[])
          %d: i32[] = subtract(%n, %m)
          give %d
      return %t"
  `);
});

test.each([
  [{ op: "slice", operand: value("x", "f32[a=6, =2]"), axis: 0, from: constant(1), to: constant(4), out: value("y", "f32[a=3, =2]") }, "%x[a: 1 .. 4]"],
  [{ op: "take", operand: value("x", "f32[a=6, =2]"), axis: 1, index: constant(0), out: value("y", "f32[a=6]") }, "%x[#1: 0]"],
  [{ op: "gather", table: value("t", "f32[n=3, d=2]"), axes: [0], indices: [value("i", "i32[a=4]")], out: value("y", "f32[a=4, d=2]") }, "gather %t[n: %i]"],
  [{ op: "reduce", name: "mean", operand: value("x", "f32[a=2, b=3]"), axes: ["a", "b"], out: value("y", "f32[]") }, "mean[a, b](%x)"],
  [{ op: "contract", left: value("x", "f32[a=2, b=3]"), right: value("w", "f32[c=3]"), axes: [{ left: 1, right: 0 }], out: value("y", "f32[a=2]") }, "contract[b·c](%x, %w)"],
  [{ op: "linear", operand: value("x", "f32[d=3]"), weight: value("w", "f32[e=2, d=3]"), bias: undefined, transposed: true, out: value("y", "f32[e=2]") }, "linear(%x, %w transposed)"],
  [
    {
      op: "view",
      operand: value("x", "f32[a=2, b=6]"),
      split: [[{ label: "a", dim: constant(2) }], [{ label: "h", dim: constant(3) }, { label: "c", dim: constant(2) }]],
      merge: [["h"], ["c", "a"]],
      out: value("y", "f32[h=3, =4]"),
    },
    "view(%x) [a, (h: 3, c: 2) -> h, (c, a)]",
  ],
] as const)("$0.op", (node, text) => {
  const [, line] = printFunction(functionOf(node)).split("\n");
  expect(line?.replace(/^.* = /, "")).toBe(text);
}); // prettier-ignore
