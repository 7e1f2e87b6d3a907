import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { here } from "./here.js";
import { safetensors } from "./safetensors.js";
import { temporaryFolder } from "./temporary-folder.js";

const model = `
  model Sums{d = 2}(x: f32[batch, d], by: f32[batch, d] = 1.0) -> f32[batch, d] {
    param gain: f32[d] = ones
    state total: f32[batch, d] = zeros
    total := total + gain * x * by
    return total + gain * x * by
  }
  config sums = Sums{}`;

interface Sums {
  readonly file: string;
  readonly out: string;
  readonly folder: string;
}

function sums(): Sums {
  const folder = temporaryFolder();
  const file = join(folder, "sums.tfm");
  writeFileSync(file, model);
  return { folder, file, out: join(folder, "out.json") };
}

const run = ({ file, out }: Sums, ...inputs: string[]): ReturnType<typeof here> =>
  here("run", file, "--seed", "1", "--backend", "cpu", "-o", out, ...inputs.flatMap((input) => ["--input", input]));

async function outputOf(...inputs: string[]): Promise<unknown> {
  const files = sums();
  const { status, stderr } = await run(files, ...inputs);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return (JSON.parse(readFileSync(files.out, "utf8")) as { output: unknown }).output;
}

test("an axis in front of the declared ones is a call for each entry, each remembering those before", async () => {
  expect(await outputOf("x=[[[1, 2]], [[3, 4]], [[5, 6]]]")).toEqual([[[1, 2]], [[4, 6]], [[9, 12]]]);
  expect(await outputOf("x=[[[1, 2]], [[3, 4]]]", "by=[[[1, 0]], [[0, 1]]]")).toEqual([[[1, 0]], [[1, 4]]]);
});

test("an input without the axis goes to every call", async () => {
  expect(await outputOf("x=[[[1, 2]], [[3, 4]]]", "by=[[10, 1]]")).toEqual([[[10, 2]], [[40, 6]]]);
  expect(await outputOf("x=[[1, 2]]")).toEqual([[1, 2]]);
});

test("calls that do not go together are refused", async () => {
  const { status, stderr } = await run(sums(), "x=[[[1, 2]], [[3, 4]]]", "by=[[[1, 2]]]");
  expect(status).toBe(1);
  expect(stderr).toContain("sums is called once for each entry: 2 of x and 1 of by do not go together");
});

test("verify compares all calls", async () => {
  const { folder, file } = sums();
  const [weights, io] = [join(folder, "gain.safetensors"), join(folder, "io.safetensors")];
  writeFileSync(weights, safetensors({ gain: { shape: [2], numbers: [2, 1] } }));
  const verify = (last: number): ReturnType<typeof here> => {
    const given = { shape: [3, 1, 2], numbers: [1, 2, 3, 4, 5, 6] };
    writeFileSync(io, safetensors({ "in.x": given, "out.output": { ...given, numbers: [2, 2, 8, 6, 18, last] } }));
    return here("verify", file, "--weights", weights, "--io", io, "--backend", "cpu");
  };
  expect(await verify(12)).toMatchObject({ status: 0, stderr: "" });
  expect(await verify(6)).toMatchObject({ status: 1, stdout: expect.stringContaining("FAIL  output") as unknown });
});
