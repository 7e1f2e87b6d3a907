import { expect, test } from "vitest";
import type { ScanNode } from "../../compiler/ir/graph.js";
import { verifyModule } from "../../compiler/ir/verify.js";
import { constant } from "../../compiler/shapes/index.js";
import { functionOf, moduleOf, value } from "./small-graph.js";

const [operand, entry] = [value("x", "f32[a=2, t=3]"), value("xt", "f32[a=2]")];
const [initial, parameter, next] = [value("h", "f32[a=2]"), value("h", "f32[a=2]"), value("h", "f32[a=2]")];

const scan = (change: Partial<ScanNode> = {}): ScanNode => ({
  op: "scan",
  length: constant(3),
  scanned: [{ operand, axis: 1, parameter: entry }],
  carried: [{ initial, parameter, next }],
  body: [{ op: "map", name: "add", operands: [parameter, entry], out: next }],
  step: next,
  axis: 1,
  out: value("y", "f32[a=2, t=3]"),
  ...change,
});

const problemsOf = (change?: Partial<ScanNode>): string =>
  verifyModule(moduleOf(functionOf(scan(change))), "lowered").join("\n");

test("a scan that is legal", () => {
  expect(problemsOf()).toBe("");
});

test.each<[string, Partial<ScanNode>, string]>([
  ["an axis of another length", { length: constant(4) }, "scans axis 1 of f32[a: 2, t: 3]"],
  ["an axis that is not there", { scanned: [{ operand, axis: 2, parameter: entry }] }, "scans axis 2 of"],
  [
    "an entry of another type",
    { scanned: [{ operand, axis: 0, parameter: entry }], length: constant(2) },
    "reads f32[a: 2] off",
  ],
  [
    "nothing",
    { scanned: [], body: [], step: parameter, carried: [{ initial, parameter, next: parameter }] },
    "scans nothing",
  ],
  [
    "a value that changes its type",
    { carried: [{ initial: value("h", "f32[a=5]"), parameter, next }] },
    "carries h, f32[a: 2], which begins as f32[a: 5]",
  ],
  ["a result without its axis", { out: value("y", "f32[a=2]") }, "gives f32[a: 2], its rule f32[a: 2, t: 3]"],
  ["a result with its axis elsewhere", { out: value("y", "f32[t=3, a=2]") }, "gives f32[t: 3, a: 2], its rule"],
  ["a place behind the last axis", { axis: 3 }, "joins f32[a: 2] along axis 3"],
  ["a step from outside of its body", { step: value("z", "f32[a=2]") }, "reads z, which is not made"],
])("a scan of %s is not legal", (_, change, problem) => {
  expect(problemsOf(change)).toContain(problem);
});

test("a cell begins as a number of its type", () => {
  const cell = (initial: number | boolean, type: string): string =>
    verifyModule(
      moduleOf(functionOf({ op: "state", path: ["mem"], initial, out: value("mem", type) })),
      "lowered",
    ).join();
  expect(cell(0, "f32[a=2]")).toBe("");
  expect(cell(0.5, "i32[a=2]")).toContain("is 0.5, as i32");
  expect(cell(1, "bool[]")).toContain("is 1, as bool");
});
