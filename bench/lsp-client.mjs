// An editor for the measurements: starts the server as editors do, types, and waits for what it says.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const protocol = createRequire(import.meta.url)("vscode-languageserver-protocol/node");
const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

export const uri = "file:///models/large.tfm";

/** Opens `text` in a new server. `args` are for Node. */
export async function openEditor(text, args = []) {
  const child = spawn(process.execPath, [...args, main, "lsp", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const reader = new protocol.StreamMessageReader(child.stdout);
  const connection = protocol.createProtocolConnection(reader, new protocol.StreamMessageWriter(child.stdin));
  /** Those who wait for a version, in the order in which it is spoken of. */
  const waiting = new Map();
  connection.onNotification("textDocument/publishDiagnostics", ({ version, diagnostics }) =>
    waiting.get(version)?.shift()?.(diagnostics),
  );
  connection.listen();
  let version = 0;
  const toldOf = (version) =>
    new Promise((resolve) => waiting.set(version, [...(waiting.get(version) ?? []), resolve]));
  /** Sends a document or a change of it, and waits until it has been checked. */
  const send = (method, parameters) => {
    version += 1;
    const checked = toldOf(version);
    const { textDocument, ...rest } = parameters;
    void connection.sendNotification(method, { textDocument: { uri, ...textDocument, version }, ...rest });
    return checked;
  };
  await connection.sendRequest("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
  void connection.sendNotification("initialized", {});
  const first = send("textDocument/didOpen", { textDocument: { languageId: "tfm", text } });
  const all = toldOf(version);
  await first;
  return {
    /** Of the definitions first, of the configs too then: so it is for long files. */
    all,
    /** One keystroke: `text` in the place of a range. */
    type: (text, start, end = start) =>
      send("textDocument/didChange", { contentChanges: [{ range: { start, end }, text }] }),
    ask: (method, parameters) => connection.sendRequest(method, { textDocument: { uri }, ...parameters }),
    close: async () => {
      await connection.sendRequest("shutdown");
      void connection.sendNotification("exit");
      await new Promise((resolve) => child.once("exit", resolve));
    },
  };
}
