/** One of each request that an editor makes of a document at a place. */
import type { Position, Range } from "vscode-languageserver-protocol";

export function everyRequest(
  uri: string,
  position: Position,
  to: Position = position,
): [method: string, params: object][] {
  const textDocument = { uri };
  const range: Range = { start: position, end: to };
  const options = { tabSize: 2, insertSpaces: true };
  const at = { textDocument, position };
  return [
    ["textDocument/completion", at],
    ["textDocument/hover", at],
    ["textDocument/signatureHelp", at],
    ["textDocument/definition", at],
    ["textDocument/references", { ...at, context: { includeDeclaration: true } }],
    ["textDocument/documentHighlight", at],
    ["textDocument/prepareRename", at],
    ["textDocument/rename", { ...at, newName: "renamed" }],
    ["textDocument/prepareCallHierarchy", at],
    ["textDocument/onTypeFormatting", { ...at, ch: "}", options }],
    ["textDocument/inlayHint", { textDocument, range }],
    ["textDocument/codeAction", { textDocument, range, context: { diagnostics: [] } }],
    ["textDocument/rangeFormatting", { textDocument, range, options }],
    ["textDocument/semanticTokens/range", { textDocument, range }],
    ["textDocument/semanticTokens/full", { textDocument }],
    ["textDocument/selectionRange", { textDocument, positions: [position, to] }],
    ["textDocument/codeLens", { textDocument }],
    ["textDocument/documentSymbol", { textDocument }],
    ["textDocument/foldingRange", { textDocument }],
    ["textDocument/formatting", { textDocument, options }],
    ["workspace/symbol", { query: "att" }],
    ["tfmc/configs", { textDocument }],
    ["tfmc/summary", { textDocument }],
  ];
}
