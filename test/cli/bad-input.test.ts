import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { here } from "./here.js";
import { withHeader } from "./safetensors.js";
import { temporaryFolder } from "./temporary-folder.js";
import type { Outcome } from "./tfmc.js";
import { change, entriesOf, example, tiny, type Tiny } from "./tiny.js";

const earlier = "what was there before";

/** The one message of a refusal, without the folder's name. */
function messageOf({ status, stdout, stderr }: Outcome, folder: string): string {
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr.match(/^error/gm), stderr).toHaveLength(1);
  expect(stderr).not.toMatch(/^ +at /m);
  return stderr.replaceAll(`${folder}/`, "");
}

/** Compiles a text over an earlier output, which must stay. */
async function refused(files: Readonly<Record<string, string | Uint8Array>>, ...options: string[]): Promise<string> {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const output = join(folder, "out.ts");
  writeFileSync(output, earlier);
  const [first = "model.tfm"] = Object.keys(files);
  const message = messageOf(await here("compile", join(folder, first), "-o", output, ...options), folder);
  expect(readFileSync(output, "utf8")).toBe(earlier);
  expect(readdirSync(folder).sort()).toEqual(["out.ts", ...Object.keys(files)].sort());
  return message;
}

/** An example with one piece of its text replaced. */
function edited(name: string, from: string, to: string): string {
  const text = example(name);
  expect(text).toContain(from);
  return text.replace(from, to);
}

describe("the file", () => {
  test("does not exist", async () => {
    const folder = temporaryFolder();
    const outcome = await here("compile", join(folder, "none.tfm"));
    expect(messageOf(outcome, folder)).toBe("error: cannot read none.tfm: no such file or folder\n");
  });

  test("is not UTF-8", async () => {
    expect(await refused({ "a.tfm": Buffer.from("# caf\xe9\n", "latin1") })).toBe(
      "error: a.tfm:1 is not UTF-8: byte 0xe9 at offset 5\n  help: save the file as UTF-8\n",
    );
  });

  test("has a syntax error at its end", async () => {
    const text = example("gpt2").trimEnd().slice(0, -1);
    const last = text.split("\n").length;
    const message = await refused({ "a.tfm": text });
    expect(message).toMatch(/^error\[S001\] expected .*, found the end of the file\n/);
    expect(message).toContain(`\n  a.tfm:${last}  generate gpt2.lm`);
  });
});

describe("a name", () => {
  test("that nothing has", async () => {
    expect(await refused({ "a.tfm": edited("gpt2", "mask: causal", "mask: casual") })).toMatch(
      /^error\[N102\] unknown name `casual`\n {2}a\.tfm:3 .*\n +\^{6} did you mean causal\?\n$/,
    );
  });

  test("that is no config entry", async () => {
    expect(await refused({ "a.tfm": edited("gpt2", "GPT2{}", "GPT2{head: 6}") })).toMatch(
      /^error\[N101\] unknown config `head` for GPT2\n.*\n +\^{4} did you mean heads\?\n {2}GPT2 has: vocab, ctx, d, /,
    );
    expect(await refused({ "a.tfm": example("gpt2") }, "--set", "head=6")).toMatch(
      /^error\[N101\] unknown config `head` for GPT2\n/,
    );
  });

  test("that is no axis", async () => {
    expect(await refused({ "a.tfm": edited("gpt2", "dot[d](x, wte", "dot[dd](x, wte") })).toMatch(
      /^error\[N106\] no axis `dd` in f32\[batch, seq, d\]\n.*\n +\^{2} did you mean d\?\n$/,
    );
  });

  test("that leads round in a circle of imports", async () => {
    const a = `import { B } from "./b.tfm"\n${example("gpt2")}`;
    const b = `import { GPT2 } from "./a.tfm"\nblock B[d](x: f32[d]) -> f32[d] { return x }\n`;
    expect(await refused({ "a.tfm": a, "b.tfm": b })).toMatch(
      /^error\[N103\] import cycle: a\.tfm -> b\.tfm -> a\.tfm\n {2}b\.tfm:1 {2}import .*\n +\^+\n/,
    );
  });
});

