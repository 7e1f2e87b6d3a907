/** The config that sizes are shown for: in the status bar, and picked from a list. */
import * as vscode from "vscode";
import type { LanguageClient, Middleware } from "vscode-languageclient/node";
import type { ConfigEntry } from "../../language-server/protocol.js";
import { about, activeModel, ask } from "./ask.js";

/** The server's command, which the client registers under this name. */
const pickConfig = "tfmc.pickConfig";

/** Shows the chosen config for as long as the client runs; `show` when it may be another one. */
export function createConfigStatus(): vscode.Disposable & { readonly show: (client: LanguageClient) => Promise<void> } {
  const status = vscode.window.createStatusBarItem("tfmc.config", vscode.StatusBarAlignment.Right, 100);
  status.name = "tfm config";
  status.command = pickConfig;
  status.tooltip = "The config that sizes are shown for";
  const show = async (client: LanguageClient): Promise<void> => {
    const document = vscode.window.activeTextEditor?.document;
    if (document?.languageId !== "tfm" || !client.isRunning()) return status.hide();
    const chosen = (await ask(client, "tfmc/configs", about(client, document)))?.find(({ isChosen }) => isChosen);
    if (vscode.window.activeTextEditor?.document !== document) return;
    if (!chosen) return status.hide();
    status.text = `$(settings) ${chosen.name}`;
    status.show();
  };
  return { show, dispose: () => void status.dispose() };
}

/** Asks for what the command was not given, which from the palette is everything. */
export function askForConfig(
  client: () => LanguageClient | undefined,
  picked: () => Promise<unknown>,
): NonNullable<Middleware["executeCommand"]> {
  return async (command, args: unknown[], next): Promise<unknown> => {
    const running = client();
    if (command !== pickConfig || !running) return (await next(command, args)) as unknown;
    const [uri, name] = args;
    const chosen = typeof uri === "string" && typeof name === "string" ? [uri, name] : await pick(running);
    if (!chosen) return undefined;
    const answer: unknown = await next(command, chosen);
    await picked();
    return answer;
  };
}

async function pick(client: LanguageClient): Promise<string[] | undefined> {
  const document = activeModel();
  if (!document) return undefined;
  const configs = (await ask(client, "tfmc/configs", about(client, document))) ?? [];
  const picked = await vscode.window.showQuickPick(configs.map(item), { placeHolder: "Sizes are shown for" });
  return picked && [client.code2ProtocolConverter.asUri(document.uri), picked.label];
}

const item = ({ name, model, isChosen }: ConfigEntry): vscode.QuickPickItem => ({
  label: name,
  description: model,
  ...(isChosen && { detail: "shown now" }),
});
