import { describe, expect, test } from "vitest";
import type { Function, Module, Node, Value, Weight, WeightTree } from "../../compiler/ir/graph.js";
import { verifyModule } from "../../compiler/ir/verify.js";
import { add, always, atom, compare, constant, one, variable, zero } from "../../compiler/shapes/index.js";
import { emptyTree, functionOf, makeFunction, moduleOf, value } from "./small-graph.js";

const verify = (module: Module): readonly string[] => verifyModule(module, "optimized");
const verifyNode = (node: Node): readonly string[] => verify(moduleOf(functionOf(node)));

const f = (name: string, axes: string): Value => value(name, `f32[${axes}]`);
const i = (name: string, axes: string): Value => value(name, `i32[${axes}]`);

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

  test("a function may use a counter of the loops around all its calls", () => {
    const index = atom("i", "loop", { below: constant(3) });
    const size = i("n", "");
    const callee = makeFunction([], [{ op: "size", size: variable(index), out: size }], size);
    const [start, parameter, next, out, after] = ["s", "p", "n", "o", "q"].map((name) => i(name, ""));
    if (!start || !parameter || !next || !out || !after) throw new Error("unreachable");
    const call = (to: Value): Node => ({ op: "call", callee, weights: [], operands: [], outs: [to] });
    const loop: Node = {
      op: "repeat",
      index,
      count: constant(3),
      carried: [{ initial: start, parameter, next }],
      body: [call(next)],
      outs: [out],
    };
    expect(verify(moduleOf(makeFunction([start], [loop], out)))).toEqual([]);
    const problems = verify(moduleOf(makeFunction([start], [loop, call(after)], out)));
    expect(problems).toEqual(["f: size n has the size i, and nothing gives i"]);
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

  test("a table that reads more than its indices", () => {
    const [n, scale, entry] = [i("n", ""), i("scale", ""), i("entry", "")];
    const product: Node = { op: "map", name: "multiply", operands: [n, scale], out: entry };
    const table: Node = {
      op: "table",
      indices: [n],
      body: [product],
      result: entry,
      offsets: [false],
      out: i("t", "a=2"),
    };
    expect(verify(moduleOf(functionOf(table, [scale])))).toEqual(["f: map entry reads scale, which is out of scope"]);
    expect(verifyModule(moduleOf(functionOf(table, [scale])), "lowered")).toContain(
      "f: table t is only legal after optimisation",
    );
  });

  test("linear before optimisation", () => {
    const node: Node = {
      op: "linear",
      operand: f("x", "d=2"),
      weight: f("w", "d=2, e=3"),
      bias: undefined,
      transposed: false,
      out: f("y", "e=3"),
    };
    expect(verifyNode(node)).toEqual([]);
    expect(verifyModule(moduleOf(functionOf(node)), "lowered")).toEqual([
      "f: linear y is only legal after optimisation",
    ]);
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
    return makeFunction([], [{ op: "call", callee, weights, operands: [], outs: [out] }], out);
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
      const body: Node[] = [{ op: "call", callee, weights: ["h", variable(index)], operands: [], outs: [next] }];
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
    const node = (operand: Value, out: Value): Node => ({
      op: "call",
      callee,
      weights: [],
      operands: [operand],
      outs: [out],
    });
    expect(verifyNode(node(f("u", "c=2, d=3"), f("v", "c=2, d=3")))).toEqual([]);
    expect(verifyNode(node(f("u", "a=3, b=2"), f("v", "a=2, b=3")))).toEqual([
      "f: call v gives f f32[a: 3, b: 2] for x, f32[a: 2, b: 3]",
    ]);
    expect(verifyNode(node(f("u", "a=2, b=3"), f("v", "a=2")))).toEqual([
      "f: call v takes f32[a: 2] from f, which gives f32[a: 2, b: 3]",
    ]);
    const none: Node = { op: "call", callee, weights: [], operands: [], outs: [f("v", "a=2, b=3")] };
    expect(verifyNode(none)).toEqual(["f: call v gives f 0 values, 1 are due"]);
  });

  test("a function that calls itself", () => {
    const made = makeFunction([], [], f("y", ""));
    made.body.push({ op: "call", callee: made, weights: [], operands: [], outs: made.results });
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
        outputs: ["y"],
        loss: loss && { ...loss, role: "loss" },
        guards: [],
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
