import { expect, test } from "vitest";
import { interpret, interpretOutputs, type NDArray } from "../../compiler/ir/interpret.js";
import { verifyModule } from "../../compiler/ir/verify.js";
import type { Lowered } from "../../compiler/index.js";
import { programs, type ProgramName } from "../check/control-programs.js";
import { largestDifference } from "./largest-difference.js";
import { lowerText } from "./lower.js";
import { randomInputs } from "./random-inputs.js";
import { randomArray, randomWeights } from "./random-weights.js";
import { nested } from "./small-graph.js";

const onlyTask = ({ module }: Lowered): string => module.tasks[0]?.name ?? "";

/** All outputs of a module, before and after the passes, which must agree. */
function outputsOf(lowered: Lowered, inputs = randomInputs(lowered.module)): ReadonlyMap<string, NDArray> {
  const { module, optimized } = lowered;
  expect(verifyModule(module, "lowered")).toEqual([]);
  expect(verifyModule(optimized.module, "optimized")).toEqual([]);
  const weights = randomWeights(module);
  const [before, after] = [
    interpretOutputs(module, onlyTask(lowered), { inputs, weights }),
    interpretOutputs(optimized.module, onlyTask(lowered), { inputs, weights, transposed: optimized.transposed }),
  ];
  for (const [name, array] of before) expect(largestDifference(after.get(name) ?? array, array)).toBeLessThan(1e-9);
  return before;
}

test.each(Object.keys(programs) as ProgramName[])("the passes keep what it computes: %s", (name) => {
  expect(outputsOf(lowerText(programs[name])).size).toBeGreaterThan(0);
});

/** The same layers, written out by hand. */
function expectSame(program: string, byHand: string, config: string): void {
  const [found, due] = [lowerText(program, { config }), lowerText(byHand)];
  const inputs = randomInputs(due.module);
  const weights = randomWeights(due.module);
  const [a, b] = [found, due].map(({ module, ...rest }) =>
    interpret(module, onlyTask({ module, ...rest }), { inputs, weights }),
  );
  expect(a && b && largestDifference(a, b)).toBeLessThan(1e-12);
}

const layer = (programs["layers that alternate"].match(/block Layer[\s\S]*?\n {4}}/) ?? [""])[0];

test.each([
  ["even", 4],
  ["odd", 5],
  ["one", 1],
])("layers that alternate are the layers written out: %s", (config, depth) => {
  const stages = Array.from({ length: depth }, (_, i) => `|> h[${i}]: Layer{heads: 3, band: 2}(${i % 2})`).join(" ");
  const byHand = `${layer}
    model M[seq]{d = 6}(x: f32[batch, seq, d]) -> f32[batch, seq, d] { return x ${stages} }
    config hand = M{}`;
  expectSame(programs["layers that alternate"], byHand, config);
});

test("layers that alternate are one loop of two layers, and one by one where their number is odd", () => {
  const loops = (config: string): number[] => {
    const { module } = lowerText(programs["layers that alternate"], { config });
    return module.body.body.map((node) => (node.op === "repeat" ? node.body.length : 0));
  };
  expect(loops("even")).toEqual([2]);
  expect(loops("odd")).toEqual([0, 0, 0, 0, 0]);
});

test.each([
  ["three", [0, 0, 1, 1, 2, 2]],
  ["one", [0, 0, 0, 0, 0, 0]],
  ["all", [0, 1, 2, 3, 4, 5]],
  ["four", [0, 0, 1, 1, 2, 2, 3, 3]],
])("groups of layers share their weights: %s", (config, groups) => {
  const stages = groups.map((group) => `|> group[${group}]: FFN{ff: 7}`).join(" ");
  const byHand = `model M[seq]{d = 5}(x: f32[batch, seq, d]) -> f32[batch, seq, d] { return x ${stages} }
    config hand = M{}`;
  expectSame(programs["groups of layers that share their weights"], byHand, config);
});

test("layers that came out alike are one list", () => {
  const { weights } = lowerText(programs["layers that alternate"], { config: "odd" }).module;
  expect(weights.entries.get("h")?.kind).toBe("repeated");
  const unlike = lowerText(programs["a table that the first layer alone has"]).module.weights;
  expect(unlike.entries.get("h")?.kind).toBe("listed");
});

