import { CancellationTokenSource, ErrorCodes, LSPErrorCodes, ResponseError } from "vscode-languageserver-protocol";
import { TextDocument } from "vscode-languageserver-textdocument";
import { expect, test } from "vitest";
import { check } from "../../compiler/index.js";
import { randomFrom } from "../fuzz/random.js";
import { clientHere, type Client } from "./client.js";
import { example } from "./example.js";
import { anyRange, anyText } from "./storm.js";

const uri = "file:///models/a.tfm";
const start = { line: 0, character: 0 };

/** What is wrong with a text, as the server would say it. */
const codesOf = (text: string): (string | undefined)[] =>
  check("/models/a.tfm", (file) => (file === "/models/a.tfm" ? text : undefined)).problems.map(({ code }) => code);

const versionsOf = ({ published }: Client): (number | undefined)[] =>
  published.filter((each) => each.uri === uri).map(({ version }) => version);

test("of many changes at once only the last is checked", async () => {
  const client = await clientHere();
  await client.open(uri, example("gpt2.tfm"));
  await client.diagnostics(uri, 1);
  const before = client.published.length;
  await Promise.all(Array.from({ length: 200 }, (_, n) => client.change(uri, n + 2, "# ", { start, end: start })));
  await client.diagnostics(uri, 201);
  expect(client.published.length - before).toBeLessThan(20);
  expect(versionsOf(client)).toEqual([...versionsOf(client)].sort((a, b) => (a ?? 0) - (b ?? 0)));
});

test("whatever is told of a version is true of that version", async () => {
  const client = await clientHere();
  const random = randomFrom(7);
  let document = TextDocument.create(uri, "tfm", 1, example("gpt2.tfm"));
  const texts = new Map([[1, document.getText()]]);
  await client.open(uri, document.getText());
  for (let version = 2; version <= 300; version++) {
    const [range, text] = [anyRange(random, document.lineCount), anyText(random)];
    document = TextDocument.update(document, [{ range, text }], version);
    texts.set(version, document.getText());
    await client.change(uri, version, text, range);
    if (random.below(10) === 0) await client.diagnostics(uri, version);
  }
  await client.diagnostics(uri, 300);
  expect(versionsOf(client).length).toBeGreaterThan(10);
  for (const { version = 0, diagnostics } of client.published)
    expect({ version, codes: diagnostics.map(({ code }) => code) }).toEqual({
      version,
      codes: codesOf(texts.get(version) ?? ""),
    });
});

test("a change of a version that is over is no change", async () => {
  const client = await clientHere();
  await client.open(uri, "");
  await client.change(uri, 5, "block A(x: f32[3]) -> f32[3] {\n  return x\n}\n");
  await client.change(uri, 4, "this is old");
  await client.change(uri, 6, "\n", { start, end: start });
  expect((await client.diagnostics(uri, 6)).diagnostics).toEqual([]);
  expect(versionsOf(client)).not.toContain(4);
});

test("a request sees every change that was sent before it", async () => {
  const client = await clientHere();
  await client.open(uri, "");
  const text = "model M{d: int}(x: f32[d]) -> f32[d] {\n  return x\n}\nconfig small = M{d: 3}\n";
  for (let n = 0; n < text.length; n++) {
    const at = TextDocument.create(uri, "tfm", 0, text.slice(0, n)).positionAt(n);
    await client.change(uri, n + 2, text.charAt(n), { start: at, end: at });
  }
  const configs = await client.connection.sendRequest("tfmc/configs", { textDocument: { uri } });
  expect(configs).toMatchObject([{ name: "small", model: "M" }]);
});

test("a request that is cancelled is not worked on", async () => {
  const client = await clientHere();
  await client.open(uri, example("gpt2.tfm"));
  const source = new CancellationTokenSource();
  const asked = client.connection.sendRequest("tfmc/summary", { textDocument: { uri } }, source.token);
  source.cancel();
  await expect(asked).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
});

test("what takes its time is not answered for a document that is another one by then", async () => {
  const client = await clientHere();
  await client.open(uri, example("gpt2.tfm"));
  const asked = client.connection.sendRequest("tfmc/graph", { textDocument: { uri } });
  void client.change(uri, 2, "# ", { start, end: start });
  await expect(asked).rejects.toMatchObject({ code: LSPErrorCodes.ContentModified });
});

test("a mistake of the server is an error for one request and a line in the log", async () => {
  const client = await clientHere({
    rootOf: () => {
      throw new TypeError("a mistake");
    },
  });
  await client.open(uri, "");
  const asked = client.connection.sendRequest("tfmc/configs", { textDocument: { uri } });
  await expect(asked).rejects.toBeInstanceOf(ResponseError);
  await expect(asked).rejects.toMatchObject({ code: ErrorCodes.InternalError, message: "a mistake" });
  expect(client.log.join("\n")).toContain("TypeError: a mistake");
  const text = await client.connection.sendRequest("tfmc/library", { uri: "tfmc-std:/masks.tfm" });
  expect(text).toMatchObject({ text: expect.stringContaining("mask causal") as string });
});
