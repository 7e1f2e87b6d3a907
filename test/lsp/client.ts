/** An editor as the server sees it: the protocol from the other side, with what it was told kept. */
import { PassThrough, type Readable, type Writable } from "node:stream";
import { createConnection } from "vscode-languageserver/node";
import {
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  LogMessageNotification,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type Diagnostic,
  type InitializeParams,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
} from "vscode-languageserver-protocol/node";
import { openMachine } from "../../cli/editor/machine.js";
import { createServer, type Host } from "../../language-server/index.js";

export interface Client {
  readonly connection: ProtocolConnection;
  /** What was published, in the order in which it came. */
  readonly published: readonly PublishDiagnosticsParams[];
  /** What the server has logged: nothing, if all is well. */
  readonly log: readonly string[];
  readonly open: (uri: string, text: string) => Promise<void>;
  /** The whole text, or a piece of it. */
  readonly change: (uri: string, version: number, text: string, range?: Range) => Promise<void>;
  readonly close: (uri: string) => Promise<void>;
  /** The diagnostics of a document at a version, when they come. */
  readonly diagnostics: (uri: string, version?: number) => Promise<PublishDiagnosticsParams>;
  readonly stop: () => Promise<void>;
}

/** What is wrong, a line each. */
export const linesOf = ({ message }: Diagnostic): readonly string[] =>
  (typeof message === "string" ? message : message.value).split("\n");

/** A server in this process, on a machine of its own if one is given. */
export async function clientHere(host: Partial<Host> = {}, params: Partial<InitializeParams> = {}): Promise<Client> {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const server = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  createServer(server, { ...openMachine(), ...host });
  server.listen();
  return clientOf(toClient, toServer, params);
}

export async function clientOf(from: Readable, to: Writable, params: Partial<InitializeParams> = {}): Promise<Client> {
  const connection = createProtocolConnection(new StreamMessageReader(from), new StreamMessageWriter(to));
  const published: PublishDiagnosticsParams[] = [];
  const log: string[] = [];
  const waiting = new Set<() => void>();
  connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
    published.push(params);
    for (const look of [...waiting]) look();
  });
  connection.onNotification(LogMessageNotification.type, ({ message }) => void log.push(message));
  connection.listen();
  await connection.sendRequest(InitializeRequest.type, { processId: null, rootUri: null, capabilities: {}, ...params });
  await connection.sendNotification(InitializedNotification.type, {});
  return {
    connection,
    published,
    log,
    open: (uri, text) =>
      connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId: "tfm", version: 1, text },
      }),
    change: (uri, version, text, range) =>
      connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges: [range ? { range, text } : { text }],
      }),
    close: (uri) => connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } }),
    diagnostics: (uri, version) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = published.findLast(
            (each) => each.uri === uri && (version === undefined || each.version === version),
          );
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    stop: async () => {
      await connection.sendRequest(ShutdownRequest.type);
      await connection.sendNotification(ExitNotification.type);
      connection.dispose();
    },
  };
}
