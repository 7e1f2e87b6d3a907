/** Files of the standard library, as read-only documents. */
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { ask } from "./ask.js";

/** The scheme of its URIs, where it is no file. */
const libraryScheme = "tfmc-std";

export function serveLibrary(client: LanguageClient): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(libraryScheme, {
    provideTextDocumentContent: async (uri) =>
      (await ask(client, "tfmc/library", { uri: client.code2ProtocolConverter.asUri(uri) }))?.text,
  });
}
