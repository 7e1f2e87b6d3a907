import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSafetensors } from "tfmc/runtime";
import { preview } from "../../cli/preview.js";
import { here } from "./here.js";
import { temporaryFolder } from "./temporary-folder.js";
import { entriesOf, tiny, type Tiny } from "./tiny.js";

const run = (model: Tiny, ...options: string[]): ReturnType<typeof here> =>
  here("run", model.file, "--backend", "cpu", ...options);

/** The reference's logits for the tiny model's input. */
async function reference(model: Tiny): Promise<{ ids: number[][]; logits: readonly number[] }> {
  const io = await entriesOf(model.io);
  return { ids: [[...(io["in.input_ids"]?.numbers ?? [])]], logits: io["out.logits"]?.numbers ?? [] };
}

function expectClose(found: ArrayLike<number>, due: readonly number[]): void {
  expect(found.length).toBe(due.length);
  const worst = due.reduce((worst, value, at) => Math.max(worst, Math.abs(value - (found[at] ?? NaN))), 0);
  expect(worst).toBeLessThan(1e-4);
}

test("every way of giving inputs gives the reference's outputs, by the checkpoint's names or the model's", async () => {
  const model = tiny();
  const { ids, logits } = await reference(model);
  const json = JSON.stringify(ids);
  writeFileSync(join(model.folder, "ids.json"), json);
  writeFileSync(join(model.folder, "inputs.json"), JSON.stringify({ input_ids: ids }));
  const output = join(model.folder, "out.json");
  const ways = [
    `input_ids=${json}`,
    `ids=${json}`,
    `input_ids=@${model.folder}/ids.json`,
    `${model.folder}/inputs.json`,
    model.io,
  ];
  for (const way of ways) {
    const { status, stdout, stderr } = await run(model, "--weights", model.weights, "--input", way, "-o", output);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(
      /^logits {2}f32\[1, 7, 83\] {2}\[\[\[-?[\d.]+(, -?[\d.]+){5}, …\], …\]\]\nwrote .*out\.json\n$/,
    );
    const written = JSON.parse(readFileSync(output, "utf8")) as { logits: number[][][] };
    expectClose(written.logits.flat(2), logits);
  }
});

test("a .safetensors output reads back", async () => {
  const model = tiny();
  const { logits } = await reference(model);
  const output = join(model.folder, "out.safetensors");
  await run(model, "--weights", model.weights, "--input", model.io, "--output", output);
  const found = (await readSafetensors(output)).get("logits");
  expect(found?.shape).toEqual([1, 7, 83]);
  expectClose(found?.data ?? [], logits);
});

test("random weights are the same for the same seed", async () => {
  const model = tiny();
  const of = async (seed: string): Promise<string> =>
    (await run(model, "--seed", seed, "--input", "input_ids=[[1, 2]]")).stdout;
  expect(await of("1")).toBe(await of("1"));
  expect(await of("1")).not.toBe(await of("2"));
});

test("--json tells programs", async () => {
  const { stdout } = await run(tiny(), "--seed", "1", "--input", "input_ids=[[1, 2]]", "--json");
  expect(JSON.parse(stdout)).toEqual({
    ok: true,
    backend: "cpu",
    outputs: { logits: { dtype: "f32", shape: [1, 2, 83] } },
  });
});