describe("numbers and shapes: both ends of the contradiction", () => {
  test("10 heads for d = 768", async () => {
    const message = await refused({ "a.tfm": edited("gpt2", "GPT2{}", "GPT2{heads: 10}") });
    expect(message).toMatch(/^error\[T201\] heads = 10 cannot split d = 768\n/);
    expect(message).toMatch(/config gpt2 .*\n +\^{9} 10 comes from here\n/);
    expect(message).toMatch(/ d = 768, .*\n +-{7} 768 is this default\n/);
    expect(message).toMatch(/ {2}help: write `heads: 12` \(8, 12 and 16 divide 768\)\n$/);
  });

  test("the same by --set", async () => {
    const message = await refused({ "a.tfm": example("gpt2") }, "--set", "heads=10");
    expect(message).toMatch(/^error\[T201\] heads = 10 cannot split d = 768\n/);
  });

  test("5 kv_heads for 32 heads", async () => {
    const message = await refused({ "a.tfm": edited("llama", "Llama{}", "Llama{kv_heads: 5}") });
    expect(message).toMatch(/^error\[T203\] kv_heads = 5 does not divide heads = 32\n/);
    expect(message).toMatch(/config llama2_7b .*\n +\^{11} kv_heads = 5 comes from here\n/);
    expect(message).toMatch(/ heads = 32, .*\n +-{10} heads = 32 is this default\n/);
  });

  test("a residual of the wrong width", async () => {
    const wide = edited("gpt2", "mlp: FFN{ff, act}", "up: Linear{out: 4 * d}");
    const message = await refused({ "a.tfm": wide });
    expect(message).toMatch(/^error\[T202\] residual (adds|combines) /);
    expect(message).toMatch(/ {2}a\.tfm:4 .*\n +\^ +-+ f32\[batch, seq, 4\*d\]\n +f32\[batch, seq, d\]/);
  });
});

/** Runs the tiny model over an earlier output, which must stay. */
async function runRefused(model: Tiny, ...options: string[]): Promise<string> {
  const output = join(model.folder, "out.json");
  writeFileSync(output, earlier);
  const before = readdirSync(model.folder);
  const args = ["--weights", model.weights, "--backend", "cpu", "-o", output, ...options];
  const input = options.includes("--input") ? [] : ["--input", "input_ids=[[1, 2, 3]]"];
  const message = messageOf(await here("run", model.file, ...args, ...input), model.folder);
  expect(readFileSync(output, "utf8")).toBe(earlier);
  expect(readdirSync(model.folder)).toEqual(before);
  return message;
}

