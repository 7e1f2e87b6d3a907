import type { DocumentSymbol, SymbolInformation } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { documentSymbols as outlineOf, type DocumentSymbol as Outline } from "../../compiler/ide/index.js";
import { answerOf } from "../answer.js";
import type { Feature } from "../feature.js";
import { locationOf, rangeOf } from "../places.js";
import { symbolKinds } from "../symbol-kinds.js";

/** The outline of a file. */
export const documentSymbols: Feature = {
  capabilities: { documentSymbolProvider: true },
  register: (session) =>
    session.connection.onDocumentSymbol(
      answerOf(session, ({ snapshot, file, document }): DocumentSymbol[] | SymbolInformation[] => {
        const symbols = outlineOf(snapshot, file);
        const isNested = session.client().textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport;
        return isNested
          ? symbols.map((each) => nested(document, each))
          : symbols.flatMap((each) => flat(document, each));
      }),
    ),
};

function nested(document: TextDocument, { name, kind, detail, span, nameSpan, children }: Outline): DocumentSymbol {
  return {
    name,
    detail,
    kind: symbolKinds[kind],
    range: rangeOf(document, span),
    selectionRange: rangeOf(document, nameSpan),
    children: children.map((child) => nested(document, child)),
  };
}

function flat(
  document: TextDocument,
  { name, kind, span, children }: Outline,
  container?: string,
): SymbolInformation[] {
  const own: SymbolInformation = {
    name,
    kind: symbolKinds[kind],
    location: locationOf(document, span),
    ...(container !== undefined && { containerName: container }),
  };
  return [own, ...children.flatMap((child) => flat(document, child, name))];
}