test("inputs that only the loss reads may be left out, and a model without a task is one itself", async () => {
  const file = join(temporaryFolder(), "small.tfm");
  const text = `
model Small[n]{vocab = 7, d = 4}(ids: i32[batch, n], shift: f32[batch]) -> f32[batch, n, d] {
  return (ids |> wte: Embedding{size: vocab, d}) + shift
}
`;
  const task = `
task tag(labels: i32[batch, n]) on Small as x -> f32[batch, n, vocab] {
  scores = x |> head: Linear{out: vocab}
  loss cross_entropy[vocab](scores, labels)
  return scores
}
`;
  const outcome = async (...inputs: string[]): Promise<string> => {
    const options = inputs.flatMap((input) => ["--input", input]);
    const { stdout, stderr } = await here("run", file, "--seed", "1", "--backend", "cpu", ...options);
    return stdout + stderr;
  };
  writeFileSync(file, text + task);
  expect(await outcome("ids=[[1, 2]]", "shift=[0.5]")).toMatch(/^scores {2}f32\[1, 2, 7\]/);
  expect(await outcome("ids=[[1, 2]]", "shift=[0.5]", "labels=[[1, 2]]")).toBe(
    "error: --input: tag does not read labels\n  help: it is for the loss, which training computes\n",
  );
  expect(await outcome("ids=[[1, 2]]")).toBe("error: tag takes shift, which --input does not have: it has ids\n");
  // A file may hold more than one task needs.
  const all = join(temporaryFolder(), "inputs.json");
  writeFileSync(all, JSON.stringify({ ids: [[1, 2]], shift: [0.5], labels: [[1, 2]] }));
  expect(await outcome(all)).toMatch(/^scores {2}f32\[1, 2, 7\]/);
  writeFileSync(file, text);
  expect(await outcome("ids=[[1, 2]]", "shift=[0.5]")).toMatch(/^output {2}f32\[1, 2, 4\]/);
});

test.each([
  ["no weights", ["--input", "input_ids=[[1]]"], "error: no weights are given\n"],
  ["a word that is no input", ["--seed", "1", "--input", "x"], "error: --input x is no input\n"],
  [
    "text for numbers",
    ["--seed", "1", "--input", 'input_ids=["a"]'],
    "error: the input input_ids is to be numbers in arrays",
  ],
  ["no JSON", ["--seed", "1", "--input", "input_ids=[1"], "error: --input input_ids is no JSON: "],
  [
    "ragged rows",
    ["--seed", "1", "--input", "input_ids=[[1, 2], [3]]"],
    "error: ids: [1] has 1 entries, its neighbours have 2\n",
  ],
  ["another rank", ["--seed", "1", "--input", "input_ids=[1, 2]"], "error: ids: rank 1 [2], rank 2 is due\n"],
  ["the same twice", ["--seed", "1", "--input", "a=[1]", "--input", "a=[1]"], "error: the input a is given twice\n"],
  ["an unknown task", ["--seed", "1", "--task", "lmm", "--input", "a=[1]"], "error: GPT2 has no task lmm\n"],
])("%s is refused", async (_name, options, message) => {
  const { status, stderr } = await run(tiny(), ...options);
  expect(status).toBe(1);
  expect(stderr.startsWith(message), stderr).toBe(true);
});

test("an output of another kind is refused before anything is computed", async () => {
  const model = tiny();
  const output = join(model.folder, "out.txt");
  const { status, stderr } = await run(model, "--seed", "1", "--input", "a=[1]", "-o", output);
  expect({ status, stderr }).toEqual({ status: 1, stderr: `error: ${output} is to end in .safetensors or .json\n` });
  expect(existsSync(output)).toBe(false);
});

test("a preview shows the form of outer axes and the numbers of the last", () => {
  expect(preview([2, 2], [1, 2.345678, 3, 4])).toBe("[[1, 2.346], …]");
  expect(preview([3], [1, 2, 3], 2)).toBe("[1, 2, …]");
  expect(preview([], [1e-9])).toBe("1e-9");
});

test("every output of a task is shown and written, by the checkpoint's name", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "spans.tfm");
  writeFileSync(
    file,
    `model Spans[seq]{vocab = 9, d = 4}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
      return ids |> token: Embedding{size: vocab, d}
    }
    task answer() on Spans as x -> f32[batch, seq], f32[batch] {
      start = sum[d](x)
      length = mean[seq](start)
      return start, length
    }
    config spans = Spans{}
    weights Spans from "someone/spans" {
      output start = "start_logits"
      * = "{}"
    }`,
  );
  const output = join(folder, "out.json");
  const given = ["--backend", "cpu", "--seed", "1", "--input", "ids=[[1, 2, 3]]", "-o", output];
  const { status, stdout } = await here("run", file, ...given);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^start_logits {2}f32\[1, 3\] .*\nlength {2}f32\[1\] .*\nwrote .*\n$/);
  const written = JSON.parse(readFileSync(output, "utf8")) as { start_logits: number[][]; length: number[] };
  const [row = []] = written.start_logits;
  expectClose(written.length, [row.reduce((sum, each) => sum + each, 0) / 3]);
});