describe("weights", () => {
  const file = (model: Tiny): string => join(model.weights, "model.safetensors");

  test("that are not there", async () => {
    expect(await runRefused(tiny(), "--weights", "/nowhere")).toBe("error: /nowhere: no such file\n");
  });

  test("cut in half", async () => {
    const model = tiny();
    const whole = readFileSync(file(model));
    writeFileSync(file(model), whole.subarray(0, whole.length / 2));
    expect(await runRefused(model)).toMatch(
      /^error: weights\/model\.safetensors: truncated: "[\w.]+" ends at byte \d+, the file at \d+\n$/,
    );
  });

  test("with a header of 2^60 bytes", async () => {
    const model = tiny();
    writeFileSync(file(model), withHeader("{}", new Uint8Array(0), 2n ** 60n));
    expect(await runRefused(model)).toBe(
      "error: weights/model.safetensors: no safetensors file, or truncated: a header of 1152921504606846976 bytes, in a file of 10\n",
    );
  });

  test("with offsets that overlap", async () => {
    const model = tiny();
    const entries = await entriesOf(file(model));
    const [name = ""] = Object.keys(entries).filter((other) => other !== "transformer.ln_f.bias");
    const bytes = 4 * (entries[name]?.numbers.length ?? 0);
    await change(file(model), {
      "transformer.ln_f.bias": { shape: [33], numbers: Array(33).fill(0), offsets: [bytes - 4, bytes + 128] },
    });
    expect(await runRefused(model)).toMatch(
      /^error: weights\/model\.safetensors: the bytes of "[\w.]+" overlap another tensor's\n$/,
    );
  });

  test("that lack a tensor", async () => {
    const model = tiny();
    await change(file(model), { "transformer.h.0.ln_1.bias": undefined });
    expect(await runRefused(model)).toBe(
      'error: h.0.ln_1.bias is missing: weights/model.safetensors has no "h.0.ln_1.bias"\n',
    );
  });

  test("with a tensor too many", async () => {
    const model = tiny();
    await change(file(model), { "transformer.h.7.ln_1.bias": { shape: [2], numbers: [1, 2] } });
    expect(await runRefused(model)).toBe(
      'error: weights/model.safetensors: "transformer.h.7.ln_1.bias" [2] is no weight of this model\n',
    );
  });

  test("with a tensor of another shape", async () => {
    const model = tiny();
    await change(file(model), { "transformer.ln_f.bias": { shape: [3, 11], numbers: Array(33).fill(0) } });
    expect(await runRefused(model)).toBe(
      'error: weights/model.safetensors: "transformer.ln_f.bias" is [3, 11]; [33] is due for ln_f.bias, f32[d]\n',
    );
  });
});

describe("a call", () => {
  test("with a token out of the vocabulary", async () => {
    expect(await runRefused(tiny(), "--input", "input_ids=[[1, 83, 3]]")).toBe(
      "error: ids: token 83 at [0, 1] is outside 0..82\n",
    );
  });

  test("longer than the context", async () => {
    const ids = JSON.stringify([Array(30).fill(1)]);
    expect(await runRefused(tiny(), "--input", `input_ids=${ids}`)).toBe(
      "error: GPT2: seq = 30 exceeds ctx = 29 (tiny.tfm:10)\n",
    );
  });

  test("to decode from a prompt longer than the context, or of other tokens", async () => {
    const model = tiny();
    const generate = async (tokens: string): Promise<string> =>
      messageOf(
        await here("generate", model.file, "--weights", model.weights, "--tokens", tokens, "--backend", "cpu"),
        "",
      );
    expect(await generate(Array(30).fill(1).join())).toBe(
      "error: the prompt has 30 tokens, the model's context is 29\n",
    );
    expect(await generate("1,83")).toBe("error: the prompt's token 83 at 1 is outside 0..82\n");
  });

  test("on a backend that is not there", async () => {
    expect(await runRefused(tiny(), "--backend", "webgl")).toBe(
      'error: no backend "webgl"; there are webgpu, wasm, cpu\n',
    );
  });

  test("on a backend that this machine has no device for", async () => {
    // Where the loader of Vulkan drivers is told of none, there is no adapter, not even in software.
    const { VK_ICD_FILENAMES: before } = process.env;
    process.env["VK_ICD_FILENAMES"] = "/dev/null";
    try {
      expect(await runRefused(tiny(), "--backend", "webgpu")).toMatch(/^error: webgpu: no adapter/);
    } finally {
      if (before === undefined) delete process.env["VK_ICD_FILENAMES"];
      else process.env["VK_ICD_FILENAMES"] = before;
    }
  });

  test("with an input that no task has, or without one that it needs", async () => {
    expect(await runRefused(tiny(), "--input", "input_id=[[1]]")).toBe(
      "error: --input: no task takes input_id\n  help: the inputs are input_ids\n",
    );
    const model = tiny();
    writeFileSync(join(model.folder, "none.json"), "{}");
    expect(await runRefused(model, "--input", join(model.folder, "none.json"))).toBe(
      "error: lm takes input_ids, which --input does not have: it has no inputs\n",
    );
  });
});
