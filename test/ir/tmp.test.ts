import { test } from "vitest";
import { verifyModule } from "../../compiler/ir/verify.js";
import { printModule } from "../../compiler/ir/print.js";
import { interpret } from "../../compiler/ir/interpret.js";
import { largestDifference } from "./largest-difference.js";
import { randomWeights, randomArray } from "./random-weights.js";
import { lowerText } from "./lower.js";
import { readFileSync } from "node:fs";
const text = readFileSync("/tmp/irdev/probes.txt", "utf8");
const only = process.env.PROBE;
for (const probe of text.split(/^=== /m).slice(1)) {
  const [name = "", ...rest] = probe.split("\n");
  if (only && !name.includes(only)) continue;
  test(name, () => {
    const { module, optimized } = lowerText(rest.join("\n"));
    if (only) console.log(printModule(module), printModule(optimized.module));
    const p = [
      ...verifyModule(module, "lowered").map((x) => "L: " + x),
      ...verifyModule(optimized.module, "optimized").map((x) => "O: " + x),
    ];
    const sizes: Record<string, number> = { batch: 2, seq: 5, m: 3 };
    const inputs = new Map(
      [...module.inputs, ...module.tasks[0]!.inputs].map(({ value, below }) => {
        const shape = value.type.axes.map(({ label }) => sizes[label] ?? 7);
        const a = randomArray(shape, value.name);
        if (value.type.dtype === "i32") a.data.forEach((x, n) => (a.data[n] = Math.floor((x + 1) * 2)));
        if (value.type.dtype === "bool") a.data.forEach((x, n) => (a.data[n] = x > 0 ? 1 : 0));
        return [value.name, a] as const;
      }),
    );
    const weights = randomWeights(module);
    const task = module.tasks[0]!.name;
    const a = interpret(module, task, { inputs, weights });
    const b = interpret(optimized.module, task, { inputs, weights, transposed: optimized.transposed });
    const d = largestDifference(b, a);
    if (d > 1e-9) p.push("optimised differs by " + d);
    if (a.data.some((x) => Number.isNaN(x))) p.push("NaN");
    if (p.length) throw new Error(p.join("\n"));
  });
}
