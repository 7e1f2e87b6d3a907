import { describe, expect, test } from "vitest";
import type { Function, Module, Node, Value, Weight, WeightTree } from "../../compiler/ir/graph.js";
import { verifyModule } from "../../compiler/ir/verify.js";
import { add, always, atom, compare, constant, one, variable, zero } from "../../compiler/shapes/index.js";
import { emptyTree, functionOf, makeFunction, moduleOf, regionOf, value } from "./small-graph.js";

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

describe("values and scopes", () => {
  const x = f("x", "a=2");
  const negate = (operand: Value, out: Value): Node => ({ op: "map", name: "negate", operands: [operand], out });

  test("a value that is read before it is made", () => {
    const [y, z] = [f("y", "a=2"), f("z", "a=2")];
    const problems = verify(moduleOf(makeFunction([x], [negate(y, z), negate(x, y)], z)));
    expect(problems).toEqual(["f: map z reads y, which is not made"]);
  });

  test("a value that is made twice", () => {
    const y = f("y", "a=2");
    expect(verify(moduleOf(makeFunction([x], [negate(x, y), negate(x, y)], y)))).toEqual(["f: y is made twice"]);
  });

  test("a result that is not made", () => {
    expect(verify(moduleOf(makeFunction([x], [], f("y", "a=2"))))).toEqual([
      "f: the result reads y, which is not made",
    ]);
  });

  test("a value of a loop that is read behind it", () => {
    const index = atom("i", "loop", { below: constant(3) });
    const [parameter, next, out, y] = [f("p", "a=2"), f("n", "a=2"), f("o", "a=2"), f("y", "a=2")];
    const loop: Node = {
      op: "repeat",
      index,
      count: constant(3),
      carried: [{ initial: x, parameter, next }],
      body: [negate(parameter, next)],
      outs: [out],
    };
    expect(verify(moduleOf(makeFunction([x], [loop, negate(out, y)], y)))).toEqual([]);
    expect(verify(moduleOf(makeFunction([x], [loop, negate(next, y)], y)))).toEqual([
      "f: map y reads n, which is out of scope",
    ]);
  });

  test("a counter that is used outside its loop", () => {
    const index = atom("i", "loop", { below: constant(3) });
    const size = i("n", "");
    const node: Node = { op: "size", size: variable(index), out: size };
    expect(verify(moduleOf(makeFunction([], [node], size)))).toEqual(["f: size n has the size i, and nothing gives i"]);
    const outer = atom("j", "loop", { below: constant(3) });
    const [start, parameter, out] = [i("s", ""), i("p", ""), i("o", "")];
    const loop: Node = {
      op: "repeat",
      index: outer,
      count: constant(3),
      carried: [{ initial: start, parameter, next: size }],
      body: [node],
      outs: [out],
    };
    expect(verify(moduleOf(makeFunction([start], [loop], out)))).toEqual([
      "f: size n has the size i, and nothing gives i",
    ]);
    expect(verify(moduleOf(makeFunction([start], [{ ...loop, index }], out)))).toEqual([]);
  });

  test("a loop whose values change their type", () => {
    const index = atom("i", "loop", { below: constant(3) });
    const [parameter, next, out] = [f("p", "a=2"), f("n", "b=2"), f("o", "a=2")];
    const body: Node[] = [{ op: "rename", operand: parameter, out: next }];
    const loop: Node = {
      op: "repeat",
      index,
      count: constant(3),
      carried: [{ initial: x, parameter, next }],
      body,
      outs: [out],
    };
    expect(verify(moduleOf(makeFunction([x], [loop], out)))).toEqual([
      "f: repeat o carries p, f32[a: 2], which goes on as f32[b: 2]",
    ]);
  });

  test("a loop that turns less than no times", () => {
    const index = atom("i", "loop");
    const [parameter, out] = [f("p", "a=2"), f("o", "a=2")];
    const loop: Node = {
      op: "repeat",
      index,
      count: constant(-1),
      carried: [{ initial: x, parameter, next: parameter }],
      body: [],
      outs: [out],
    };
    expect(verify(moduleOf(makeFunction([x], [loop], out)))).toEqual(["f: repeat o turns -1 times"]);
  });

  test("linear before optimisation", () => {
    const module = moduleOf(functionOf(linear));
    expect(verifyModule(module, "lowered")).toEqual(["f: linear y is only legal after optimisation"]);
  });
});

