/** The architecture in a panel beside the text, drawn anew after each edit. */
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { about, activeModel, ask } from "./ask.js";

export async function showGraph(client: LanguageClient): Promise<void> {
  const document = activeModel();
  if (!document) return;
  const panel = vscode.window.createWebviewPanel("tfmc.graph", titleOf(document), vscode.ViewColumn.Beside, {});
  const draw = async (): Promise<void> => {
    const answer = await ask(client, "tfmc/graph", about(client, document));
    // What was drawn stays while the text has a mistake.
    if (answer && "svg" in answer) panel.webview.html = page(answer.svg);
    else if (panel.webview.html === "") panel.webview.html = page(`<p>${escape(answer?.reason ?? "no answer")}</p>`);
  };
  let due: NodeJS.Timeout | undefined;
  const edits = vscode.workspace.onDidChangeTextDocument((event) => {
    if (event.document !== document) return;
    clearTimeout(due);
    due = setTimeout(() => void draw(), 300);
  });
  panel.onDidDispose(() => {
    clearTimeout(due);
    edits.dispose();
  });
  await draw();
}

const titleOf = ({ uri }: vscode.TextDocument): string => uri.path.slice(uri.path.lastIndexOf("/") + 1);

const page = (content: string): string => `<!doctype html>
<html lang="en">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
  body { margin: 0; padding: 1rem; color: var(--vscode-foreground); background: var(--vscode-editor-background); }
  svg { max-width: 100%; height: auto; }
  /* The picture in the colours of the theme. */
  body .tfm {
    --paper: var(--vscode-editor-background); --ink: var(--vscode-editor-foreground); --soft: var(--vscode-descriptionForeground);
    --line: var(--vscode-descriptionForeground); --edge: color-mix(in srgb, var(--ink) 25%, var(--paper));
    --group: color-mix(in srgb, var(--ink) 5%, var(--paper)); --op: color-mix(in srgb, var(--ink) 3%, var(--paper));
    --layer: color-mix(in srgb, var(--vscode-charts-blue) 16%, var(--paper)); --layer-edge: var(--vscode-charts-blue);
    --io: color-mix(in srgb, var(--vscode-charts-green) 16%, var(--paper)); --io-edge: var(--vscode-charts-green);
  }
</style>
<body>${content}</body>
</html>`;

const escape = (text: string): string => text.replace(/[&<>]/g, (found) => `&#${found.charCodeAt(0)};`);
