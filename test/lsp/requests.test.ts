/** Each request as an editor makes it: what `compiler/ide` says, in the words of the protocol. */
import {
  CallHierarchyIncomingCallsRequest,
  CallHierarchyPrepareRequest,
  CodeActionRequest,
  CodeLensRequest,
  CompletionRequest,
  DefinitionRequest,
  DocumentSymbolRequest,
  ExecuteCommandRequest,
  HoverRequest,
  InlayHintRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  SemanticTokensDeltaRequest,
  SemanticTokensRequest,
  type ClientCapabilities,
  type DocumentSymbol,
  type Position,
  type Range,
} from "vscode-languageserver-protocol";
import { TextDocument } from "vscode-languageserver-textdocument";
import { expect, test } from "vitest";
import { clientHere, type Client } from "./client.js";
import { everyRequest } from "./every-request.js";

const uri = "file:///models/a.tfm";
const other = "file:///models/lib/parts.tfm";

const parts = `## Twice as wide.
block Widen[n, d]{to: int}(x: f32[n, d]) -> f32[n, to] {
  return x |> up: Linear{out: to}
}
`;

const text = `import { Widen } from "./lib/parts.tfm"

model M[n]{d: int}(x: f32[n, d]) -> f32[n, 2 * d] {
  wide = x |> w: Widen{to: 2 * d}
  return wide |> gelu
}
config small = M{d: 3}
`;

const capabilities: ClientCapabilities = {
  textDocument: {
    definition: { linkSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    completion: { completionItem: { snippetSupport: true, documentationFormat: ["markdown"] } },
  },
  workspace: { workspaceEdit: { documentChanges: true } },
};

const files = { list: () => [], rootOf: () => "/models" };

async function opened(given: ClientCapabilities = capabilities): Promise<Client> {
  const client = await clientHere(files, { capabilities: given });
  await client.open(other, parts);
  await client.open(uri, text);
  return client;
}

const document = TextDocument.create(uri, "tfm", 1, text);
const lib = TextDocument.create(other, "tfm", 1, parts);

/** The place behind `before`, which stands once in the text. */
const behind = (before: string): Position => document.positionAt(text.indexOf(before) + before.length);
const at = (before: string) => ({ textDocument: { uri }, position: behind(before) });
const inText = (range: Range): string => document.getText(range);

test("all that is said to be possible is answered, and nothing else is asked for", async () => {
  const client = await opened();
  for (const [method, params] of everyRequest(uri, behind("  wi")))
    expect(await client.connection.sendRequest(method, params), method).not.toBeUndefined();
  expect(client.log).toEqual([]);
});

test("a name leads to another file, and to the library", async () => {
  const { connection } = await opened();
  expect(await connection.sendRequest(DefinitionRequest.type, at("w: Wid"))).toMatchObject([
    { targetUri: other, targetSelectionRange: { start: { line: 1, character: 6 }, end: { line: 1, character: 11 } } },
  ]);
  const params = { textDocument: { uri: other }, position: lib.positionAt(parts.indexOf("Linear")) };
  const [link] = ((await connection.sendRequest(DefinitionRequest.type, params)) ?? []) as { targetUri: string }[];
  expect(link?.targetUri).toMatch(/^file:.*\/compiler\/std\/layers\.tfm$/);
  // What was opened there is a file like any other: it can be asked about.
  const plain = await clientHere({ libraryUri: () => undefined });
  await plain.open(uri, text.replace("wide |> gelu", "wide |> LayerNorm"));
  const there = await plain.connection.sendRequest(DefinitionRequest.type, at("return wide |> "));
  expect(JSON.stringify(there)).toContain("tfmc-std:/layers.tfm");
  const symbols = await plain.connection.sendRequest(DocumentSymbolRequest.type, {
    textDocument: { uri: "tfmc-std:/masks.tfm" },
  });
  expect(symbols?.map(({ name }) => name)).toContain("causal");
});

test("a hover has the range of what it speaks of, and Markdown", async () => {
  const { connection } = await opened();
  const hover = await connection.sendRequest(HoverRequest.type, at("  wi"));
  expect(hover?.range && inText(hover.range)).toBe("wide");
  expect(hover?.contents).toMatchObject({ kind: "markdown", value: expect.stringContaining("f32[n, 2*d]") as string });
});

test("completion replaces the word at the cursor, the likeliest first", async () => {
  const { connection } = await opened();
  const found = await connection.sendRequest(CompletionRequest.type, at("return wide |> ge"));
  const { items } = found as Extract<typeof found, { items: unknown }>;
  expect(items.map(({ sortText = "" }) => sortText)).toEqual(items.map(({ sortText = "" }) => sortText).sort());
  const range = { start: behind("return wide |> "), end: behind("return wide |> gelu") };
  const itemOf = (wanted: string) => items.find(({ label }) => label === wanted);
  expect(itemOf("gelu")).toMatchObject({ textEdit: { range, newText: "gelu" } });
  expect(itemOf("Linear")).toMatchObject({
    textEdit: { range },
    insertTextFormat: 2,
    documentation: { kind: "markdown" },
  });
});

test("a rename goes through all files, with the versions that it is for; one that cannot be is refused with the reason", async () => {
  const { connection } = await opened();
  expect(await connection.sendRequest(PrepareRenameRequest.type, at("w: Wid"))).toMatchObject({ placeholder: "Widen" });
  const edit = await connection.sendRequest(RenameRequest.type, { ...at("w: Wid"), newName: "Grow" });
  expect(edit?.documentChanges).toMatchObject([
    { textDocument: { uri, version: 1 }, edits: [{ newText: "Grow" }, { newText: "Grow" }] },
    { textDocument: { uri: other, version: 1 }, edits: [{ newText: "Grow" }] },
  ]);
  await expect(connection.sendRequest(RenameRequest.type, { ...at("w: Wid"), newName: "M" })).rejects.toThrow("M");
  const uses = await connection.sendRequest(ReferencesRequest.type, {
    ...at("w: Wid"),
    context: { includeDeclaration: true },
  });
  expect(uses?.map((each) => each.uri)).toEqual([uri, uri, other]);
});

test("a mend is offered where the mistake is, and mends it", async () => {
  const client = await opened();
  const wrong = text.replace("gelu", "gellu");
  await client.change(uri, 2, wrong);
  const { diagnostics } = await client.diagnostics(uri, 2);
  const range = diagnostics[0]?.range ?? { start: behind("|> gel"), end: behind("|> gel") };
  const actions = await client.connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri },
    range,
    context: { diagnostics, only: ["quickfix"] },
  });
  expect(actions).toMatchObject([{ kind: "quickfix", isPreferred: true, diagnostics: [{ code: "N102" }] }]);
  const [action] = actions ?? [];
  const edits = action && "edit" in action ? action.edit?.documentChanges?.[0] : undefined;
  const now = TextDocument.create(uri, "tfm", 2, wrong);
  expect(edits && "edits" in edits && TextDocument.applyEdits(now, edits.edits as never)).toBe(text);
});

