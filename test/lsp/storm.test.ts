import { LSPErrorCodes, ResponseError } from "vscode-languageserver-protocol";
import { TextDocument } from "vscode-languageserver-textdocument";
import { expect, test } from "vitest";
import { check } from "../../compiler/index.js";
import { randomFrom } from "../fuzz/random.js";
import { clientHere } from "./client.js";
import { everyRequest } from "./every-request.js";
import { example } from "./example.js";
import { anyPosition, anyRange, anyText } from "./storm.js";

const uri = "file:///models/a.tfm";

/** What went wrong with a request; a rename may be refused, with a reason for the user. */
const fault = (method: string, error: unknown): string | undefined =>
  error instanceof ResponseError && error.code === LSPErrorCodes.RequestFailed
    ? undefined
    : `${method}: ${String(error)}`;

/** Whatever is typed and asked, also at places that are not there; asked again and again without waiting. */
test.each(["gpt2.tfm", "t5.tfm", "clip.tfm"])(
  "a storm of edits and requests in %s",
  { timeout: 300_000 },
  async (name) => {
    const client = await clientHere({ list: () => [] });
    const random = randomFrom(name.length);
    let document = TextDocument.create(uri, "tfm", 1, example(name));
    await client.open(uri, document.getText());
    const asked: Promise<unknown>[] = [];
    for (let version = 2; version <= 150; version++) {
      const [range, text] = [anyRange(random, document.lineCount), anyText(random)];
      document = TextDocument.update(document, [{ range, text }], version);
      await client.change(uri, version, text, range);
      const [method, params] = random.pick(
        everyRequest(uri, anyPosition(random, document.lineCount), anyPosition(random, document.lineCount)),
      );
      asked.push(client.connection.sendRequest(method, params).catch((error: unknown) => fault(method, error)));
      if (random.below(20) === 0) await client.diagnostics(uri, version);
      // Now and then the user undoes all of it.
      if (random.below(50) === 0) {
        document = TextDocument.update(document, [{ text: example(name) }], ++version);
        await client.change(uri, version, document.getText());
      }
    }
    const answers = await Promise.all(asked);
    expect(new Set(answers.filter((answer) => typeof answer === "string"))).toEqual(new Set());
    expect(client.log).toEqual([]);
    const { diagnostics } = await client.diagnostics(uri, document.version);
    const expected = check("/models/a.tfm", (file) => (file === "/models/a.tfm" ? document.getText() : undefined));
    expect(diagnostics.map(({ code }) => code)).toEqual(expected.problems.map(({ code }) => code));
  },
);

test("documents that are not there, and requests without sense, are answered", async () => {
  const client = await clientHere();
  for (const other of ["file:///none.tfm", "untitled:Untitled-1", "", "%", "file:///%ff%fe.tfm", "https://x.org/a.tfm"])
    for (const [method, params] of everyRequest(other, { line: 0, character: 0 }))
      expect([null, []], `${method} ${other}`).toContainEqual(
        method === "workspace/symbol"
          ? null
          : await client.connection.sendRequest(method, params).catch((error: unknown) => error),
      );
  await client.open(uri, "");
  for (const params of [
    {},
    { textDocument: null },
    { textDocument: { uri: 3 } },
    { textDocument: { uri }, position: "x" },
  ])
    await client.connection.sendRequest("textDocument/completion", params).catch(() => undefined);
  expect(await client.connection.sendRequest("tfmc/configs", { textDocument: { uri } })).toEqual([]);
});
