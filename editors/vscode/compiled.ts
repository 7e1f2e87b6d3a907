/** The model as TypeScript, in an editor of its own beside the text. */
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { about, activeModel, ask } from "./ask.js";

export async function showCompiled(client: LanguageClient): Promise<void> {
  const document = activeModel();
  if (!document) return;
  const answer = await ask(client, "tfmc/compile", about(client, document));
  if (!answer || "reason" in answer) {
    await vscode.window.showErrorMessage(`It does not compile: ${answer?.reason ?? "no answer"}`);
    return;
  }
  const compiled = await vscode.workspace.openTextDocument({ language: "typescript", content: answer.code });
  await vscode.window.showTextDocument(compiled, { viewColumn: vscode.ViewColumn.Beside, preview: true });
}
