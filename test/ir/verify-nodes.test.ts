import { describe, expect, test } from "vitest";
import type { Module, Node, Value } from "../../compiler/ir/graph.js";
import { verifyModule } from "../../compiler/ir/verify.js";
import { constant } from "../../compiler/shapes/index.js";
import { functionOf, moduleOf, regionOf, value } from "./small-graph.js";

const axis = (label: string, size: number) => ({ label, dim: constant(size) });
const verify = (module: Module): readonly string[] => verifyModule(module, "optimized");
const verifyNode = (node: Node, ...captured: Value[]): readonly string[] =>
  verify(moduleOf(functionOf(node, captured)));

const f = (name: string, axes: string): Value => value(name, `f32[${axes}]`);
const i = (name: string, axes: string): Value => value(name, `i32[${axes}]`);
const b = (name: string, axes: string): Value => value(name, `bool[${axes}]`);

const less = (left: Value, right: Value, out: Value): Node => ({
  op: "map",
  name: "less",
  operands: [left, right],
  out,
});

const attend = {
  op: "attend",
  query: f("q", "p=2, r=3, i=4, c=5"),
  key: f("k", "p=2, j=6, c=5"),
  value: f("v", "p=2, j=6, e=7"),
  i: "i",
  j: "j",
  scale: 0.5,
  mask: undefined,
  score: undefined,
  dropout: 0,
  cache: false,
  out: f("y", "p=2, r=3, i=4, e=7"),
} as const;
const [q, k] = [i("q", "i=4"), i("k", "j=6")];
const s = f("s", "p=2, r=3, i=4, j=6");

const view = {
  op: "view",
  operand: f("x", "a=2, b=6"),
  split: [[axis("a", 2)], [axis("h", 3), axis("c", 2)]],
  merge: [["h"], ["c", "a"]],
  out: f("y", "h=3, =4"),
} as const;
const gather = {
  op: "gather",
  table: f("t", "a=2, n=3, d=5"),
  axes: [1],
  indices: [i("i", "a=2, s=4")],
  out: f("y", "a=2, s=4, d=5"),
} as const;
const contract = {
  op: "contract",
  left: f("x", "a=2, d=3"),
  right: f("w", "e=4, d=3"),
  axes: [{ left: 1, right: 1 }],
  out: f("y", "a=2, e=4"),
} as const;
const linear = {
  op: "linear",
  operand: f("x", "a=2, d=3"),
  weight: f("w", "d=3, e=4"),
  bias: f("b", "e=4"),
  transposed: false,
  out: f("y", "a=2, e=4"),
} as const;
const norm = {
  op: "layer-norm",
  kind: "layer",
  operand: f("x", "a=2, d=3"),
  gain: f("g", "d=3"),
  bias: f("b", "d=3"),
  epsilon: 1e-5,
  out: f("y", "a=2, d=3"),
} as const;
const slice = {
  op: "slice",
  operand: f("x", "a=2, b=6"),
  axis: 1,
  from: constant(1),
  to: constant(5),
  out: f("y", "a=2, b=4"),
} as const;
const take = { op: "take", operand: f("x", "a=2, b=6"), axis: 1, index: constant(5), out: f("y", "a=2") } as const;
const reduce = { op: "reduce", name: "sum", operand: f("x", "a=2, b=6"), axes: ["b"], out: f("y", "a=2") } as const;
const softmax = { op: "softmax", log: false, operand: f("x", "a=2, b=6"), axis: "b", out: f("y", "a=2, b=6") } as const;
const concat = {
  op: "concat",
  operands: [f("x", "a=2, b=1"), f("y", "a=2, b=3")],
  axis: 1,
  out: f("z", "a=2, b=4"),
} as const;
const stack = { op: "stack", operands: [f("x", "a=2"), f("y", "a=2")], out: f("z", "a=2, s=2") } as const;
const map = { op: "map", name: "add", operands: [f("x", "a=2, b=3"), f("y", "b=3")], out: f("z", "a=2, b=3") } as const;
const rename = { op: "rename", operand: f("x", "a=2, b=3"), out: f("y", "b=2, c=3") } as const;

const n = i("n", "");
const table = {
  op: "table",
  indices: [n, i("m", "")],
  body: [{ op: "map", name: "to-real", operands: [n], out: f("r", "") }],
  offsets: [true, false],
  out: f("t", "a=2, b=3"),
} as const;
const tableOf = (change: Partial<Extract<Node, { op: "table" }>>): Node => {
  const [first] = table.body;
  return { ...table, body: [first], offsets: [...table.offsets], result: first.out, ...change };
};

