import { DiagnosticSeverity, DiagnosticTag, type Diagnostic } from "vscode-languageserver-protocol";
import { TextDocument } from "vscode-languageserver-textdocument";
import { expect, test, vi } from "vitest";
import { drawn } from "../ide/drawn.js";
import { clientHere, linesOf } from "./client.js";

const uri = "file:///models/a.tfm";

async function diagnosticsOf(text: string): Promise<readonly Diagnostic[]> {
  const client = await clientHere({ pageOf: (code) => `https://example.org/${code}` });
  await client.open(uri, text);
  const { diagnostics, version } = await client.diagnostics(uri);
  expect(version).toBe(1);
  expect(client.log).toEqual([]);
  return diagnostics;
}

/** The lines with what is wrong under them, as an editor underlines it. */
function shown(text: string, diagnostics: readonly Diagnostic[]): string {
  const document = TextDocument.create(uri, "tfm", 1, text);
  return drawn(
    text,
    diagnostics.map((each) => ({
      span: { start: document.offsetAt(each.range.start), end: document.offsetAt(each.range.end) },
      label: `${each.code} ${linesOf(each).join(" / ")}`,
    })),
  );
}

test("what is wrong is underlined, with the fact, what is said of the place, and the mend", async () => {
  const text = "model M[b](x: f32[a, b]) -> f32[a, b] {\n  return x |> gellu\n}\n";
  const diagnostics = await diagnosticsOf(text);
  expect(shown(text, diagnostics)).toMatchInlineSnapshot(`
    "model M[b](x: f32[a, b]) -> f32[a, b] {
                      ^ N102 unknown name \`a\` / no size has this name / help: declare it: M[b, a]"
  `);
  expect(diagnostics[0]).toMatchObject({
    severity: DiagnosticSeverity.Error,
    source: "tfmc",
    code: "N102",
    codeDescription: { href: "https://example.org/N102" },
  });
});

test("the other side of a contradiction is told as a place of its own", async () => {
  const [diagnostic] = await diagnosticsOf(
    "block A[n](x: f32[n]) -> f32[n] {\n  return x\n}\nblock A[n](x: f32[n]) -> f32[n] {\n  return x\n}\n",
  );
  expect(diagnostic?.code).toBe("N104");
  expect(diagnostic?.relatedInformation).toEqual([
    {
      message: "first declared here",
      location: { uri, range: { start: { line: 0, character: 6 }, end: { line: 0, character: 7 } } },
    },
  ]);
});

test("what has no effect is faded", async () => {
  const text = "block A[n](x: f32[n]) -> f32[n] {\n  return x\n  y = x\n}\n";
  const found = await diagnosticsOf(text);
  expect(found).toMatchObject([
    { code: "N112", severity: DiagnosticSeverity.Warning, tags: [DiagnosticTag.Unnecessary] },
  ]);
});

test("a file of 20,000 lines, a text of one very long line, and one that is no text", async () => {
  const block = (n: number): string => `block A${n}[n](x: f32[n]) -> f32[n] {\n  return x\n}\n\n`;
  const long = Array.from({ length: 5_000 }, (_, n) => block(n)).join("");
  expect(await diagnosticsOf(long)).toEqual([]);
  expect(await diagnosticsOf(`# ${"x".repeat(1_000_000)}`)).toEqual([]);
  const [first] = await diagnosticsOf("block A \ud800\udc00\ud800 {");
  expect(first?.code).toBe("S001");
});

/** A mistake in a definition, one in a config, and so much behind them that the file is long. */
const long = `block A[n](x: f32[n]) -> f32[n] {
  return x |> gellu
}
model M[n]{heads = 2, d = 6}(x: f32[n, d]) -> f32[n, d] where d % heads == 0 {
  return x
}
config m = M{heads: 4}
${"# so that the file is long\n".repeat(1_000)}`;

test("a long file is told of in two steps when it is opened: the definitions, then the configs too", async () => {
  const client = await clientHere();
  const told = (): (readonly unknown[])[] =>
    client.published.map(({ version, diagnostics }) => [version, ...diagnostics.map(({ code }) => code)]);
  await client.open(uri, long);
  await vi.waitFor(() =>
    expect(told()).toEqual([
      [1, "N102"],
      [1, "N102", "T203"],
    ]),
  );
  await client.change(uri, 2, long.replace("gellu", "gelu"));
  await client.diagnostics(uri, 2);
  expect(told().slice(2)).toEqual([[2, "T203"]]);
  expect(client.log).toEqual([]);
});

test("a long file that is edited before its configs are read is told of as it is then", async () => {
  const client = await clientHere();
  await client.open(uri, long);
  await client.diagnostics(uri, 1);
  await client.change(uri, 2, long.replace("heads: 4", "heads: 3"));
  const { diagnostics } = await client.diagnostics(uri, 2);
  expect(diagnostics.map(({ code }) => code)).toEqual(["N102"]);
  expect(client.published.map(({ version }) => version).at(-1)).toBe(2);
});
