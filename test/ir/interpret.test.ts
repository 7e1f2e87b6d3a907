import { describe, expect, test } from "vitest";
import type { MapName } from "../../compiler/ir/graph.js";
import { errorFunction } from "../../compiler/ir/interpret/error-function.js";
import { atom, constant, variable } from "../../compiler/shapes/index.js";
import { array, makeFunction, nested, regionOf, run, runFunction, value, type Nested } from "./small-graph.js";

const near = (expected: Nested): Nested =>
  typeof expected === "number" ? (expect.closeTo(expected, 12) as number) : expected.map(near);

describe("elementwise", () => {
  test.each<[MapName, string, Nested[], string, Nested]>([
    ["add", "f32", [1.5, 2], "f32", 3.5],
    ["subtract", "i32", [1, 3], "i32", -2],
    ["multiply", "f32", [-2, 3], "f32", -6],
    ["divide", "f32", [3, -4], "f32", -0.75],
    ["floor-divide", "i32", [-7, 2], "i32", -4],
    ["floor-divide", "f32", [7.5, -2], "f32", -4],
    ["modulo", "i32", [-7, 3], "i32", 2],
    ["modulo", "i32", [7, -3], "i32", -2],
    ["power", "f32", [2, -2], "f32", 0.25],
    ["minimum", "i32", [-1, 3], "i32", -1],
    ["maximum", "f32", [-1, 3], "f32", 3],
    ["negate", "i32", [4], "i32", -4],
    ["absolute", "f32", [-2.5], "f32", 2.5],
    ["exp", "f32", [1], "f32", Math.E],
    ["log", "f32", [Math.E ** 3], "f32", 3],
    ["sqrt", "f32", [2.25], "f32", 1.5],
    ["rsqrt", "f32", [4], "f32", 0.5],
    ["sin", "f32", [Math.PI / 6], "f32", 0.5],
    ["cos", "f32", [Math.PI / 3], "f32", 0.5],
    ["tanh", "f32", [Math.log(2)], "f32", 0.6],
    ["sigmoid", "f32", [Math.log(3)], "f32", 0.75],
    ["erf", "f32", [0.5], "f32", 0.5204998778130465],
    ["floor", "f32", [-1.25], "f32", -2],
    ["relu", "f32", [-1.25], "f32", 0],
    ["relu", "f32", [1.25], "f32", 1.25],
    ["equal", "i32", [2, 2], "bool", 1],
    ["not-equal", "f32", [2, 2], "bool", 0],
    ["less", "f32", [2, 2], "bool", 0],
    ["less-equal", "i32", [2, 2], "bool", 1],
    ["and", "bool", [1, 0], "bool", 0],
    ["or", "bool", [1, 0], "bool", 1],
    ["not", "bool", [1], "bool", 0],
    ["to-real", "i32", [-3], "f32", -3],
    ["to-int", "f32", [-2.75], "i32", -2],
  ])("%s of %s %j is %s %d", (name, dtype, entries, result, expected) => {
    const operands = entries.map((_, n) => value(`x${n}`, `${dtype}[]`));
    expect(run({ op: "map", name, operands, out: value("y", `${result}[]`) }, entries)).toEqual(near(expected));
  });

  test("broadcasts by label, in whatever order", () => {
    const operands = [value("x", "f32[b=3, a=2]"), value("y", "f32[a=2]")];
    const out = value("z", "f32[b=3, a=2]");
    const entries = [[[1, 2], [3, 4], [5, 6]], [10, 20]]; // prettier-ignore
    expect(run({ op: "map", name: "add", operands, out }, entries)).toEqual([[11, 22], [13, 24], [15, 26]]); // prettier-ignore
  });

  test("broadcasts to the axes of both where an attend does", () => {
    const operands = [value("k", "i32[j=2]"), value("q", "i32[i=3]")];
    const node = { op: "map", name: "less-equal", operands, out: value("t", "bool[i=3, j=2]") } as const;
    expect(run(node, [[0, 1], [0, 1, 2]])).toEqual([[1, 0], [1, 1], [1, 1]]); // prettier-ignore
  });

  test("matches anonymous axes by their place", () => {
    const operands = [value("x", "f32[a=2, =3]"), value("y", "f32[=3]")];
    const node = { op: "map", name: "multiply", operands, out: value("z", "f32[a=2, =3]") } as const;
    expect(run(node, [[[1, 2, 3], [4, 5, 6]], [1, 10, 100]])).toEqual([[1, 20, 300], [4, 50, 600]]); // prettier-ignore
  });

  test("select takes one of two", () => {
    const operands = [value("c", "bool[a=3]"), value("x", "i32[a=3]"), value("y", "i32[]")];
    const node = { op: "map", name: "select", operands, out: value("z", "i32[a=3]") } as const;
    expect(run(node, [[1, 0, 1], [7, 8, 9], -1])).toEqual([7, -1, 9]);
  });

  test("expand repeats along new axes", () => {
    const node = { op: "expand", operand: value("x", "f32[b=2]"), out: value("y", "f32[a=3, b=2]") } as const;
    expect(run(node, [[1, 2]])).toEqual([[1, 2], [1, 2], [1, 2]]); // prettier-ignore
  });

  test.each([
    ["gelu", 1.5, 0.5 * 1.5 * 1.8663855974622838],
    ["gelu-tanh", 1.5, 1.3995715769802328],
    ["silu", Math.log(3), 0.75 * Math.log(3)],
    ["quick-gelu", Math.log(3) / 1.702, (0.75 * Math.log(3)) / 1.702],
  ] as const)("%s of %d is %d", (name, x, expected) => {
    expect(
      run({ op: "activation", name, operand: value("x", "f32[a=1]"), out: value("y", "f32[a=1]") }, [[x]]),
    ).toEqual(near([expected]));
  });

  // Abramowitz and Stegun, table 7.1.
  test.each([
    [0, 0],
    [0.02, 0.0225645747],
    [1, 0.8427007929],
    [-2, -0.995322265],
    [7, 1],
  ])("erf(%d) is %d", (x, expected) => {
    expect(errorFunction(x)).toBeCloseTo(expected, 9);
  });
});

