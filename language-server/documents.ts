/** The documents that the client has open, and their texts, which come before those that are stored. */
import { TextDocuments, type Connection, type TextDocumentContentChangeEvent } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { standardLibrary } from "../compiler/index.js";
import { fileOf, uriOf } from "./file-names.js";
import type { Host } from "./host.js";
import { libraryScheme } from "./protocol.js";

export interface Documents {
  readonly open: (file: string) => TextDocument | undefined;
  /** All that are open, but for the library's own files: nothing is wrong with these. */
  readonly entries: () => readonly string[];
  /** The name of the file that a client means: `std/attention.tfm` for one of the library. */
  readonly fileOf: (uri: string) => string;
  /** How the client knows a file, also one of the library. */
  readonly uriOf: (file: string) => string;
  /** The text as it is now: of the open document, else as it is stored. */
  readonly textOf: (file: string, root?: string) => string | undefined;
  /** A text with its lines, for a file that may not be open. */
  readonly withText: (file: string, text: string) => TextDocument;
}

export interface DocumentEvents {
  readonly onOpen: (file: string) => void;
  readonly onChange: (file: string) => void;
  readonly onClose: (file: string) => void;
}

export function openDocuments(connection: Connection, host: Host, events: DocumentEvents): Documents {
  const opened = new Map<string, TextDocument>();
  const libraryFiles = new Map(
    [...standardLibrary.keys()].flatMap((name) =>
      [libraryUriOf(name, host), schemeUri(name)].map((uri) => [fileOf(uri), name] as const),
    ),
  );
  const texts = new Map<string, TextDocument>();

  const nameOf = (file: string): string => {
    const library = libraryFiles.get(file);
    if (library === undefined) return file;
    // A copy that someone edits is a file like any other.
    const own = opened.get(file)?.getText();
    return own === undefined || own === standardLibrary.get(library) ? library : file;
  };
  const open = (file: string): TextDocument | undefined => opened.get(file);

  const all = new TextDocuments({ create: TextDocument.create, update: updated });
  all.onDidOpen(({ document }) => {
    const file = fileOf(document.uri);
    opened.set(file, document);
    events.onOpen(file);
  });
  all.onDidChangeContent(({ document }) => {
    const file = fileOf(document.uri);
    opened.set(file, document);
    events.onChange(file);
  });
  all.onDidClose(({ document }) => {
    const file = fileOf(document.uri);
    opened.delete(file);
    events.onClose(file);
  });
  all.listen(connection);

  return {
    open,
    entries: () => [...opened.keys()].filter((file) => nameOf(file) === file),
    fileOf: (uri) => nameOf(fileOf(uri)),
    uriOf: (file) => open(file)?.uri ?? (standardLibrary.has(file) ? libraryUriOf(file, host) : uriOf(file)),
    textOf: (file, root) =>
      open(file)?.getText() ?? standardLibrary.get(file) ?? host.read(file, root ?? host.rootOf(file)),
    withText: (file, text) => {
      const document = open(file);
      if (document?.getText() === text) return document;
      const known = texts.get(file);
      if (known?.getText() === text) return known;
      const uri = standardLibrary.has(file) ? libraryUriOf(file, host) : uriOf(file);
      const made = TextDocument.create(uri, "tfm", 0, text);
      texts.set(file, made);
      return made;
    },
  };
}

const schemeUri = (name: string): string => `${libraryScheme}:/${name.slice(name.indexOf("/") + 1)}`;

const libraryUriOf = (name: string, host: Host): string => host.libraryUri(name) ?? schemeUri(name);

/** A change that comes behind a later one is of a text that is no longer there. */
const updated = (document: TextDocument, changes: TextDocumentContentChangeEvent[], version: number): TextDocument =>
  version < document.version ? document : TextDocument.update(document, changes, version);
