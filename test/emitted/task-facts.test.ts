import { beforeAll, expect, it } from "vitest";
import { useBackend } from "tfmc/runtime";
import { programs } from "../check/control-programs.js";
import { rendered } from "../check/rendered.js";
import { randomArray } from "../ir/random-weights.js";
import { runModule } from "./run-module.js";

const program = programs["tasks with facts of their own, and a weight of the model"];

beforeAll(async () => {
  await useBackend("cpu");
});

it("what one task requires is asked of its callers alone", async () => {
  const running = await runModule(program);
  const inputs = (x: number, y: number) =>
    new Map([
      ["x", randomArray([x, 5, 4], "x")],
      ["y", randomArray([y, 5, 4], "y")],
    ]);
  expect((await running.run("match", inputs(2, 3))).get("output")?.shape).toEqual([2, 3]);
  expect((await running.run("pair", inputs(3, 3))).get("cost")?.shape).toEqual([]);
  await expect(running.run("pair", inputs(2, 3))).rejects.toThrow(
    "M: batch == other does not hold for batch = 2, other = 3",
  );
});

it("a fact that is wanting is to be added to the task", () => {
  expect(rendered(program.replace(" where batch == other", ""))).toMatchInlineSnapshot(`
    "error[T203] contrastive requires batch == other
      model.tfm:8  cost = contrastive(scale * dot[d](a, b))
                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      help: add \`where batch == other\`"
  `);
});

it("an input that no branch of a config reads is not asked for", async () => {
  const { lowered } = await runModule(programs["an input that only one branch reads"], "plain");
  expect(lowered.module.inputs.map(({ external }) => external)).toEqual(["x"]);
  const { lowered: turned } = await runModule(programs["an input that only one branch reads"], "turned");
  expect(turned.module.inputs.map(({ external }) => external)).toEqual(["x", "by"]);
});

it("a look-up at a query's or a key's own position is none", async () => {
  const { code } = await runModule(programs["a mask that looks at what is said of a query and of a key"]);
  expect(code).toContain("where(() =>");
  expect(code).not.toContain("lookUp(");
});
