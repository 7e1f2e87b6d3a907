import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { here } from "./here.js";
import { temporaryFolder } from "./temporary-folder.js";
import { example } from "./tiny.js";
import { tfmc } from "./tfmc.js";

/** A copy of examples/gpt2.tfm in a folder of its own. */
function gpt2(): { folder: string; file: string } {
  const folder = temporaryFolder();
  const file = join(folder, "gpt2.tfm");
  writeFileSync(file, example("gpt2"));
  return { folder, file };
}

test("writes beside the source, and says what", async () => {
  const { folder, file } = gpt2();
  const { status, stdout, stderr } = await here("compile", file);
  const code = readFileSync(join(folder, "gpt2.ts"), "utf8");
  const lines = code.split("\n").length - 1;
  expect({ status, stdout, stderr }).toEqual({
    status: 0,
    stdout: `wrote ${folder}/gpt2.ts: GPT2, config gpt2, 124,439,808 parameters, ${lines} lines\n`,
    stderr: "",
  });
  expect(code).toMatch(/^\/\/ GPT2 \(gpt2\.tfm\), config gpt2\. Written by tfmc/);
  expect(readdirSync(folder).sort()).toEqual(["gpt2.tfm", "gpt2.ts"]);
});

test("takes another config, other numbers, and standard output", async () => {
  const { folder, file } = gpt2();
  const { stdout } = await here("compile", file, "--config", "gpt2_xl", "--set", "d=50", "--set", "vocab=7", "-o", "-");
  expect(stdout).toContain("export const config = { vocab: 7, ctx: 1024, d: 50, depth: 48, heads: 25,");
  expect(readdirSync(folder)).toEqual(["gpt2.tfm"]);
  expect((await here("compile", file, "--config", "gpt2_x")).stderr).toMatch(/^error\[N102\] unknown name `gpt2_x`/);
});

test("JavaScript loads as a module and has the same exports", async () => {
  const { folder, file } = gpt2();
  const output = join(folder, "gpt2.mjs");
  expect((await here("compile", file, "-o", output)).status).toBe(0);
  const code = readFileSync(output, "utf8");
  expect(code).not.toMatch(/: Tensor<|interface /);
  const typescript = (await here("compile", file, "-o", "-")).stdout;
  const exportsOf = (text: string): string[] =>
    [...text.matchAll(/^export (?:async )?(?:const|function\*?) (\w+)/gm)].map((match) => match[1] ?? "");
  expect(exportsOf(code)).toEqual(exportsOf(typescript));
  expect(exportsOf(code)).toEqual(expect.arrayContaining(["config", "load", "initialise", "save", "lm", "generate"]));
});

test("--json tells programs", async () => {
  const { folder, file } = gpt2();
  const report: unknown = JSON.parse((await here("compile", file, "--json")).stdout);
  expect(report).toMatchObject({ ok: true, output: `${folder}/gpt2.ts`, parameters: 124439808, config: "gpt2" });
});

test("a config that does not generate, in a file where another does, is told of", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "two.tfm");
  writeFileSync(
    file,
    `model Reader[seq]{vocab = 9, d = 4}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
  x = ids |> token: Embedding{size: vocab, d}
  return x - mean[seq](x)
}
model Writer[seq]{vocab = 9, d = 4}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
  return ids |> token: Embedding{size: vocab, d}
}
task lm() on Writer as x -> f32[batch, seq, vocab] {
  return dot[d](x, token.weight)
}
config reader = Reader{}
config writer = Writer{}
generate writer.lm over seq {}
`,
  );
  const said = `it has no generate, which ${file} asks for with --config writer\n`;
  expect((await here("compile", file)).stdout).toMatch(/^wrote .*: Reader, config reader, .*\n/);
  expect((await here("compile", file)).stdout.endsWith(said)).toBe(true);
  expect((await here("compile", file, "--config", "writer")).stdout).not.toContain("generate");
  expect(JSON.parse((await here("compile", file, "--json")).stdout)).toMatchObject({ generates: false });
});

test("a folder that is not there is told, by the real command too", () => {
  const { folder, file } = gpt2();
  const output = join(folder, "none", "out.ts");
  expect(tfmc(["compile", file, "-o", output])).toEqual({
    status: 1,
    stdout: "",
    stderr: `error: cannot write ${output}: no such file or folder\n`,
  });
});
