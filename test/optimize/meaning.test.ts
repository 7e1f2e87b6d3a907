import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { storeTransposed } from "../../compiler/4-optimize/store-transposed.js";
import { mapFunctions } from "../../compiler/ir/functions.js";
import type { Module, Weight } from "../../compiler/ir/graph.js";
import { interpret, interpretLoss, type NDArray } from "../../compiler/ir/interpret.js";
import { printModule } from "../../compiler/ir/print.js";
import { verifyModule } from "../../compiler/ir/verify.js";
import { largestDifference } from "../ir/largest-difference.js";
import { lowerExample, lowerText } from "../ir/lower.js";
import { randomInputs } from "../ir/random-inputs.js";
import { randomWeights } from "../ir/random-weights.js";
import { smallConfigs } from "../ir/small-configs.js";
import { cases } from "./cases.js";
import { passes } from "./passes.js";

const closeEnough = 1e-9;

/** What every task and loss of the module gives. */
function results(module: Module, transposed: ReadonlySet<Weight> = new Set()): NDArray[] {
  const given = { inputs: randomInputs(module), weights: randomWeights(module), transposed };
  return module.tasks.flatMap(({ name, loss }) => [
    interpret(module, name, given),
    ...(loss ? [interpretLoss(module, name, given)] : []),
  ]);
}

function expectSame(found: readonly NDArray[], due: readonly NDArray[]): void {
  expect(found).toHaveLength(due.length);
  found.forEach((array, n) => expect(largestDifference(array, due[n] ?? array)).toBeLessThan(closeEnough));
}

describe.each(cases)("$name", ({ text }) => {
  const { module, optimized } = lowerText(text);
  const due = results(module);

  test("is legal as lowered, and gives numbers", () => {
    expect(verifyModule(module, "lowered")).toEqual([]);
    for (const { data } of due) expect([...data].every(Number.isFinite)).toBe(true);
  });

  test.each(Object.entries(passes))("%s keeps its meaning", (_, pass) => {
    const after = mapFunctions(module, pass);
    expect(verifyModule(after, "optimized")).toEqual([]);
    expectSame(results(after), due);
  });

  test("all of them keep its meaning", () => {
    expect(verifyModule(optimized.module, "optimized")).toEqual([]);
    expectSame(results(optimized.module, optimized.transposed), due);
  });

  test("a pass leaves what it was given as it was", () => {
    const before = printModule(module);
    for (const pass of Object.values(passes)) mapFunctions(module, pass);
    expect(printModule(module)).toBe(before);
  });
});

test("passes keep the meaning of every case in any order, before storage and behind it", () => {
  const modules = cases.map(({ text }) => lowerText(text).module);
  const due = modules.map((module) => results(module));
  const names = fc.array(fc.constantFrom(...Object.keys(passes)), { maxLength: 7 });
  fc.assert(
    fc.property(fc.nat({ max: cases.length - 1 }), names, names, (n, first, second) => {
      const apply = (module: Module, name: string): Module => {
        const pass = passes[name];
        const after = pass ? mapFunctions(module, pass) : module;
        expect(verifyModule(after, "optimized")).toEqual([]);
        return after;
      };
      const start = modules[n];
      if (!start) throw new Error("unreachable");
      const stored = storeTransposed(first.reduce(apply, start));
      expect(verifyModule(stored.module, "optimized")).toEqual([]);
      expectSame(results(second.reduce(apply, stored.module), stored.transposed), due[n] ?? []);
    }),
    { numRuns: 60 },
  );
});

describe.each(smallConfigs)("$example as $case", ({ example, set }) => {
  test("every pass in turn is legal and keeps the meaning", () => {
    const { module, optimized } = lowerExample(example, set);
    const due = results(module);
    let current = module;
    for (const pass of Object.values(passes)) {
      current = mapFunctions(current, pass);
      expect(verifyModule(current, "optimized")).toEqual([]);
      expectSame(results(current), due);
    }
    expectSame(results(optimized.module, optimized.transposed), due);
  });
});
