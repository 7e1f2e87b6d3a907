import { test } from "vitest";
import { printModule } from "../../compiler/ir/print.js";
import { lowerExample } from "./lower.js";
test("x", () => {
  const { module, optimized } = lowerExample("gpt2", { vocab: 99, ctx: 64, d: 32, depth: 2, heads: 4 });
  console.log(printModule(module)); console.log(printModule(optimized.module));
});
