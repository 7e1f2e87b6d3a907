// One process of `lsp.mjs`: a server without a client, which takes 10,000 edits. Prints the heap in use, in the middle of the
// first half of them and of the second.
import { PassThrough } from "node:stream";
import { createRequire } from "node:module";
import { setImmediate } from "node:timers";
import { largeFile } from "./large-file.mjs";
import { median } from "./statistics.mjs";

const { createConnection, StreamMessageReader, StreamMessageWriter } = createRequire(import.meta.url)(
  "vscode-languageserver/node",
);
const { createServer } = await import("../dist/language-server/index.js");

const uri = "file:///models/large.tfm";
const [input, output] = [new PassThrough(), new PassThrough()];
const connection = createConnection(new StreamMessageReader(input), new StreamMessageWriter(output));
createServer(connection, {
  read: () => undefined,
  rootOf: () => "/models",
  list: () => [],
  libraryUri: () => undefined,
  pageOf: () => undefined,
  checkpointBeside: () => ({ tensors: [], fields: [] }),
  soon: setImmediate,
});
connection.listen();

/** Told of each version that the server speaks of. */
let told;
new StreamMessageReader(output).listen(({ method, params }) => {
  if (method === "textDocument/publishDiagnostics") told?.(params.version);
});
const writer = new StreamMessageWriter(input);
const notify = (method, params) => writer.write({ jsonrpc: "2.0", method, params });
await writer.write({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { processId: null, rootUri: null, capabilities: {} },
});
await notify("initialized", {});

const text = largeFile(1_000);
const lines = text.split("\n");
await notify("textDocument/didOpen", { textDocument: { uri, languageId: "tfm", version: 0, text } });

/** Types one letter into a comment, a name or a number, or takes it away again. */
async function edit(version) {
  const line = ((version >> 1) * 7919) % lines.length;
  const start = { line, character: Math.min(lines[line].length, 5) };
  const isTaken = version % 2 === 1;
  const end = isTaken ? { line, character: start.character + 1 } : start;
  const checked = new Promise((resolve) => {
    told = (spokenOf) => {
      if (spokenOf === version + 1) resolve();
    };
  });
  await notify("textDocument/didChange", {
    textDocument: { uri, version: version + 1 },
    contentChanges: [{ range: { start, end }, text: isTaken ? "" : "7" }],
  });
  await checked;
}

async function heapInUse() {
  // What was looked at weakly stays until the end of the turn.
  await new Promise(setImmediate);
  globalThis.gc();
  await new Promise(setImmediate);
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** What is kept depends on the edit before: many samples are taken, and their middle. */
const samples = [];
for (let version = 0; version < 10_000; version++) {
  await edit(version);
  if (version % 250 === 249) samples.push(await heapInUse());
}
const half = samples.length / 2;
console.log(JSON.stringify({ early: median(samples.slice(0, half)), late: median(samples.slice(half)) }));
process.exit(0);