describe("sizes", () => {
  const seq = atom("seq", "axis");
  const d = atom("d", "config");
  const module = (made: Function, extra: Partial<Module> = {}): Module => ({
    ...moduleOf(made),
    config: [{ name: "d", atom: d, value: 6 }],
    ...extra,
  });
  const sized = (name: string, ...dims: readonly ReturnType<typeof constant>[]): Value => ({
    ...f(name, ""),
    type: { dtype: "f32", axes: dims.map((dim, n) => ({ label: "ab"[n] ?? "", dim })) },
  });

  test("are equal under the config's numbers", () => {
    const rename: Node = { op: "rename", operand: sized("x", variable(d)), out: sized("y", constant(6)) };
    expect(verify(module(functionOf(rename)))).toEqual([]);
    const other: Node = { op: "rename", operand: sized("x", variable(d)), out: sized("y", constant(7)) };
    expect(verify(module(functionOf(other)))).toEqual(["f: rename y gives f32[a: 7], its rule f32[a: d]"]);
  });

  test("are known from inputs, where each is the size of an axis", () => {
    const x = sized("x", variable(seq));
    expect(verify(module(makeFunction([x], [], x)))).toEqual([]);
    const y = sized("y", add(variable(seq), one));
    expect(verify(module(makeFunction([y], [], y)))).toContain(
      "M: the input y has the size seq + 1, and nothing gives seq",
    );
  });

  test("a slice is within the axis if a guard says so", () => {
    const operand = sized("x", variable(d));
    const length = sized("n", variable(seq));
    const node: Node = { op: "slice", operand, axis: 0, from: zero, to: variable(seq), out: sized("y", variable(seq)) };
    const made = makeFunction([operand, length], [node], node.out);
    expect(verify(module(made))).toEqual(["f: slice y takes 0 .. seq of d"]);
    const condition = compare("<=", variable(seq), variable(d));
    expect(verify(module(made, { guards: [{ condition, text: "seq <= d", place: "" }] }))).toEqual([]);
    expect(verify(module(made, { guards: [{ condition: always, text: "true", place: "" }] }))).toHaveLength(1);
  });
});