describe("along an axis", () => {
  const x = [[[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]], [[0, 0, 0, 0], [1, 1, 1, 1], [2, 2, 2, 6]]]; // prettier-ignore
  test.each([
    ["sum", ["c"], "f32[a=2, b=3]", [[10, 26, 42], [0, 4, 12]]],
    ["mean", ["a", "c"], "f32[b=3]", [1.25, 3.75, 6.75]],
    ["max", ["b"], "f32[a=2, c=4]", [[9, 10, 11, 12], [2, 2, 2, 6]]],
    ["min", ["a", "b", "c"], "f32[]", 0],
  ] as const)("%s over %j", (name, axes, type, expected) => {
    const node = { op: "reduce", name, operand: value("x", "f32[a=2, b=3, c=4]"), axes, out: value("y", type) } as const;
    expect(run(node, [x])).toEqual(near(expected));
  }); // prettier-ignore

  test("softmax, along a middle axis", () => {
    const operand = value("x", "f32[a=1, b=2, c=3]");
    const node = { op: "softmax", log: false, operand, axis: "b", out: value("y", "f32[a=1, b=2, c=3]") } as const;
    const ln3 = Math.log(3);
    expect(run(node, [[[[0, ln3, 1000], [0, 0, 1000]]]])).toEqual(near([[[0.5, 0.75, 0.5], [0.5, 0.25, 0.5]]])); // prettier-ignore
  });

  test("the logarithm of softmax is finite where softmax is 0", () => {
    const node = {
      op: "softmax",
      log: true,
      operand: value("x", "f32[a=2]"),
      axis: "a",
      out: value("y", "f32[a=2]"),
    } as const;
    expect(run(node, [[0, 2000]])).toEqual(near([-2000, 0]));
  });

  test("layer norm", () => {
    const [operand, gain, bias] = [value("x", "f32[a=2, d=4]"), value("g", "f32[d=4]"), value("b", "f32[d=4]")];
    const node = {
      op: "layer-norm",
      kind: "layer",
      operand,
      gain,
      bias,
      epsilon: 0.75,
      out: value("y", "f32[a=2, d=4]"),
    } as const;
    // Mean 4 and variance 5, of the first row.
    const root = Math.sqrt(5.75);
    expect(run(node, [[[1, 3, 5, 7], [2, 2, 2, 2]], [1, 2, 3, 4], [0, 0, 0, 10]])).toEqual(
      near([[-3 / root, -2 / root, 3 / root, 12 / root + 10], [0, 0, 0, 10]]),
    ); // prettier-ignore
  });

  test("rms norm does not centre", () => {
    const [operand, gain] = [value("x", "f32[a=1, d=2]"), value("g", "f32[d=2]")];
    const node = {
      op: "layer-norm",
      kind: "rms",
      operand,
      gain,
      bias: undefined,
      epsilon: 3.5,
      out: value("y", "f32[a=1, d=2]"),
    } as const;
    // The mean of squares is 12.5; with epsilon 16.
    expect(run(node, [[[3, 4]], [2, 1]])).toEqual(near([[1.5, 1]]));
  });
});

