/** The language server of one client, on whatever connects it and whatever machine it runs on. */
import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  type ServerCapabilities,
} from "vscode-languageserver";
import { version } from "../compiler/index.js";
import { openAnalysis } from "./analysis.js";
import { openDocuments, type Documents } from "./documents.js";
import { features } from "./features.js";
import { fileOf } from "./file-names.js";
import type { Host } from "./host.js";
import { createPublisher } from "./publisher.js";
import { refreshNumbers } from "./refresh.js";
import type { Session } from "./session.js";
import { unanswered } from "./unanswered.js";
import { asRecord, defaults, listed, readSettings, type Settings } from "./settings.js";

/** Answers until the connection ends. The caller starts it with `connection.listen()`. */
export function createServer(connection: Connection, host: Host): void {
  let asked: InitializeParams = { processId: null, rootUri: null, capabilities: {} };
  let settings = defaults;
  let folders: readonly string[] = [];
  const guarded = (what: string, action: () => void): void => {
    try {
      action();
    } catch (error) {
      connection.console.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  };

  const analysis = openAnalysis(() => documents, host);
  const documents: Documents = openDocuments(connection, host, {
    onOpen: () => {
      analysis.changed();
      publisher.allChanged();
    },
    onChange: (file) => {
      analysis.changed();
      publisher.changed(file);
    },
    onClose: (file) => {
      analysis.changed();
      analysis.forget(file);
      publisher.closed(file);
      publisher.allChanged();
    },
  });
  const publisher = createPublisher(connection, host, documents, analysis, guarded);
  const session: Session = {
    connection,
    host,
    documents,
    analysis,
    client: () => asked.capabilities,
    settings: () => settings,
    commands: () => listed(asked.initializationOptions, "commands"),
    tokenTypes: () =>
      new Set([
        ...(asked.capabilities.textDocument?.semanticTokens?.tokenTypes ?? []),
        ...listed(asked.initializationOptions, "tokenTypes"),
      ]),
    folders: () => folders.map(fileOf),
    chosen: new Map(),
  };

  connection.onInitialize((params): InitializeResult => {
    asked = params;
    settings = initial();
    folders = (params.workspaceFolders ?? []).map(({ uri }) => uri);
    return {
      serverInfo: { name: "tfmc", version },
      capabilities: {
        ...features.reduce((all, { capabilities }) => merged(all, capabilities), own),
        positionEncoding: "utf-16",
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      },
    };
  });
  connection.onInitialized(() => {
    const { workspace } = asked.capabilities;
    if (workspace?.didChangeWatchedFiles?.dynamicRegistration)
      unanswered(
        connection,
        connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: "**/*.tfm" }] }),
      );
    if (workspace?.didChangeConfiguration?.dynamicRegistration)
      unanswered(connection, connection.client.register(DidChangeConfigurationNotification.type, { section: "tfmc" }));
    if (workspace?.configuration) unanswered(connection, askForSettings());
    if (workspace?.workspaceFolders)
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => uri));
        folders = [...folders.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri)];
      });
  });
  const initial = (): Settings => readSettings(asked.initializationOptions);
  const askForSettings = async (): Promise<void> => {
    settings = readSettings(await connection.workspace.getConfiguration("tfmc"), initial());
    refreshNumbers(session);
  };
  connection.onDidChangeConfiguration((params) => {
    if (asked.capabilities.workspace?.configuration) return unanswered(connection, askForSettings());
    settings = readSettings(asRecord(params.settings)["tfmc"], initial());
    refreshNumbers(session);
  });
  connection.onDidChangeWatchedFiles(() => {
    analysis.changed();
    publisher.allChanged();
  });
  for (const { register } of features) register(session);
}

const own: ServerCapabilities = {
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};

const merged = (all: ServerCapabilities, added: ServerCapabilities): ServerCapabilities => ({
  ...all,
  ...added,
  ...(all.workspace && { workspace: { ...all.workspace, ...added.workspace } }),
});