test("the outline holds each name within what it names", async () => {
  const { connection } = await opened();
  const symbols = (await connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } })) ?? [];
  const isWithin = ({ range, selectionRange, children = [] }: DocumentSymbol): boolean =>
    document.offsetAt(range.start) <= document.offsetAt(selectionRange.start) &&
    document.offsetAt(selectionRange.end) <= document.offsetAt(range.end) &&
    children.every(isWithin);
  expect(symbols.map(({ name }) => name)).toEqual(["./lib/parts.tfm", "M", "small"]);
  expect((symbols as DocumentSymbol[]).every(isWithin)).toBe(true);
});

test("colours that change are told as what has changed", async () => {
  const { connection, change } = await opened();
  const textDocument = { uri };
  const before = await connection.sendRequest(SemanticTokensRequest.type, { textDocument });
  await change(uri, 2, "# a remark\n", { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } });
  const delta = await connection.sendRequest(SemanticTokensDeltaRequest.type, {
    textDocument,
    previousResultId: before?.resultId ?? "",
  });
  const after = await connection.sendRequest(SemanticTokensRequest.type, { textDocument });
  const data = [...(before?.data ?? [])];
  for (const { start, deleteCount, data: added = [] } of (
    delta as { edits: { start: number; deleteCount: number; data?: number[] }[] }
  ).edits)
    data.splice(start, deleteCount, ...added);
  expect(data).toEqual(after?.data);
  expect(after?.data.length).toBe((before?.data.length ?? 0) + 5);
});

test("the config that is chosen is the one whose numbers are told", async () => {
  const client = await opened();
  await client.change(uri, 2, `${text}config large = M{d: 5}\n`);
  const command = { command: "tfmc.pickConfig", arguments: [uri, "large"] };
  expect(await client.connection.sendRequest(ExecuteCommandRequest.type, command)).toBe("large");
  expect(await client.connection.sendRequest("tfmc/configs", { textDocument: { uri } })).toMatchObject([
    { name: "small", isChosen: false },
    { name: "large", isChosen: true },
  ]);
  const hover = await client.connection.sendRequest(HoverRequest.type, at("  wi"));
  expect(JSON.stringify(hover?.contents)).toContain("f32[n, 10]");
});

test("shapes stand behind what has them; what is above a declaration is what the client can do", async () => {
  const { connection } = await opened();
  const hints = await connection.sendRequest(InlayHintRequest.type, {
    textDocument: { uri },
    range: { start: { line: 3, character: 0 }, end: { line: 4, character: 0 } },
  });
  expect(hints).toEqual([{ position: behind("2 * d}"), label: "f32[n, 2*d]", kind: 1, paddingLeft: true }]);
  const lensesOf = async (commands: readonly string[]) => {
    const client = await clientHere(files, { capabilities, initializationOptions: { commands } });
    await client.open(other, parts);
    await client.open(uri, text);
    const lenses = await client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } });
    return lenses?.map(({ range, command }) => `${inText(range)}: ${command?.title} (${command?.command})`);
  };
  expect(await lensesOf([])).toMatchInlineSnapshot(`
    [
      "small: 24 parameters · 96 bytes as f32 (tfmc.pickConfig)",
    ]
  `);
  expect(await lensesOf(["tfmc.showGraph"])).toMatchInlineSnapshot(`
    [
      "M: Show the architecture (tfmc.showGraph)",
      "small: 24 parameters · 96 bytes as f32 (tfmc.pickConfig)",
    ]
  `);
});

test("who applies a block is found in other files, with the places", async () => {
  const { connection } = await opened();
  const [item] =
    (await connection.sendRequest(CallHierarchyPrepareRequest.type, {
      textDocument: { uri: other },
      position: lib.positionAt(parts.indexOf("Widen")),
    })) ?? [];
  if (!item) throw new Error("no item");
  expect(item).toMatchObject({ name: "Widen", uri: other });
  const calls = await connection.sendRequest(CallHierarchyIncomingCallsRequest.type, { item });
  expect(calls?.map(({ from, fromRanges }) => [from.name, from.uri, ...fromRanges.map(inText)])).toEqual([
    ["M", uri, "Widen"],
  ]);
});