describe("products", () => {
  test("contract sums over pairs of axes, given by place", () => {
    const [left, right] = [value("x", "f32[a=2, d=3]"), value("w", "f32[e=1, d=3]")];
    const node = {
      op: "contract",
      left,
      right,
      axes: [{ left: 1, right: 1 }],
      out: value("y", "f32[a=2, e=1]"),
    } as const;
    expect(run(node, [[[1, 2, 3], [4, 5, 6]], [[1, 10, 100]]])).toEqual([[321], [654]]); // prettier-ignore
  });

  test("contract takes shared labels together", () => {
    const [left, right] = [value("x", "f32[a=2, b=2, d=1]"), value("w", "f32[d=1, b=2, e=3]")];
    const node = {
      op: "contract",
      left,
      right,
      axes: [{ left: 2, right: 0 }],
      out: value("y", "f32[a=2, b=2, e=3]"),
    } as const;
    const entries = [[[[1], [2]], [[3], [4]]], [[[1, 10, 100], [2, 20, 200]]]]; // prettier-ignore
    expect(run(node, entries)).toEqual([[[1, 10, 100], [4, 40, 400]], [[3, 30, 300], [8, 80, 800]]]); // prettier-ignore
  });

  test("contract over no axis is the outer product, over two sums over both", () => {
    const [a, b] = [value("x", "f32[a=2]"), value("y", "f32[b=3]")];
    const outer = { op: "contract", left: a, right: b, axes: [], out: value("z", "f32[a=2, b=3]") } as const;
    expect(run(outer, [[1, 2], [3, 4, 5]])).toEqual([[3, 4, 5], [6, 8, 10]]); // prettier-ignore
    const [c, d] = [value("x", "f32[a=2, b=3]"), value("y", "f32[b=3, a=2]")];
    const both = { op: "contract", left: c, right: d, axes: [{ left: 0, right: 1 }, { left: 1, right: 0 }], out: value("z", "f32[]") } as const; // prettier-ignore
    expect(run(both, [[[1, 2, 3], [4, 5, 6]], [[1, 0], [10, 0], [0, 100]]])).toEqual(1 + 20 + 600); // prettier-ignore
  });

  test.each([
    [false, "f32[d=2, e=3]", [[1, 10, 100], [2, 20, 200]]],
    [true, "f32[e=3, d=2]", [[1, 2], [10, 20], [100, 200]]],
  ])("linear, transposed: %s", (transposed, type, weight) => {
    const [operand, bias] = [value("x", "f32[a=1, d=2]"), value("b", "f32[e=3]")];
    const node = { op: "linear", operand, weight: value("w", type), bias, transposed, out: value("y", "f32[a=1, e=3]") } as const;
    expect(run(node, [[[3, 4]], weight, [0.5, 0, 0]])).toEqual([[11.5, 110, 1100]]);
  }); // prettier-ignore
});

