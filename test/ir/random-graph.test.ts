import fc from "fast-check";
import { expect, test } from "vitest";
import { eliminateDeadCode } from "../../compiler/ir/dead-code.js";
import type { Function } from "../../compiler/ir/graph.js";
import type { NDArray } from "../../compiler/ir/interpret.js";
import { printFunction } from "../../compiler/ir/print.js";
import { verifyModule } from "../../compiler/ir/verify.js";
import { evaluate } from "../../compiler/shapes/index.js";
import { passes } from "../optimize/passes.js";
import { largestDifference } from "./largest-difference.js";
import { randomGraph } from "./random-graph.js";
import { randomArray } from "./random-weights.js";
import { moduleOf, runFunction } from "./small-graph.js";

/** Reals in -1..1; positions 0 and 1, which every axis has but those of one entry. */
function operandsFor({ parameters }: Function): NDArray[] {
  return parameters.map(({ name, type }) => {
    const array = randomArray(type.axes.map(({ dim }) => evaluate(dim, () => undefined) ?? 0), name); // prettier-ignore
    return type.dtype === "i32" ? { ...array, data: array.data.map((x) => (x > 0 ? 1 : 0)) } : array;
  });
}

/** Undefined where a position runs past a table of one entry: that is for the checker to prove, not for the graph. */
function run(made: Function): NDArray | undefined {
  try {
    return runFunction(made, operandsFor(made));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

test("what is made by the rules is legal, runs, and keeps its meaning through every pass", () => {
  let ran = 0;
  const operations = new Set<string>();
  fc.assert(
    fc.property(randomGraph, (made) => {
      expect(verifyModule(moduleOf(made), "optimized")).toEqual([]);
      const due = run(made);
      if (!due) return;
      ran++;
      made.body.forEach(({ op }) => operations.add(op));
      for (const [name, pass] of [...Object.entries(passes), ["eliminateDeadCode", eliminateDeadCode] as const]) {
        const after = pass(made);
        expect(verifyModule(moduleOf(after), "optimized"), name).toEqual([]);
        const found = run(after);
        if (found) expect(largestDifference(found, due), name).toBeLessThan(1e-9);
        else expect.fail(`${name} made it fail:\n${printFunction(made)}\n\n${printFunction(after)}`);
      }
    }),
    { numRuns: 150 },
  );
  expect(ran).toBeGreaterThan(75);
  expect(operations.size).toBeGreaterThan(12);
});
