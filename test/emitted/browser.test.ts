import { createServer, type Server } from "node:http";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { read, useBackend } from "tfmc/runtime";
import { startChromium } from "../chromium.js";
import { bundle } from "../runtime/bundle.js";
import { expectClose } from "../runtime/on-every-backend.js";
import { emitSmall, runSmall } from "./small-gpt2.js";

const ids = [[7, 3, 11, 50, 2, 29, 31]];

/** The emitted module and a few lines that use it, as a page of somebody's would. */
const use = `
  import { read as readTensor, useBackend } from "tfmc/runtime";
  globalThis.run = async () => {
    try {
      const backend = await useBackend("webgpu");
      const weights = initialise(5);
      const logits = lm(weights, { ids: ${JSON.stringify(ids)} });
      const tokens = [];
      for await (const token of generate(weights, ${JSON.stringify(ids[0])}, { temperature: 0, maxTokens: 5, stop: [] })) tokens.push(token);
      return { backend: backend.name, logits: Array.from(await readTensor(logits)), tokens };
    } catch (error) {
      return { error: String(error) };
    }
  };
`;

let browser: Browser;
let server: Server;

beforeAll(async () => {
  const script = await bundle(`${await emitSmall("gpt2")}\n${use}`, "browser");
  server = createServer((request, response) => {
    if (request.url === "/page.js") response.writeHead(200, { "content-type": "text/javascript" }).end(script);
    else response.writeHead(200, { "content-type": "text/html" }).end('<script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  browser = await startChromium();
});

afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

it("gives in a page with WebGPU the logits and tokens that it gives in Node", async () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a port");
  const tab = await browser.newPage();
  await tab.goto(`http://localhost:${address.port}/`);
  await tab.waitForFunction("globalThis.run !== undefined");
  const outcome = await tab.evaluate<{ backend: string; logits: number[]; tokens: number[] }>("run()");
  expect(outcome).toMatchObject({ backend: "webgpu" });

  await useBackend("cpu");
  const model = await runSmall("gpt2");
  const weights = model.initialise(5);
  const tokens: number[] = [];
  for await (const token of model.generate(weights, ids[0] ?? [], { temperature: 0, maxTokens: 5, stop: [] }))
    tokens.push(token);
  expectClose(outcome.logits, await read(model.lm(weights, { ids })), 1e-4);
  expect(outcome.tokens).toEqual(tokens);
});