describe("movement", () => {
  const x = [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]; // prettier-ignore
  const axis = (label: string, size: number) => ({ label, dim: constant(size) });

  test("view splits, permutes and merges; the first part is the slowest", () => {
    const node = {
      op: "view",
      operand: value("x", "f32[a=2, b=6]"),
      split: [[axis("a", 2)], [axis("h", 3), axis("c", 2)]],
      merge: [["h"], ["c", "a"]],
      out: value("y", "f32[h=3, =4]"),
    } as const;
    expect(run(node, [x])).toEqual([[0, 6, 1, 7], [2, 8, 3, 9], [4, 10, 5, 11]]); // prettier-ignore
  });

  test("rename changes nothing", () => {
    expect(run({ op: "rename", operand: value("x", "f32[a=2, b=6]"), out: value("y", "f32[c=2, a=6]") }, [x])).toEqual(
      x,
    );
  });

  test("slice and take", () => {
    const operand = value("x", "f32[a=2, b=6]");
    const slice = {
      op: "slice",
      operand,
      axis: 1,
      from: constant(2),
      to: constant(5),
      out: value("y", "f32[a=2, b=3]"),
    } as const;
    expect(run(slice, [x])).toEqual([[2, 3, 4], [8, 9, 10]]); // prettier-ignore
    expect(run({ op: "take", operand, axis: 1, index: constant(4), out: value("y", "f32[a=2]") }, [x])).toEqual([
      4, 10,
    ]);
  });

  test("gather looks up rows: the indices' axes come first", () => {
    const node = {
      op: "gather",
      table: value("t", "f32[n=3, d=2]"),
      axes: [0],
      indices: [value("i", "i32[a=4]")],
      out: value("y", "f32[a=4, d=2]"),
    } as const;
    expect(run(node, [[[1, 2], [3, 4], [5, 6]], [2, 0, 0, 1]])).toEqual([[5, 6], [1, 2], [1, 2], [3, 4]]); // prettier-ignore
  });

  test("gather shares axes with its table by their labels", () => {
    const node = {
      op: "gather",
      table: value("t", "f32[a=2, n=3]"),
      axes: [1],
      indices: [value("i", "i32[a=2, s=1]")],
      out: value("y", "f32[a=2, s=1]"),
    } as const;
    expect(run(node, [[[1, 2, 3], [4, 5, 6]], [[2], [0]]])).toEqual([[3], [4]]); // prettier-ignore
  });

  test("gather looks up two axes, whose indices broadcast together", () => {
    const indices = [value("i", "i32[p=2]"), value("j", "i32[q=3]")];
    const node = {
      op: "gather",
      table: value("t", "f32[n=2, d=1, m=3]"),
      axes: [2, 0],
      indices: [indices[1], indices[0]],
      out: value("y", "f32[p=2, q=3, d=1]"),
    } as const;
    if (!node.indices[0] || !node.indices[1]) throw new Error("unreachable");
    const made = { ...node, indices: [node.indices[0], node.indices[1]] };
    expect(run(made, [[[[1, 2, 3]], [[4, 5, 6]]], [2, 1, 0], [1, 0]])).toEqual([[[6], [5], [4]], [[3], [2], [1]]]); // prettier-ignore
  });

  test("an index past the table is an error, not a number", () => {
    const node = {
      op: "gather",
      table: value("t", "f32[n=3]"),
      axes: [0],
      indices: [value("i", "i32[]")],
      out: value("y", "f32[]"),
    } as const;
    expect(() => run(node, [[1, 2, 3], 3])).toThrow(RangeError);
    expect(() => run(node, [[1, 2, 3], -1])).toThrow(RangeError);
  });

  test("concat and stack", () => {
    const operands = [value("x", "f32[a=2, b=1]"), value("y", "f32[a=2, b=2]")];
    const concat = { op: "concat", operands, axis: 1, out: value("z", "f32[a=2, b=3]") } as const;
    expect(run(concat, [[[1], [2]], [[3, 4], [5, 6]]])).toEqual([[1, 3, 4], [2, 5, 6]]); // prettier-ignore
    const stack = {
      op: "stack",
      operands: [value("x", "i32[a=3]"), value("y", "i32[a=3]")],
      out: value("z", "i32[a=3, s=2]"),
    } as const;
    expect(run(stack, [[1, 2, 3], [4, 5, 6]])).toEqual([[1, 4], [2, 5], [3, 6]]); // prettier-ignore
  });

  test("constants, sizes and positions", () => {
    expect(run({ op: "constant", value: true, out: value("c", "bool[]") }, [])).toBe(1);
    expect(run({ op: "constant", value: -0.5, out: value("c", "f32[]") }, [])).toBe(-0.5);
    expect(run({ op: "size", size: constant(7), out: value("c", "i32[]") }, [])).toBe(7);
    expect(run({ op: "positions", offset: false, out: value("p", "i32[n=4]") }, [])).toEqual([0, 1, 2, 3]);
  });
});

