// The main job, shown on what the repository has: a published model compiled, a reference checkpoint verified and decoded
// from. Calls what the commands call; needs `dist/`.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { countParameters } from "../dist/compiler/index.js";
import { compileFile } from "../dist/cli/compile-file.js";
import { generateTokens } from "../dist/cli/generate/generate-tokens.js";
import { importCheckpoint } from "../dist/cli/import/import-checkpoint.js";
import { reportError } from "../dist/cli/report-error.js";
import { verify } from "../dist/cli/verify/verify.js";
import { useBackend } from "../dist/runtime/index.js";

process.chdir(fileURLToPath(new URL("../", import.meta.url)));

const checkpoint = "test/reference/cases/gpt2_lm";
const prompt = [5, 17, 3];
const neverStopped = { aborted: false };

async function compileGpt2() {
  const started = performance.now();
  const { lowered, code } = await compileFile("examples/gpt2.tfm", {});
  writeFileSync("build/gpt2.ts", code);
  const parameters = countParameters(lowered.module.weights, lowered.numbers)?.toLocaleString("en-US");
  console.log(`1. examples/gpt2.tfm, GPT-2 at its published size, is checked and compiled (${since(started)}):
     build/gpt2.ts     ${parameters} parameters in ${code.split("\n").length - 1} lines of TypeScript
`);
}

async function verifyCheckpoint() {
  const { text } = importCheckpoint(checkpoint, "build/tiny.tfm");
  writeFileSync("build/tiny.tfm", text);
  const backend = await useBackend();
  const io = `${checkpoint}/io.safetensors`;
  const options = { weights: checkpoint, io, tolerance: 1e-4, backend: backend.name };
  const { ok, outputs } = await verify("build/tiny.tfm", options);
  const { logits, greedy } = outputs;
  console.log(`2. A small checkpoint with outputs of Hugging Face's GPT-2 is imported and verified, on ${backend.name} (${backend.reason}):
     build/tiny.tfm    written from ${checkpoint}/config.json
     logits            ${logits.ok ? "the same" : "DIFFERENT"}, relative error ${logits.relativeError.toExponential(1)}
     greedy decoding   ${greedy.ok ? "the same" : "DIFFERENT"}, ${greedy.remark}
`);
  if (!ok) process.exitCode = 1;
  return backend.name;
}

async function decode(backend) {
  const request = {
    weights: checkpoint,
    tokens: prompt,
    backend,
    onPiece: () => {},
    stopped: neverStopped,
  };
  const options = { seed: 1, maxTokens: 60, stop: [] };
  const { tokens, tokensPerSecond } = await generateTokens("build/tiny.tfm", request, options);
  const shown = tokens.slice(0, 16).join(" ");
  console.log(`3. It decodes, through the key and value cache that the compiler derived:
     ${prompt.join(" ")} -> ${shown} ...
     ${tokens.length} tokens, ${tokensPerSecond?.toFixed(0)} tokens/s on ${backend}
`);
}

const since = (started) => `${((performance.now() - started) / 1000).toFixed(1)} s`;

try {
  mkdirSync("build", { recursive: true });
  await compileGpt2();
  const backend = await verifyCheckpoint();
  await decode(backend);
  console.log(`Next:
     npx tfmc summary examples/gpt2.tfm                     parameters, FLOPs and bytes, as formulas
     npx tfmc check examples/*.tfm                          change a number in one of them, and check it again
     npx tfmc generate build/tiny.tfm --weights ${checkpoint} --tokens 5,17,3
     npx tfmc --help                                        all commands; README.md has the tour
With a checkpoint of Hugging Face in a folder gpt2/ (config.json, model.safetensors, tokenizer.json):
     npx tfmc import gpt2 -o gpt2.tfm
     npx tfmc generate gpt2.tfm --weights gpt2 --prompt "The house"`);
} catch (error) {
  process.exitCode = reportError(error, { json: false });
}
process.exit();
