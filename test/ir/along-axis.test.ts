import { describe, expect, test } from "vitest";
import type { Node } from "../../compiler/ir/graph.js";
import { printFunction } from "../../compiler/ir/print.js";
import { verifyModule } from "../../compiler/ir/verify.js";
import { constant } from "../../compiler/shapes/index.js";
import { functionOf, moduleOf, run, value } from "./small-graph.js";

const x = value("x", "f32[a=2, n=4]");
const rows = [
  [3, -1, 3, 2],
  [0, 0, -5, 7],
];

const along = (name: "cumsum" | "argsort" | "argmax", axis: number, type: string): Node => ({
  op: "along",
  name,
  operand: x,
  axis,
  out: value("y", type),
});
const roll = (axis: number, by: number, type = "f32[a=2, n=4]"): Node => ({
  op: "roll",
  operand: x,
  axis,
  by: constant(by),
  out: value("y", type),
});

describe("along an axis", () => {
  test.each<[string, Node, number[][]]>([
    [
      "sums so far",
      along("cumsum", 1, "f32[a=2, n=4]"),
      [
        [3, 2, 5, 7],
        [0, 0, -5, 2],
      ],
    ],
    [
      "sums so far of columns",
      along("cumsum", 0, "f32[a=2, n=4]"),
      [
        [3, -1, 3, 2],
        [3, -1, -2, 9],
      ],
    ],
    [
      "the order, equal ones as they are",
      along("argsort", 1, "i32[a=2, n=4]"),
      [
        [1, 3, 0, 2],
        [2, 0, 1, 3],
      ],
    ],
    [
      "moved on by one",
      roll(1, 1),
      [
        [2, 3, -1, 3],
        [7, 0, 0, -5],
      ],
    ],
    [
      "moved back, round more than once",
      roll(1, -9),
      [
        [-1, 3, 2, 3],
        [0, -5, 7, 0],
      ],
    ],
    [
      "rows moved",
      roll(0, 3),
      [
        [0, 0, -5, 7],
        [3, -1, 3, 2],
      ],
    ],
  ])("%s", (_, node, due) => {
    expect(run(node, [rows])).toEqual(due);
  });

  test("as text", () => {
    const texts = [along("argsort", 1, "i32[a=2, n=4]"), roll(1, -1)].map((node) => printFunction(functionOf(node)));
    expect(texts.map((text) => text.split("\n")[1]?.trim())).toEqual([
      "%y: i32[a: 2, n: 4] = argsort[n](%x)",
      "%y: f32[a: 2, n: 4] = roll[n: -1](%x)",
    ]);
  });

  test("the place of the first largest", () => {
    expect(run(along("argmax", 1, "i32[a=2]"), [rows])).toEqual([0, 3]);
    expect(run(along("argmax", 0, "i32[n=4]"), [rows])).toEqual([0, 1, 0, 1]);
  });

  test.each<[string, Node]>([
    ["an order of reals", along("argsort", 1, "f32[a=2, n=4]")],
    ["a place that keeps the axis", along("argmax", 1, "i32[a=2, n=4]")],
    ["sums along no axis", along("cumsum", 2, "f32[a=2, n=4]")],
    ["a roll that changes a size", roll(1, 1, "f32[a=2, n=5]")],
  ])("illegal: %s", (_, node) => {
    expect(verifyModule(moduleOf(functionOf(node)), "lowered")).not.toEqual([]);
  });
});

describe("any and all", () => {
  const truth = value("t", "bool[a=2, n=3]");
  const reduce = (name: "any" | "all" | "sum"): Node => ({
    op: "reduce",
    name,
    operand: truth,
    axes: ["n"],
    out: value("y", "bool[a=2]"),
  });

  test("of truth values", () => {
    expect(
      run(reduce("any"), [
        [
          [0, 1, 0],
          [0, 0, 0],
        ],
      ]),
    ).toEqual([1, 0]);
    expect(
      run(reduce("all"), [
        [
          [1, 1, 1],
          [1, 0, 1],
        ],
      ]),
    ).toEqual([1, 0]);
  });

  test("illegal: a sum of truth values", () => {
    expect(verifyModule(moduleOf(functionOf(reduce("sum"))), "lowered")).not.toEqual([]);
  });
});

describe("convolution", () => {
  const conv = (
    weight: string,
    out: string,
    more: { stride?: number; padding?: number; groups?: number } = {},
  ): Node => ({
    op: "conv",
    operand: value("x", "f32[b=1, c=2, n=4]"),
    weight: value("w", weight),
    stride: constant(more.stride ?? 1),
    padding: constant(more.padding ?? 0),
    groups: constant(more.groups ?? 1),
    out: value("y", out),
  });
  const image = [
    [
      [1, 2, 3, 4],
      [10, 20, 30, 40],
    ],
  ];

  test.each<[string, Node, number[][][], number[][][]]>([
    [
      "one kernel",
      conv("f32[o=1, c=2, k=2]", "f32[b=1, o=1, n=3]"),
      [
        [
          [1, 0],
          [0, 1],
        ],
      ],
      [[[21, 32, 43]]],
    ],
    [
      "stride and padding",
      conv("f32[o=1, c=2, k=2]", "f32[b=1, o=1, n=3]", { stride: 2, padding: 1 }),
      [
        [
          [1, 0],
          [0, 1],
        ],
      ],
      [[[10, 32, 4]]],
    ],
    [
      "groups",
      conv("f32[o=2, c=1, k=1]", "f32[b=1, o=2, n=4]", { groups: 2 }),
      [[[2]], [[3]]],
      [
        [
          [2, 4, 6, 8],
          [30, 60, 90, 120],
        ],
      ],
    ],
  ])("%s", (_, node, weight, due) => {
    expect(run(node, [image, weight])).toEqual(due);
  });

  test.each<[string, Node]>([
    ["channels that do not fit", conv("f32[o=1, c=3, k=2]", "f32[b=1, o=1, n=3]")],
    ["another length", conv("f32[o=1, c=2, k=2]", "f32[b=1, o=1, n=4]")],
    ["a kernel longer than the axis", conv("f32[o=1, c=2, k=6]", "f32[b=1, o=1, n=0]")],
    ["groups that do not divide", conv("f32[o=3, c=1, k=1]", "f32[b=1, o=3, n=4]", { groups: 2 })],
    ["no stride", conv("f32[o=1, c=2, k=2]", "f32[b=1, o=1, n=3]", { stride: 0, padding: 1 })],
  ])("illegal: %s", (_, node) => {
    expect(verifyModule(moduleOf(functionOf(node)), "lowered")).not.toEqual([]);
  });
});