test("a table is computed entry by entry, from its indices", () => {
  const [n, m] = [value("n", "i32[]"), value("m", "i32[]")];
  const ten = { op: "constant", value: 10, out: value("c", "i32[]") } as const;
  const tens = { op: "map", name: "multiply", operands: [n, ten.out], out: value("p", "i32[]") } as const;
  const sum = { op: "map", name: "add", operands: [tens.out, m], out: value("s", "i32[]") } as const;
  const node = { op: "table", indices: [n, m], offsets: [false, false], out: value("t", "i32[a=2, b=3]") } as const;
  const made = { ...node, body: [ten, tens, sum], offsets: [...node.offsets], result: sum.out };
  expect(run(made, [])).toEqual([[0, 1, 2], [10, 11, 12]]); // prettier-ignore
});

describe("attend", () => {
  // One channel, so that a score is a product; e ^ score is a small whole number.
  const [ln2, ln3] = [Math.log(2), Math.log(3)];
  const operands = {
    query: value("q", "f32[p=2, r=1, i=2, c=1]"),
    key: value("k", "f32[p=2, j=3, c=1]"),
    value: value("v", "f32[p=2, j=3, e=2]"),
  };
  const common = {
    op: "attend",
    ...operands,
    i: "i",
    j: "j",
    dropout: 0.5,
    cache: false,
    mask: undefined,
    score: undefined,
  } as const;
  const out = value("y", "f32[p=2, r=1, i=2, e=2]");
  const entries = [
    [[[[0.5], [1]]], [[[1], [0]]]],
    [[[0], [ln2], [ln3]], [[0], [0], [ln2]]],
    [[[1, 10], [2, 20], [3, 30]], [[1, 0], [0, 1], [4, 4]]],
  ]; // prettier-ignore

  test("weighs values by the softmax of scaled products", () => {
    const node = { ...common, scale: 2, out } as const;
    // Weights: 1:2:3 and 1:4:9; 1:1:4 and 1:1:1.
    const expected = [
      [[[14 / 6, 140 / 6], [36 / 14, 360 / 14]]],
      [[[17 / 6, 17 / 6], [5 / 3, 5 / 3]]],
    ]; // prettier-ignore
    expect(run(node, entries)).toEqual(near(expected));
  });

  test("a mask hides keys, and a query that sees none gives zeros", () => {
    const [q, k] = [value("q", "i32[i=2]"), value("k", "i32[j=3]")];
    const less = { op: "map", name: "less", operands: [k, q], out: value("t", "bool[i=2, j=3]") } as const;
    const node = { ...common, scale: 1, mask: regionOf([q, k], less), out } as const;
    expect(run(node, entries)).toEqual(near([[[[0, 0], [1, 10]]], [[[0, 0], [1, 0]]]])); // prettier-ignore
  });

  test("a mask can read data, which has axes of the scores", () => {
    const keep = value("keep", "bool[p=2, j=3]");
    const [q, k] = [value("q", "i32[i=2]"), value("k", "i32[j=3]")];
    const look = { op: "gather", table: keep, axes: [1], indices: [k], out: value("t", "bool[j=3, p=2]") } as const;
    expect(() => run({ ...common, scale: 1, mask: regionOf([q, k], look), out }, entries, [[keep, [[1, 1, 1], [1, 1, 1]]]])).not.toThrow(); // prettier-ignore
    const masked = { ...common, scale: 1, mask: regionOf([q, k], look), out } as const;
    expect(run(masked, entries, [[keep, [[0, 0, 1], [1, 0, 0]]]])).toEqual(near([[[[3, 30], [3, 30]]], [[[1, 0], [1, 0]]]])); // prettier-ignore
  });

  test("a score changes the scaled product, by positions and by other axes", () => {
    const [s, q, k] = [value("s", "f32[p=2, r=1, i=2, j=3]"), value("q", "i32[i=2]"), value("k", "i32[j=3]")];
    const slope = value("slope", "f32[p=2]");
    const real = { op: "map", name: "to-real", operands: [k], out: value("t", "f32[j=3]") } as const;
    const bias = {
      op: "map",
      name: "multiply",
      operands: [slope, real.out],
      out: value("b", "f32[p=2, j=3]"),
    } as const;
    const sum = {
      op: "map",
      name: "add",
      operands: [s, bias.out],
      out: value("u", "f32[p=2, r=1, i=2, j=3]"),
    } as const;
    const node = { ...common, scale: 0, score: regionOf([s, q, k], real, bias, sum), out } as const;
    // Weights: 1:2:4 for p = 0, 1:3:9 for p = 1.
    const [a, b] = [[17 / 7, 170 / 7], [37 / 13, 39 / 13]]; // prettier-ignore
    expect(run(node, entries, [[slope, [ln2, ln3]]])).toEqual(near([[[a, a]], [[b, b]]]));
  });
});

