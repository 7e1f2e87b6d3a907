import { fileURLToPath } from "node:url";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import * as tf from "@tensorflow/tfjs-core";
import { createState, useBackend } from "tfmc/runtime";
import { interpretOutputs, type NDArray } from "../../compiler/ir/interpret.js";
import { programs, type ProgramName } from "../check/control-programs.js";
import { largestDifference } from "../ir/largest-difference.js";
import { randomInputs } from "../ir/random-inputs.js";
import { runModule } from "./run-module.js";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const names = Object.keys(programs) as ProgramName[];

beforeAll(async () => {
  await useBackend("cpu");
});

describe("control in emitted code computes what the graph says, and frees what it makes", () => {
  it.each(names)("%s", async (name) => {
    const running = await runModule(programs[name]);
    const { module } = running.lowered;
    const inputs = randomInputs(module);
    for (const { name: task } of module.tasks) {
      const due = interpretOutputs(module, task, { inputs, weights: running.weightAt });
      const before = tf.memory().numTensors;
      const found = await running.run(task, inputs);
      expect(tf.memory().numTensors).toBe(before);
      expect([...found.keys()]).toEqual([...due.keys()]);
      for (const [output, array] of due) {
        const actual = found.get(output);
        expect(actual && largestDifference(actual, array)).toBeLessThan(2e-5);
      }
    }
  });
});

it("the modules compile under strict, without any and without casts", async () => {
  const texts = new Map<string, string>();
  for (const [n, name] of names.entries())
    texts.set(`${root}/test/emitted/control-${n}.ts`, (await runModule(programs[name])).code);
  const { options } = ts.parseJsonSourceFileConfigFileContent(
    ts.readJsonConfigFile(`${root}/tsconfig.json`, (path) => ts.sys.readFile(path)),
    ts.sys,
    root,
  );
  const [host, files] = [ts.createCompilerHost(options), ts.createCompilerHost(options)];
  host.fileExists = (path) => texts.has(path) || files.fileExists(path);
  host.getSourceFile = (path, ...rest) => {
    const text = texts.get(path);
    return text === undefined
      ? files.getSourceFile(path, ...rest)
      : ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  for (const path of texts.keys()) {
    const problems = ts.getPreEmitDiagnostics(program, program.getSourceFile(path));
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
    const casts: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isAsExpression(node) || ts.isNonNullExpression(node) || node.kind === ts.SyntaxKind.AnyKeyword)
        casts.push(node.getText());
      ts.forEachChild(node, visit);
    };
    const file = program.getSourceFile(path);
    if (file) visit(file);
    expect(casts).toEqual([]);
  }
});

describe("state in emitted code", () => {
  it.each<ProgramName>(["a memory of earlier segments", "cells of every type", "a layer with a cell, applied twice"])(
    "%s, over three calls",
    async (name) => {
      const running = await runModule(programs[name]);
      const { module } = running.lowered;
      const inputs = randomInputs(module);
      const [state, kept] = [createState(), new Map<string, NDArray>()];
      const counts: number[] = [];
      for (let turn = 0; turn < 3; turn++) {
        const due = interpretOutputs(module, "m", { inputs, weights: running.weightAt, state: kept }).get("output");
        const found = (await running.run("m", inputs, state)).get("output");
        expect(due && found && largestDifference(found, due)).toBeLessThan(2e-5);
        counts.push(tf.memory().numTensors);
      }
      // Each cell holds one tensor, from the first call on.
      expect(counts[2]).toBe(counts[0]);
      state.dispose();
      expect(tf.memory().numTensors).toBe((counts[0] ?? 0) - kept.size);
    },
  );

  it("says what a cell holds where a call needs another size", async () => {
    const running = await runModule(programs["a memory of earlier segments"]);
    const state = createState();
    const x = (batch: number): ReadonlyMap<string, NDArray> =>
      new Map([["x", { shape: [batch, 3, 4], data: new Float64Array(batch * 12) }]]);
    await running.run("m", x(2), state);
    await expect(running.run("m", x(3), state)).rejects.toThrow(
      "state mem holds [2, 5, 4], this call needs [3, 5, 4]: begin anew with createState()",
    );
    state.dispose();
  });

  it("goes on as before after a call that failed", async () => {
    const running = await runModule(programs["cells of every type"]);
    const state = createState();
    const x = new Map([["x", { shape: [1, 1, 3], data: Float64Array.from([1, 10, 100]) }]]);
    const wrong = new Map([["x", { shape: [2, 1, 3], data: new Float64Array(6) }]]);
    await running.run("m", x, state);
    await expect(running.run("m", wrong, state)).rejects.toThrow("state odd holds [1]");
    expect([...((await running.run("m", x, state)).get("output")?.data ?? [])]).toEqual([4, 40, 400]);
    state.dispose();
  });
});
