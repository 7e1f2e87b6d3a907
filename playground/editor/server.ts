/** The language server, in a worker of its own, as the editor's extensions speak with it. */
import {
  findReferencesKeymap,
  formatKeymap,
  hoverTooltips,
  jumpToDefinition,
  jumpToDefinitionKeymap,
  LSPClient,
  renameKeymap,
  serverCompletion,
  signatureHelp,
} from "@codemirror/lsp-client";
import type { Extension } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { codeLenses } from "./code-lenses.js";
import { inlayShapes } from "./inlay-shapes.js";
import { keepInStep } from "./keep-in-step.js";
import { showLibrary } from "./library-view.js";
import { OneFileWorkspace } from "./one-file-workspace.js";
import { tfm } from "./language.js";
import { cleaned } from "./cleaned.js";

const uri = "file:///model.tfm";

export interface LanguageServer {
  readonly extension: Extension;
  /** Whose numbers it tells. */
  readonly pickConfig: (name: string) => void;
}

/** `onPick`: a config is chosen in the text. */
export function startLanguageServer(worker: Worker, onPick: (config: string) => void): LanguageServer {
  const client: LSPClient = new LSPClient({
    workspace: (client) => new OneFileWorkspace(client, (uri) => showLibrary(client, uri)),
    rootUri: "file:///",
    timeout: 10_000,
    initializationOptions: { images: true },
    sanitizeHTML: cleaned,
    highlightLanguage: (name) => (name === "tfm" ? tfm : null),
    // What is wrong is shown by the page, which knows the mends too.
    notificationHandlers: { "textDocument/publishDiagnostics": () => true },
    extensions: [
      { clientCapabilities: { textDocument: { inlayHint: {}, codeLens: {} } } },
      serverCompletion(),
      hoverTooltips(),
      signatureHelp(),
      keymap.of([...formatKeymap, ...renameKeymap, ...jumpToDefinitionKeymap, ...findReferencesKeymap]),
      keepInStep,
      inlayShapes,
      codeLenses(onPick),
      EditorView.domEventHandlers({ mousedown: goToDefinition }),
    ],
  });
  const handlers = new Map<(message: string) => void, (event: MessageEvent) => void>();
  client.connect({
    // Workers of the language server take messages as objects.
    send: (message) => worker.postMessage(JSON.parse(message)),
    subscribe: (handler) => {
      const listener = ({ data }: MessageEvent): void => handler(JSON.stringify(data));
      handlers.set(handler, listener);
      worker.addEventListener("message", listener);
    },
    unsubscribe: (handler) => {
      const listener = handlers.get(handler);
      if (listener) worker.removeEventListener("message", listener);
      handlers.delete(handler);
    },
  });
  const pickConfig = async (name: string): Promise<void> => {
    await client.initializing;
    client.sync();
    await client.request("workspace/executeCommand", { command: "tfmc.pickConfig", arguments: [uri, name] });
  };
  return { extension: client.plugin(uri, "tfm"), pickConfig: (name) => void pickConfig(name) };
}

/** A click with Ctrl or Cmd held. */
function goToDefinition(event: MouseEvent, view: EditorView): boolean {
  const at = event.ctrlKey || event.metaKey ? view.posAtCoords({ x: event.clientX, y: event.clientY }) : null;
  if (at === null) return false;
  view.dispatch({ selection: { anchor: at } });
  return jumpToDefinition(view);
}
