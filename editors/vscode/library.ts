/** Files of the standard library, as read-only documents. */
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { libraryScheme } from "../../language-server/protocol.js";
import { ask } from "./ask.js";

export function serveLibrary(client: LanguageClient): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(libraryScheme, {
    provideTextDocumentContent: async (uri) =>
      (await ask(client, "tfmc/library", { uri: client.code2ProtocolConverter.asUri(uri) }))?.text,
  });
}