describe("legal nodes", () => {
  test.each<[string, Node]>([
    ["view", view],
    ["gather", gather],
    ["contract", contract],
    ["linear", linear],
    ["layer norm", norm],
    ["slice", slice],
    ["take", take],
    ["reduce", reduce],
    ["softmax", softmax],
    ["concat", concat],
    ["stack", stack],
    ["map", map],
    ["rename", rename],
    ["table", tableOf({})],
    ["attend", attend],
    ["attend with a mask", { ...attend, mask: regionOf([q, k], less(k, q, b("t", "i=4, j=6"))) }],
    [
      "attend with a score",
      {
        ...attend,
        score: regionOf([s, q, k], { op: "map", name: "negate", operands: [s], out: f("t", "p=2, r=3, i=4, j=6") }),
      },
    ],
  ])("%s", (_, node) => {
    expect(verifyNode(node)).toEqual([]);
  });
});

describe("illegal nodes", () => {
  test.each<[string, Node, RegExp]>([
    [
      "operands of two dtypes",
      { ...map, operands: [f("x", "a=2, b=3"), i("y", "b=3")] },
      /reads y, which is i32, not f32/,
    ],
    ["an operand too few", { ...map, operands: [f("x", "a=2, b=3")] }, /has 1 operands, 2 are due/],
    ["a result of another dtype", { ...map, out: i("z", "a=2, b=3") }, /gives i32, f32 is due/],
    [
      "truth values to add",
      { ...map, operands: [b("x", "a=2"), b("y", "a=2")], out: b("z", "a=2") },
      /reads x, which is bool/,
    ],
    ["a comparison that gives numbers", { ...map, name: "less" }, /gives f32, bool is due/],
    [
      "a size that stretches",
      { ...map, operands: [f("x", "a=2, b=3"), f("y", "b=1")] },
      /cannot broadcast y, f32\[b: 1\]/,
    ],
    ["a label that the result lacks", { ...map, operands: [f("x", "a=2, b=3"), f("y", "c=3")] }, /cannot broadcast y/],
    ["an axis from nowhere", { ...map, operands: [f("x", "b=3"), f("y", "b=3")] }, /some axis is in no operand/],
    ["one label for two axes", { ...rename, out: f("y", "c=2, c=3") }, /one label for two axes/],
    ["a rename that changes sizes", { ...rename, out: f("y", "b=3, c=2") }, /gives f32\[b: 3, c: 2\]/],
    [
      "an activation of whole numbers",
      { op: "activation", name: "gelu", operand: i("x", "a=2"), out: f("y", "a=2") },
      /reads x, which is i32/,
    ],
    [
      "an expansion that loses an axis",
      { op: "expand", operand: f("x", "a=2"), out: f("y", "b=2") },
      /cannot broadcast x/,
    ],
    [
      "a mean of whole numbers",
      { ...reduce, name: "mean", operand: i("x", "a=2, b=6"), out: i("y", "a=2") },
      /reads x, which is i32/,
    ],
    ["a sum of truth values", { ...reduce, operand: b("x", "a=2, b=6"), out: b("y", "a=2") }, /reads x, which is bool/],
    ["a reduction of no axis of its operand", { ...reduce, axes: ["c"] }, /reduces c, which f32\[a: 2, b: 6\] lacks/],
    ["a reduction that keeps an axis", { ...reduce, out: f("y", "a=2, b=6") }, /its rule f32\[a: 2\]/],
    ["softmax over no axis", { ...softmax, axis: "c" }, /runs over c/],
    ["softmax of another type", { ...softmax, out: f("y", "a=2, c=6") }, /the labels differ/],
    [
      "a norm whose gain is of another size",
      { ...norm, gain: f("g", "d=2") },
      /scales f32\[a: 2, d: 3\] by f32\[d: 2\]/,
    ],
    ["an rms norm with a bias", { ...norm, kind: "rms" }, /rms norm with a bias/],
    ["a sum over axes of two sizes", { ...contract, right: f("w", "e=4, d=2") }, /sums over axes of two sizes/],
    ["a sum over an axis that is not there", { ...contract, axes: [{ left: 2, right: 1 }] }, /has no axis 2/],
    ["a product in another order", { ...contract, out: f("y", "e=4, a=2") }, /its rule f32\[a: 2, e: 4\]/],
    ["a batch axis of two sizes", { ...contract, right: f("w", "a=4, d=3"), out: f("y", "a=2") }, /shares the axis a/],
    ["a linear map of the wrong axis", { ...linear, transposed: true }, /multiplies .* transposed/],
    ["a linear map with a bias of another size", { ...linear, bias: f("b", "e=3") }, /adds f32\[e: 3\]/],
    ["a linear map by three axes", { ...linear, weight: f("w", "d=3, e=2, g=2") }, /a weight of two axes is due/],
    [
      "parts that are not the whole",
      { ...view, split: [[axis("a", 2)], [axis("h", 3), axis("c", 3)]] },
      /splits 6 into 3 \* 3/,
    ],
    ["a part that is lost", { ...view, merge: [["h"], ["c"]] }, /merges h, c, the parts are a, h, c/],
    ["a part that is used twice", { ...view, merge: [["h"], ["c", "a", "c"]] }, /merges/],
    [
      "two parts of one name",
      { ...view, split: [[axis("c", 2)], [axis("h", 3), axis("c", 2)]] },
      /names two parts alike/,
    ],
    [
      "a view of too few axes",
      { ...view, split: [[axis("a", 2)]], merge: [["a"]], out: f("y", "a=2") },
      /splits 1 axes/,
    ],
    ["merges of other sizes", { ...view, out: f("y", "h=4, =3") }, /its rule/],
    ["a slice past the end", { ...slice, to: constant(7), out: f("y", "a=2, b=6") }, /takes 1 \.\. 7 of 6/],
    ["a slice from behind", { ...slice, from: constant(-1), out: f("y", "a=2, b=6") }, /takes -1 \.\. 5/],
    ["a slice of another size", { ...slice, out: f("y", "a=2, b=5") }, /its rule f32\[a: 2, b: 4\]/],
    ["an entry past the end", { ...take, index: constant(6) }, /takes 6 of 6/],
    ["a look-up by reals", { ...gather, indices: [f("i", "a=2, s=4")] }, /reads i, which is f32/],
    ["fewer indices than axes", { ...gather, axes: [1, 2] }, /has 1 indices for 2 axes/],
    [
      "a look-up along one axis twice",
      { ...gather, axes: [1, 1], indices: [i("i", "a=2, s=4"), i("j", "s=4")] },
      /looks up one axis twice/,
    ],
    [
      "a look-up with the table's axes first",
      { ...gather, indices: [i("i", "s=4")], out: f("y", "a=2, s=4, d=5") },
      /behind the table's|its rule/,
    ],
    [
      "a join of other sizes",
      { ...concat, operands: [f("x", "a=2, b=1"), f("y", "a=3, b=3")] },
      /joins f32\[a: 2, b: 1\] and y/,
    ],
    ["a join that is too long", { ...concat, out: f("z", "a=2, b=5") }, /its rule f32\[a: 2, b: 4\]/],
    ["a stack of unlike values", { ...stack, operands: [f("x", "a=2"), f("y", "b=2")] }, /joins f32\[a: 2\] and y/],
    ["a stack of another height", { ...stack, out: f("z", "a=2, s=3") }, /its rule/],
    ["a constant of another dtype", { op: "constant", value: 0.5, out: i("c", "") }, /is 0.5, as i32/],
    ["a truth value as a number", { op: "constant", value: true, out: f("c", "") }, /is true, as f32/],
    ["a size of reals", { op: "size", size: constant(3), out: f("c", "") }, /i32\[\] is due/],
    ["positions along two axes", { op: "positions", offset: false, out: i("p", "a=2, b=3") }, /i32 of one axis is due/],
    ["a table of fewer indices than axes", tableOf({ indices: [n] }), /has 1 indices for f32/],
    ["a table whose entries are of another dtype", tableOf({ result: n }), /has entries i32\[\]/],
    ["a table indexed by reals", tableOf({ indices: [n, f("m", "")] }), /not i32\[\]/],
    [
      "a table that reads weights",
      tableOf({ body: [{ op: "weight", path: ["w"], out: f("r", "") }] }),
      /computes an entry by weight/,
    ],
    ["queries of another width", { ...attend, query: f("q", "p=2, r=3, i=4, c=6") }, /multiplies f32/],
    [
      "queries without the keys' axes",
      { ...attend, query: f("q", "r=3, p=2, i=4, c=5"), out: f("y", "r=3, p=2, i=4, e=7") },
      /other axes with its queries/,
    ],
    ["values without the keys' axes", { ...attend, value: f("v", "j=6, e=7") }, /other axes with its values/],
    ["values of another number", { ...attend, value: f("v", "p=2, j=5, e=7") }, /other keys/],
    ["keys of another name", { ...attend, j: "n" }, /calls its keys n/],
    ["queries of another name", { ...attend, i: "n" }, /calls its queries n/],
    ["a dropout of 1", { ...attend, dropout: 1 }, /drops with probability 1/],
    [
      "a mask of numbers",
      { ...attend, mask: regionOf([q, k], { op: "map", name: "add", operands: [q, k], out: i("t", "i=4, j=6") }) },
      /gives i32, not bool/,
    ],
    [
      "a mask of other positions",
      { ...attend, mask: regionOf([k, q], less(k, q, b("t", "i=4, j=6"))) },
      /has a mask of \(i32\[j: 6\], i32\[i: 4\]\)/,
    ],
    [
      "a score without its parameter",
      { ...attend, score: regionOf([q, k], { op: "constant", value: 0, out: f("t", "") }) },
      /has a score of/,
    ],
  ])("%s", (_, node, message) => {
    expect(verifyNode(node)).toContainEqual(expect.stringMatching(message));
  });

  test("a mask with axes that the scores lack", () => {
    const keep = b("keep", "n=3");
    const wide: Node = { op: "map", name: "or", operands: [keep, keep], out: b("t", "n=3") };
    expect(verifyNode({ ...attend, mask: regionOf([q, k], wide) }, keep)).toContainEqual(
      expect.stringContaining("the scores are"),
    );
  });
});
