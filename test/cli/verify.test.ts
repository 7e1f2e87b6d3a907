import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compareNumbers, compareTokens } from "../../cli/verify/compare.js";
import { here } from "./here.js";
import { safetensors } from "./safetensors.js";
import { change, entriesOf, example, tiny, type Tiny } from "./tiny.js";

const verify = (model: Tiny, ...options: string[]): ReturnType<typeof here> =>
  here("verify", model.file, "--weights", model.weights, "--io", model.io, "--backend", "cpu", ...options);

const closeTo = (value: number): unknown => expect.closeTo(value, 4);

/** What programs are told. */
async function jsonOf(model: Tiny): Promise<{ status: number | null; report: unknown }> {
  const { status, stdout } = await verify(model, "--json");
  return { status, report: JSON.parse(stdout) };
}

test("what passes is said in two lines", async () => {
  const { status, stdout, stderr } = await verify(tiny());
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(
    /^ok {4}logits {2}relative error \d\.\de-\d {2}\(\[1, 7, 83\]\)\nok {4}greedy {2}the same {2}\(14 tokens after a prompt of 7\)\nwithin a relative error of 0\.0001 on cpu\n$/,
  );
});

test("an output that is off is told by how much, relative to its largest magnitude", async () => {
  const model = tiny();
  const logits = (await entriesOf(model.io))["out.logits"];
  const numbers = [...(logits?.numbers ?? [])];
  const largest = Math.max(...numbers.map(Math.abs));
  numbers[100] = (numbers[100] ?? 0) + 0.01 * largest;
  await change(model.io, { "out.logits": { shape: [1, 7, 83], numbers } });
  const { status, report } = await jsonOf(model);
  expect(status).toBe(1);
  expect(report).toMatchObject({
    ok: false,
    backend: "cpu",
    outputs: { logits: { ok: false, relativeError: closeTo(0.01) }, greedy: { ok: true } },
  });
  expect((await verify(model, "--tolerance", "0.02")).status).toBe(0);
  expect((await verify(model)).stdout).toMatch(
    /^FAIL {2}logits .*\nok .*\nNOT within a relative error of 0\.0001 on cpu\n$/,
  );
});

test("a token that is off is told with its place", async () => {
  const model = tiny();
  const greedy = (await entriesOf(model.io))["out.greedy"];
  const numbers = [...(greedy?.numbers ?? [])];
  const right = numbers[9] ?? 0;
  numbers[9] = (right + 1) % 83;
  await change(model.io, { "out.greedy": { dtype: "I64", shape: [1, 21], numbers } });
  expect((await jsonOf(model)).report).toMatchObject({
    ok: false,
    outputs: { greedy: { maxError: 1, relativeError: 1 / 14, ok: false } },
  });
  expect((await verify(model)).stdout).toContain(
    `FAIL  greedy  differs  (first differs at token 9: ${right}, the reference has ${numbers[9]})`,
  );
});

test("another shape, and numbers that are none, fail and are null in the JSON", async () => {
  const model = tiny();
  await change(model.io, { "out.logits": { shape: [7, 83], numbers: Array<number>(7 * 83).fill(0) } });
  expect((await jsonOf(model)).report).toMatchObject({
    outputs: { logits: { maxError: null, relativeError: null, ok: false } },
  });
  expect((await verify(model)).stdout).toContain("(has the shape [1, 7, 83], the reference [7, 83])");

  const numbers = [1, NaN];
  expect(compareNumbers({ shape: [2], data: numbers }, { shape: [2], data: numbers }, 1)).toMatchObject({ ok: false });
  expect(compareNumbers({ shape: [2], data: [0, 0] }, { shape: [2], data: [0, 0] }, 0)).toMatchObject({ ok: true });
});

test("tokens are compared from the end of the prompt on", () => {
  expect(compareTokens([9, 1, 2], [8, 1, 2], 1)).toMatchObject({ ok: true, maxError: 0 });
  expect(compareTokens([8, 1], [8, 1, 2], 1)).toMatchObject({ ok: false, maxError: 1, relativeError: 0.5 });
});

test("what is not compared is told", async () => {
  const model = tiny();
  await change(model.io, { "out.hidden": { shape: [1], numbers: [0] } });
  const { status, stderr } = await verify(model);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "note: out.hidden is not an output of the model\n" });
  await change(model.io, { "out.hidden": undefined, "out.logits": undefined });
  expect((await verify(model)).stderr).toBe(`note: logits has no reference in ${model.io}\n`);
});

test("a file of examples that does not fit is refused", async () => {
  const model = tiny();
  const refusal = async (): Promise<string> => (await verify(model)).stderr.replaceAll(model.io, "io");
  await change(model.io, { "in.mask": { shape: [1], numbers: [0] } });
  expect(await refusal()).toBe("error: io: no task takes in.mask\n  help: the inputs are input_ids\n");
  await change(model.io, { "in.mask": undefined, "in.input_ids": undefined });
  expect(await refusal()).toBe("error: lm takes input_ids, which io does not have: it has no inputs\n");

  writeFileSync(model.io, safetensors({ "out.other": { shape: [1], numbers: [0] } }));
  expect(await refusal()).toBe("error: nothing to compare: io has out.other; the model gives logits\n");
  writeFileSync(model.io, safetensors({ "in.input_ids": { dtype: "I64", shape: [1, 1], numbers: [0] } }));
  expect(await refusal()).toMatch(/^error: io has no reference outputs\n/);
});

test("greedy decoding that does not continue the input is refused", async () => {
  const model = tiny();
  await change(model.io, { "out.greedy": { dtype: "I64", shape: [1, 8], numbers: [0, 0, 0, 0, 0, 0, 0, 0] } });
  expect((await verify(model)).stderr).toContain("out.greedy does not begin with row 0 of the input");
});

test("a file that does not compile is told with its line, and for programs as JSON", async () => {
  const model = tiny();
  const file = join(model.folder, "wrong.tfm");
  writeFileSync(file, example("gpt2").replace("mask: causal", "mask: casual"));
  const { status, stdout, stderr } = await here("verify", file, "--weights", "w", "--io", model.io, "--json");
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, problems: [{ code: "N102" }] });
});