describe("control", () => {
  test("a call runs its callee on the operands, by place", () => {
    const [x, y] = [value("x", "f32[a=2]"), value("y", "f32[a=2]")];
    const difference = { op: "map", name: "subtract", operands: [x, y], out: value("z", "f32[a=2]") } as const;
    const callee = makeFunction([x, y], [difference], difference.out);
    const [u, v] = [value("u", "f32[n=2]"), value("v", "f32[n=2]")];
    const node = { op: "call", callee, weights: [], operands: [v, u], outs: [value("w", "f32[n=2]")] } as const;
    expect(run(node, [[1, 2], [10, 20]])).toEqual([-9, -18]); // prettier-ignore
  });

  test("a loop carries values round, and counts", () => {
    const index = atom("i", "loop", { min: 0, below: constant(4) });
    const [initial, parameter] = [value("x", "i32[a=2]"), value("x", "i32[a=2]")];
    const size = { op: "size", size: variable(index), out: value("n", "i32[]") } as const;
    const next = { op: "map", name: "add", operands: [parameter, size.out], out: value("x", "i32[a=2]") } as const;
    const node = {
      op: "repeat",
      index,
      count: constant(4),
      carried: [{ initial, parameter, next: next.out }],
      body: [size, next],
      outs: [value("x", "i32[a=2]")],
    } as const;
    const made = { ...node, body: [...node.body] };
    expect(run(made, [[1, 100]])).toEqual([7, 106]);
  });

  test("what does not fit its type is an error", () => {
    const made = makeFunction([value("x", "f32[a=2]")], [], value("y", "f32[a=2]"));
    expect(() => runFunction(made, [array([1, 2, 3])])).toThrow("x is [3], [2] is due");
    const whole = value("x", "i32[]");
    expect(() => runFunction(makeFunction([whole], [], whole), [array(0.5)])).toThrow("x is i32, it holds 0.5");
    expect(nested(runFunction(makeFunction([whole], [], whole), [array(3)]))).toBe(3);
  });
});
