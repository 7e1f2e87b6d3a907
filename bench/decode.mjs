// GPT-2 small at its full size, random weights, on tfjs's WebAssembly: tokens a second, beside what the machine could give.
// Each token reads every weight once, so no program can be faster than memory: the ceiling is the bandwidth of tfjs's own
// product of a vector and a matrix, [1, 4096] x [4096, 4096], over the bytes of the weights.
import * as tf from "@tensorflow/tfjs-core";
import { useBackend } from "tfmc/runtime";
import { withGpt2 } from "./gpt2-module.mjs";
import { median } from "./statistics.mjs";

const side = 4096;
const prompt = [464, 3280, 284];
const [segments, tokensEach, warmUp] = [8, 16, 8];

/** Bytes a second. */
function bandwidth(vector, matrix) {
  const times = [];
  for (let round = 0; round < 12; round++) {
    const started = performance.now();
    tf.matMul(vector, matrix).dispose();
    times.push(performance.now() - started);
  }
  return (4 * side * side) / (median(times) / 1000);
}

function bytesOf(weights) {
  if (weights instanceof tf.Tensor) return 4 * weights.size;
  return Object.values(weights).reduce((sum, inner) => sum + bytesOf(inner), 0);
}

await withGpt2(async (module) => {
  const gpt2 = await import(module);
  const backend = await useBackend("wasm");
  const weights = gpt2.initialise(1);
  const bytes = bytesOf(weights);
  const [vector, matrix] = [tf.randomUniform([1, side], -1, 1, "float32", 1), tf.fill([side, side], 0.01)];
  bandwidth(vector, matrix);

  const maxTokens = warmUp + segments * tokensEach;
  const started = performance.now();
  const tokens = gpt2.generate(weights, prompt, { temperature: 0, maxTokens, minTokens: maxTokens });
  await tokens.next();
  const first = performance.now() - started;
  for (let n = 1; n < warmUp; n++) await tokens.next();

  // In turns, so that both are measured in the same weather.
  const measured = [];
  for (let segment = 0; segment < segments; segment++) {
    const before = bandwidth(vector, matrix);
    const times = [];
    for (let n = 0; n < tokensEach; n++) {
      const began = performance.now();
      await tokens.next();
      times.push(performance.now() - began);
    }
    const available = (before + bandwidth(vector, matrix)) / 2;
    const speed = 1000 / median(times);
    const ceiling = available / bytes;
    measured.push({ speed, ceiling, share: speed / ceiling, available });
  }
  const middle = (key) => median(measured.map((segment) => segment[key]));
  console.log(
    JSON.stringify([
      { name: "decoding GPT-2 small, wasm", unit: "tokens/s", value: middle("speed"), note: backend.reason },
      { name: "its ceiling here", unit: "tokens/s", value: middle("ceiling"), note: `${bytes} bytes of weights` },
      { name: "bandwidth of tfjs's product", unit: "GB/s", value: middle("available") / 1e9 },
      { name: "share of the ceiling", unit: "%", value: 100 * middle("share"), aim: { atLeast: 60 } },
      { name: `first token after ${prompt.length}`, unit: "ms", value: first },
    ]),
  );
});
process.exit(0);
