import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as tf from "@tensorflow/tfjs-core";
import {
  attend,
  causal,
  geluTanh,
  initialiseWeights,
  linear,
  normal,
  param,
  read,
  rearrange,
  useBackend,
} from "tfmc/runtime";
import { startChromium } from "../chromium.js";
import { bundle } from "./bundle.js";
import { expectClose } from "./on-every-backend.js";

/** The same lines in the page and here. */
const page = `
  import * as tf from "@tensorflow/tfjs-core";
  import { attend, causal, geluTanh, initialiseWeights, linear, normal, param, read, readSafetensors, rearrange, saveWeights, useBackend } from "tfmc/runtime";
  const parameters = { w: param("f32[d, out]", [32, 96], normal(0.5)), x: param("f32[batch, seq, d]", [2, 9, 32], normal(1)) };
  const run = async (name) => {
    const backend = await useBackend(name, { wasmFiles: "/" });
    const weights = initialiseWeights(parameters, 11);
    const y = tf.tidy(() => {
      const heads = rearrange(geluTanh(linear(weights.x, weights.w)), "b n (t h c) -> t b h n c", { t: 3, h: 4 });
      const [q, k, v] = tf.unstack(heads);
      return attend(q, k, v, { scale: 0.3, mask: causal });
    });
    const pieces = [];
    await saveWeights(parameters, weights, (bytes) => void pieces.push(bytes.slice()));
    const saved = await readSafetensors(new File(pieces, "w.safetensors"));
    return { backend, numbers: Array.from(await read(y)), saved: [...saved.keys()], tensors: tf.memory().numTensors };
  };
  globalThis.run = (name) => run(name).catch((error) => ({ error: String(error) }));
`;

interface Outcome {
  readonly backend: { readonly name: string; readonly reason: string };
  readonly numbers: number[];
  readonly saved: string[];
  readonly tensors: number;
}

let browser: Browser;
let server: Server;
let due: number[] = [];
let run: (name?: string) => Promise<Outcome>;

beforeAll(async () => {
  await useBackend("cpu");
  const parameters = {
    w: param("f32[d, out]", [32, 96], normal(0.5)),
    x: param("f32[batch, seq, d]", [2, 9, 32], normal(1)),
  };
  const weights = initialiseWeights(parameters, 11);
  const y = tf.tidy(() => {
    const heads = rearrange(geluTanh(linear(weights.x, weights.w)), "b n (t h c) -> t b h n c", { t: 3, h: 4 });
    const [q, k, v] = tf.unstack(heads);
    if (!q || !k || !v) throw new Error("three");
    return attend(q, k, v, { scale: 0.3, mask: causal });
  });
  due = Array.from(await read(y));

  const script = await bundle(page, "browser");
  const wasm = new URL("../../node_modules/@tensorflow/tfjs-backend-wasm/dist/", import.meta.url);
  // WebGPU wants a secure origin; localhost is one.
  server = createServer((request, response) => {
    const name = (request.url ?? "/").slice(1);
    if (name.endsWith(".wasm")) {
      void readFile(new URL(name, wasm)).then((bytes) =>
        response.writeHead(200, { "content-type": "application/wasm" }).end(bytes),
      );
    } else if (name === "page.js") response.writeHead(200, { "content-type": "text/javascript" }).end(script);
    else response.writeHead(200, { "content-type": "text/html" }).end('<script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a port");

  browser = await startChromium();
  const tab = await browser.newPage();
  await tab.goto(`http://localhost:${address.port}/`);
  await tab.waitForFunction("globalThis.run !== undefined");
  run = (name) => tab.evaluate(`run(${JSON.stringify(name)})`);
});

afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

describe("the runtime in a browser", () => {
  it.each(["webgpu", "wasm", "cpu"])("computes on %s what it computes in Node", async (name) => {
    const outcome = await run(name);
    expect(outcome).toMatchObject({ backend: { name }, saved: ["w", "x"] });
    expectClose(outcome.numbers, due, 1e-5);
  });

  it("chooses for itself", async () => {
    expect((await run()).backend.name).toBe("wasm");
  });
});
