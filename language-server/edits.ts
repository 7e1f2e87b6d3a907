/** Changes of texts, as the protocol says them. */
import type { TextEdit, WorkspaceEdit } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Edit } from "../compiler/index.js";
import type { Snapshot } from "../compiler/ide/index.js";
import { rangeOf } from "./places.js";
import { documentOf, type Session } from "./session.js";

export const textEditOf = (document: TextDocument, { span, text }: Omit<Edit, "file">): TextEdit => ({
  range: rangeOf(document, span),
  newText: text,
});

/** Of open documents with the version that the edits are for, where the client can tell by it that they come too late. */
export function workspaceEditOf(session: Session, snapshot: Snapshot, edits: readonly Edit[]): WorkspaceEdit {
  const files = [...new Set(edits.map(({ file }) => file))];
  const changes = files.flatMap((file) => {
    const document = documentOf(session, snapshot, file);
    if (!document) return [];
    const own = edits.filter((edit) => edit.file === file).map((edit) => textEditOf(document, edit));
    return [{ uri: document.uri, version: session.documents.open(file)?.version ?? null, edits: own }];
  });
  if (!session.client().workspace?.workspaceEdit?.documentChanges)
    return { changes: Object.fromEntries(changes.map(({ uri, edits: own }) => [uri, own])) };
  return {
    documentChanges: changes.map(({ uri, version, edits: own }) => ({ textDocument: { uri, version }, edits: own })),
  };
}
