import { runInNewContext } from "node:vm";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";

/** Of a busy machine. */
const patience = { timeout: 30_000 };

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: {
    readonly uri: string;
    readonly version: number;
    readonly diagnostics: readonly { code: string }[];
  };
  readonly result?: { readonly svg?: string; readonly text?: string };
}

interface Scope {
  onmessage?: (event: { readonly data: unknown }) => void;
  readonly addEventListener: () => void;
  readonly postMessage: (message: Message) => void;
}

/** The worker's script in a world that has what a worker has, and nothing of Node's. */
async function startWorker() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../../language-server/worker.ts", import.meta.url))],
    bundle: true,
    format: "iife",
    platform: "browser",
    external: ["elkjs", "ts-morph", "prettier"],
    write: false,
    logLevel: "error",
  });
  const received: Message[] = [];
  const self: Scope = { addEventListener: () => undefined, postMessage: (message) => void received.push(message) };
  runInNewContext(outputFiles[0]?.text ?? "", {
    self,
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
    console,
    TextEncoder,
    TextDecoder,
  });
  const send = (message: object): void => self.onmessage?.({ data: { jsonrpc: "2.0", ...message } });
  return { send, received };
}

test("in a web worker it needs nothing but messages: documents import each other, and the library has its text", async () => {
  const { send, received } = await startWorker();
  const open = (uri: string, text: string): void =>
    send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "tfm", version: 1, text } } });
  send({ id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } });
  send({ method: "initialized", params: {} });
  open("inmemory:///parts.tfm", "block Part[n](x: f32[n]) -> f32[n] {\n  return x |> gellu\n}\n");
  open(
    "inmemory:///a.tfm",
    'import { Part } from "./parts.tfm"\nblock A[n](x: f32[n]) -> f32[n] {\n  return x |> Part\n}\n',
  );
  send({ id: 2, method: "tfmc/library", params: { uri: "tfmc-std:/masks.tfm" } });
  const codes = (uri: string) =>
    received.findLast(({ params }) => params?.uri === uri)?.params?.diagnostics.map(({ code }) => code);
  await expect.poll(() => codes("inmemory:///parts.tfm"), patience).toEqual(["N102"]);
  await expect.poll(() => codes("inmemory:///a.tfm"), patience).toEqual([]);
  await expect.poll(() => received.find(({ id }) => id === 2)?.result?.text, patience).toContain("mask causal");
});