describe("calls and weights", () => {
  const declared: Weight = {
    kind: "weight",
    type: f("w", "out=3, d=2").type,
    initial: { kind: "constant", value: 0 },
    block: "B",
  };
  const read = (path: readonly (string | ReturnType<typeof constant>)[], axes: string): Function => {
    const out = f("w", axes);
    return makeFunction([], [{ op: "weight", path, out }], out);
  };
  const tree = (...entries: [string, Weight | WeightTree][]): WeightTree => ({
    kind: "tree",
    entries: new Map(entries),
  });
  const call = (callee: Function, weights: readonly (string | ReturnType<typeof constant>)[]): Function => {
    const out = f("y", "out=3, d=2");
    return makeFunction([], [{ op: "call", callee, weights, operands: [], out }], out);
  };

  test("a weight is what the tree has", () => {
    expect(verify(moduleOf(read(["w"], "out=3, d=2"), tree(["w", declared])))).toEqual([]);
    expect(verify(moduleOf(read(["w"], "vocab=3, d=2"), tree(["w", declared])))).toEqual([]);
    expect(verify(moduleOf(read(["w"], "out=3, d=5"), tree(["w", declared])))).toEqual([
      "f: weight w, f32[out: 3, d: 5], is declared f32[out: 3, d: 2]",
    ]);
    expect(verify(moduleOf(read(["v"], "out=3, d=2"), tree(["w", declared])))).toEqual([
      "f: weight v, f32[out: 3, d: 2], is not in the tree",
    ]);
    expect(verify(moduleOf(read(["w"], "out=3, d=2"), tree(["w", tree()])))).toEqual([
      "f: weight w, f32[out: 3, d: 2], is no weight but has weights below it",
    ]);
  });

  test("a weight may be read with its axes swapped, after optimisation, by all its readers", () => {
    const swapped = moduleOf(read(["w"], "d=2, out=3"), tree(["w", declared]));
    expect(verifyModule(swapped, "optimized")).toEqual([]);
    expect(verifyModule(swapped, "lowered")).toHaveLength(1);
    const [a, b] = [f("w", "d=2, out=3"), f("w", "out=3, d=2")];
    const both = makeFunction([], [{ op: "weight", path: ["w"], out: a }, { op: "weight", path: ["w"], out: b }], a); // prettier-ignore
    expect(verify(moduleOf(both, tree(["w", declared])))).toEqual([
      "f: weight w, f32[out: 3, d: 2], is read in two orders of its axes",
    ]);
  });

  test("a call leads to weights that its callee reads", () => {
    const callee = read(["w"], "out=3, d=2");
    expect(verify(moduleOf(call(callee, ["q"]), tree(["q", tree(["w", declared])])))).toEqual([]);
    expect(verify(moduleOf(call(callee, []), tree(["w", declared])))).toEqual([]);
    expect(verify(moduleOf(call(callee, ["q"]), tree(["w", declared])))).toEqual([
      "f: call of f with the weights at q names nothing in the tree",
    ]);
    expect(verify(moduleOf(call(callee, ["q"]), tree(["q", tree()])))).toEqual([
      "f: weight w, f32[out: 3, d: 2], is not in the tree",
    ]);
  });

  test("an index chooses a layer that is there", () => {
    const callee = read(["w"], "out=3, d=2");
    const layer = tree(["w", declared]);
    const list = (count: number): WeightTree => ({
      kind: "tree",
      entries: new Map([["h", { kind: "repeated", count: constant(count), each: layer }]]),
    });
    expect(verify(moduleOf(call(callee, ["h", constant(2)]), list(3)))).toEqual([]);
    expect(verify(moduleOf(call(callee, ["h", constant(3)]), list(3)))).toEqual([
      "f: call of f with the weights at h[3] chooses h[3] of 3",
    ]);
    const listed: WeightTree = {
      kind: "tree",
      entries: new Map([["h", { kind: "listed", items: [emptyTree(), layer] }]]),
    };
    expect(verify(moduleOf(call(callee, ["h", constant(1)]), listed))).toEqual([]);
    expect(verify(moduleOf(call(callee, ["h", constant(0)]), listed))).toEqual([
      "f: weight w, f32[out: 3, d: 2], is not in the tree",
    ]);
  });

  test("a counter chooses a layer", () => {
    const callee = read(["w"], "out=3, d=2");
    const loop = (turns: number): Function => {
      const index = atom("i", "loop", { below: constant(turns) });
      const [x, parameter, next, out] = ["x", "p", "n", "o"].map((name) => f(name, "out=3, d=2"));
      if (!x || !parameter || !next || !out) throw new Error("unreachable");
      const body: Node[] = [{ op: "call", callee, weights: ["h", variable(index)], operands: [], out: next }];
      return makeFunction(
        [x],
        [
          {
            op: "repeat",
            index,
            count: constant(turns),
            carried: [{ initial: x, parameter, next }],
            body,
            outs: [out],
          },
        ],
        out,
      );
    };
    const tree: WeightTree = {
      kind: "tree",
      entries: new Map([
        ["h", { kind: "repeated", count: constant(3), each: { kind: "tree", entries: new Map([["w", declared]]) } }],
      ]),
    };
    expect(verify(moduleOf(loop(3), tree))).toEqual([]);
    expect(verify(moduleOf(loop(4), tree))).toEqual(["f: call of f with the weights at h[i] chooses h[i] of 3"]);
  });

  test("operands fit by rank and sizes, not by labels", () => {
    const x = f("x", "a=2, b=3");
    const callee = makeFunction([x], [], x);
    const node = (operand: Value, out: Value): Node => ({ op: "call", callee, weights: [], operands: [operand], out });
    expect(verifyNode(node(f("u", "c=2, d=3"), f("v", "c=2, d=3")))).toEqual([]);
    expect(verifyNode(node(f("u", "a=3, b=2"), f("v", "a=2, b=3")))).toEqual([
      "f: call v gives f f32[a: 3, b: 2] for x, f32[a: 2, b: 3]",
    ]);
    expect(verifyNode(node(f("u", "a=2, b=3"), f("v", "a=2")))).toEqual([
      "f: call v takes f32[a: 2] from f, which gives f32[a: 2, b: 3]",
    ]);
    const none: Node = { op: "call", callee, weights: [], operands: [], out: f("v", "a=2, b=3") };
    expect(verifyNode(none)).toEqual(["f: call v gives f 0 values, 1 are due"]);
  });

  test("a function that calls itself", () => {
    const made = makeFunction([], [], f("y", ""));
    made.body.push({ op: "call", callee: made, weights: [], operands: [], out: made.result });
    expect(verify({ ...moduleOf(made), body: { ...made, role: "model" } })).toEqual(["f calls itself"]);
  });
});

describe("tasks", () => {
  const x = f("x", "a=2");
  const module = (task: Function, loss?: Function): Module => ({
    ...moduleOf(makeFunction([x], [], x)),
    tasks: [
      {
        name: "t",
        inputs: [],
        forward: { ...task, role: "task" },
        outputName: "y",
        loss: loss && { ...loss, role: "loss" },
      },
    ],
  });

  test("take the model's result and its inputs", () => {
    const hidden = f("h", "n=2");
    expect(verify(module(makeFunction([hidden], [], hidden)))).toEqual([]);
    const input = f("x", "a=2");
    expect(verify(module(makeFunction([hidden, input], [], hidden)))).toEqual([]);
    expect(verify(module(makeFunction([f("h", "n=3")], [], f("h", "n=3"))))).toContain(
      "f: takes f32[n: 3], the model gives f32[a: 2]",
    );
    expect(verify(module(makeFunction([hidden, f("z", "a=2")], [], hidden)))).toEqual([
      "f: takes z, f32[a: 2], which is no input",
    ]);
  });

  test("have a loss of one number", () => {
    const hidden = f("h", "n=2");
    const made = makeFunction([hidden], [], hidden);
    expect(verify(module(made, made))).toEqual(["f: gives f32[n: 2], f32[] is due"]);
  });
});
