/** Starts the language server, and shows what it can draw and write. All that is known of the language is the server's. */
import { join } from "node:path";
import * as vscode from "vscode";
import { LanguageClient, TransportKind, type ServerOptions } from "vscode-languageclient/node";
import { showCompiled } from "./compiled.js";
import { askForConfig, createConfigStatus } from "./configs.js";
import { showGraph } from "./graph.js";
import { serveLibrary } from "./library.js";

/** Commands that the server may put behind what it shows, besides its own. */
const commands = ["tfmc.compile", "tfmc.showGraph"];

/** Types of words that package.json declares, besides those of the protocol. */
const tokenTypes = ["axis", "layer", "weight"];

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const status = createConfigStatus();
  const running = (): LanguageClient | undefined => client;
  const show = (): Promise<void> => (client ? status.show(client) : Promise.resolve());
  const server = new LanguageClient("tfmc", "tfm", serverFor(context), {
    documentSelector: [{ language: "tfm" }],
    initializationOptions: { commands, tokenTypes, images: true },
    middleware: { executeCommand: askForConfig(running, show) },
  });
  client = server;
  context.subscriptions.push(
    server,
    status,
    serveLibrary(server),
    vscode.commands.registerCommand("tfmc.compile", () => showCompiled(server)),
    vscode.commands.registerCommand("tfmc.showGraph", () => showGraph(server)),
    vscode.commands.registerCommand("tfmc.restart", () => server.restart()),
    vscode.window.onDidChangeActiveTextEditor(show),
    vscode.workspace.onDidSaveTextDocument(show),
  );
  await server.start();
  await show();
}

export async function deactivate(): Promise<void> {
  await client?.dispose();
}

/** The project's own tfmc where it is named, so that the editor says what the build says; else the one in here. */
function serverFor(context: vscode.ExtensionContext): ServerOptions {
  const named = vscode.workspace.getConfiguration("tfmc").get<string>("server", "");
  if (named === "") {
    const module = context.asAbsolutePath(join("dist", "server.mjs"));
    return { module, transport: TransportKind.stdio };
  }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const command = folder !== undefined && named.startsWith(".") ? join(folder, named) : named;
  return { command, args: ["lsp"], ...(folder !== undefined && { options: { cwd: folder } }) };
}
