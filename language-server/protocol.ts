/** What the server can be asked beyond the protocol: for clients that show a model, such as the playground. Plain JSON. */
import type { Range, TextDocumentIdentifier } from "vscode-languageserver";
import type { SummaryJson } from "../compiler/index.js";

/** The scheme of the library's files, for clients that cannot open them as files. */
export const libraryScheme = "tfmc-std";

/** By the request's method. Null is the answer for a document that is not there. */
export interface ModelRequests {
  /** The configs of a file, in its order. */
  readonly "tfmc/configs": { readonly params: OfDocument; readonly result: readonly ConfigEntry[] | null };
  /** Parameters, FLOPs and bytes, as formulas and as numbers. */
  readonly "tfmc/summary": { readonly params: SummaryParams; readonly result: SummaryJson | Refused | null };
  /** The architecture as SVG. */
  readonly "tfmc/graph": { readonly params: OfConfig; readonly result: { readonly svg: string } | Refused | null };
  /** The model as TypeScript. */
  readonly "tfmc/compile": { readonly params: OfConfig; readonly result: { readonly code: string } | Refused | null };
  /** The text of a file of the library, for clients that cannot open its URI themselves. */
  readonly "tfmc/library": {
    readonly params: { readonly uri: string };
    readonly result: { readonly text: string } | null;
  };
}

export interface OfDocument {
  readonly textDocument: TextDocumentIdentifier;
}

export interface OfConfig extends OfDocument {
  /** The config that was chosen, or else the file's first, if not given. */
  readonly config?: string;
}

export interface SummaryParams extends OfConfig {
  /** How long the sequences are that work is counted for; 1024 if not given. */
  readonly length?: number;
}

export interface ConfigEntry {
  readonly name: string;
  readonly model: string;
  /** Where its name is declared. */
  readonly range: Range;
  readonly isChosen: boolean;
}

/** Why there is nothing to show: the file has mistakes, or no model. */
export interface Refused {
  readonly reason: string;
}
