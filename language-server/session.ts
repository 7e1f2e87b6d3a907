/** What the requests of one client share. */
import type { ClientCapabilities, Connection, Position } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Snapshot } from "../compiler/ide/index.js";
import type { Analysis } from "./analysis.js";
import type { Documents } from "./documents.js";
import type { Host } from "./host.js";
import type { Settings } from "./settings.js";

export interface Session {
  readonly connection: Connection;
  readonly host: Host;
  readonly documents: Documents;
  readonly analysis: Analysis;
  readonly client: () => ClientCapabilities;
  readonly settings: () => Settings;
  /** Commands that the client has. */
  readonly commands: () => ReadonlySet<string>;
  /** Types of semantic tokens that the client knows. */
  readonly tokenTypes: () => ReadonlySet<string>;
  /** The folders that the client works in. */
  readonly folders: () => readonly string[];
  /** The config that is looked at, for each file in which one was chosen. */
  readonly chosen: Map<string, string>;
}

/** A file that a request asks about, as it is now. */
export interface Look {
  readonly session: Session;
  readonly file: string;
  readonly document: TextDocument;
  readonly snapshot: Snapshot;
}

/** A place in it. */
export interface Spot extends Look {
  readonly offset: number;
}

/** Undefined for a document that is not there. */
export function lookAt(session: Session, { uri }: { readonly uri: string }): Look | undefined {
  const file = session.documents.fileOf(uri);
  const snapshot = session.analysis.look(file);
  const text = snapshot?.source(file)?.text;
  if (!snapshot || text === undefined) return undefined;
  return { session, file, snapshot, document: session.documents.withText(file, text) };
}

export function spotAt(
  session: Session,
  { textDocument, position }: { readonly textDocument: { readonly uri: string }; readonly position: Position },
): Spot | undefined {
  const look = lookAt(session, textDocument);
  return look && { ...look, offset: look.document.offsetAt(position) };
}

/** Another file of the same program, or any other as it is. */
export function documentOf({ documents }: Session, snapshot: Snapshot, file: string): TextDocument | undefined {
  const text = snapshot.source(file)?.text ?? documents.textOf(file);
  return text === undefined ? undefined : documents.withText(file, text);
}