test("a recurrent decoder is its steps, one after the other", () => {
  const program = programs["a recurrent decoder"];
  const step = (t: number, before: string): string => `
    score${t} = dot[hidden](tanh(wm + (${before} |> wh: Linear{out: hidden})), v)
    c${t} = dot[src](softmax[src](select(keep, score${t}, -inf)), memory)
    h${t} = concat[f](y[tgt: ${t}][e -> f], c${t}[n -> f]) |> cell: Gate{hidden}(${before})`;
  const byHand = program
    .replace(/return scan[\s\S]*?yield h\n {6}}/, `${step(0, "first")}${step(1, "h0")}\n return rearranged(h0, h1)`)
    .replace(
      "block Gate",
      "fn rearranged[h](a: f32[batch, h], b: f32[batch, h]) -> f32[batch, t: 2, h] = stack[t](a, b) |> rearrange[batch h t -> batch t h]\n    block Gate",
    )
    .replace(/-> f32\[batch, tgt, hidden\]/g, "-> f32[batch, t: 2, hidden] where tgt >= 2");
  const [found, due] = [lowerText(program), lowerText(byHand)];
  const inputs = new Map([...randomInputs(found.module)].filter(([name]) => name !== "y"));
  inputs.set("y", randomArray([2, 2, 6], "y"));
  const weights = randomWeights(found.module);
  const [a, b] = [found, due].map(({ module }) => interpret(module, "m", { inputs, weights }));
  expect(a && b && largestDifference(a, b)).toBeLessThan(1e-12);
});

test("sums along an axis", () => {
  const { module } = lowerText(programs["sums along an axis, and how many there were"]);
  const x: NDArray = { shape: [1, 3, 3], data: Float64Array.from([1, 2, 3, 10, 20, 30, 100, 200, 300]) };
  const outputs = [...interpretOutputs(module, "m", { inputs: new Map([["x", x]]), weights: randomWeights(module) })];
  expect(outputs.map(([name, array]) => [name, nested(array)])).toEqual([
    ["sums", [[[1, 2, 3], [11, 22, 33], [111, 222, 333]]]],
    ["counts", [1, 2, 3]],
  ]); // prettier-ignore
});

/** Entries `from` up to `to` of the middle axis. */
function cut({ shape: [batch = 1, , d = 1], data, shape }: NDArray, from: number, to: number): NDArray {
  const seq = shape[1] ?? 1;
  const rows = Array.from({ length: batch }, (_, n) => [...data.slice((n * seq + from) * d, (n * seq + to) * d)]);
  return { shape: [batch, to - from, d], data: Float64Array.from(rows.flat()) };
}

test("two segments with a memory are one longer segment", () => {
  const { module } = lowerText(programs["a memory of earlier segments"]);
  const weights = randomWeights(module);
  const x = randomArray([2, 8, 4], "x");
  const run = (part: NDArray, state: Map<string, NDArray>): NDArray =>
    interpret(module, "m", { inputs: new Map([["x", part]]), weights, state });
  const whole = run(x, new Map());
  const state = new Map<string, NDArray>();
  const [first, second] = [run(cut(x, 0, 5), state), run(cut(x, 5, 8), state)];
  expect([...state.keys()]).toEqual(["h.0.mem", "h.1.mem", "h.2.mem"]);
  expect(largestDifference(first, cut(whole, 0, 5))).toBeLessThan(1e-12);
  expect(largestDifference(second, cut(whole, 5, 8))).toBeLessThan(1e-12);
  // Without the memory the second segment is another.
  expect(largestDifference(run(cut(x, 5, 8), new Map()), second)).toBeGreaterThan(1e-3);
});

test("a cell reads as it was before the call, whatever is stored in it", () => {
  const { module } = lowerText(programs["cells of every type"]);
  const state = new Map<string, NDArray>();
  const x: NDArray = { shape: [1, 1, 3], data: Float64Array.from([1, 10, 100]) };
  const run = (): number[] => [
    ...interpret(module, "m", { inputs: new Map([["x", x]]), weights: randomWeights(module), state }).data,
  ];
  // Turn: 3 · 3, then seen twice: 2 · 2, then turn: 5 · 5.
  expect([run(), run(), run()]).toEqual([[9, 90, 900], [4, 40, 400], [25, 250, 2500]]); // prettier-ignore
  expect([...state.keys()].sort()).toEqual(["a.odd", "a.seen", "a.turn", "b.odd", "b.seen", "b.turn"]);
});

test("a layer that is applied twice reads its cell twice as it was", () => {
  const { module } = lowerText(programs["a layer with a cell, applied twice"]);
  const state = new Map<string, NDArray>();
  const x: NDArray = { shape: [1, 1, 3], data: Float64Array.from([1, 10, 100]) };
  const run = (): number[] => [
    ...interpret(module, "m", { inputs: new Map([["x", x]]), weights: randomWeights(module), state }).data,
  ];
  expect([run(), run(), run()]).toEqual([[1, 10, 100], [4, 40, 400], [9, 90, 900]]); // prettier-ignore
});

test("several losses are one, their sum", () => {
  const { module } = lowerText(programs["several results"]);
  const answer = module.tasks.find(({ name }) => name === "answer");
  expect(answer?.outputs).toEqual(["start", "end"]);
  expect(answer?.loss?.results.map(({ type }) => type.axes.length)).toEqual([0]);
});
