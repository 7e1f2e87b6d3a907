import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { ModelRequests } from "../../language-server/protocol.js";

/** The model that is being edited; says so where there is none. */
export function activeModel(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId === "tfm") return document;
  void vscode.window.showInformationMessage("Open a .tfm file first.");
  return undefined;
}

export function ask<Method extends keyof ModelRequests>(
  client: LanguageClient,
  method: Method,
  params: ModelRequests[Method]["params"],
): Promise<ModelRequests[Method]["result"]> {
  return client.sendRequest(method, params);
}

/** What a request about a document begins with. */
export const about = (client: LanguageClient, document: vscode.TextDocument) => ({
  textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(document),
});
