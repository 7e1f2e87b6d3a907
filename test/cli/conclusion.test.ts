import { expect, test } from "vitest";
import { problem } from "../../compiler/diagnostics/problem.js";
import { conclusion } from "../../cli/conclusion.js";

const error = problem("N102", { name: "x" }, undefined);
const warning = problem("N112", {}, undefined);

test("what is told at the end to someone who watches", () => {
  expect(conclusion(["gpt2.tfm"], [])).toBe("gpt2.tfm: all checks passed");
  expect(conclusion(["gpt2.tfm", "bert.tfm"], [])).toBe("2 files: all checks passed");
  expect(conclusion(["gpt2.tfm"], [warning])).toBe("gpt2.tfm: 1 warning");
  expect(conclusion(["gpt2.tfm", "bert.tfm"], [error, warning, error])).toBe("2 files: 2 errors, 1 warning");
});
