import {
  CompletionItemKind,
  InsertTextFormat,
  type ClientCapabilities,
  type CompletionItem,
  type CompletionList,
} from "vscode-languageserver";
import { complete, type Suggestion, type SuggestionKind } from "../../compiler/ide/index.js";
import { answerAt } from "../answer.js";
import { completionHost } from "../completion-host.js";
import type { Feature } from "../feature.js";
import { markup } from "../markdown.js";
import { rangeOf } from "../places.js";
import type { Spot } from "../session.js";

export const completion: Feature = {
  capabilities: {
    completionProvider: { triggerCharacters: [".", "{", "(", "[", ",", ":", ">", "@", '"', "/"] },
  },
  register: (session) =>
    session.connection.onCompletion(
      answerAt(session, (spot): CompletionList | null => {
        const found = complete(spot.snapshot, spot.file, spot.offset, completionHost(spot));
        if (!found) return null;
        const range = rangeOf(spot.document, found.replace);
        const width = String(found.items.length).length;
        return {
          isIncomplete: false,
          items: found.items.map((item, n) => ({
            ...itemOf(item, spot),
            sortText: String(n).padStart(width, "0"),
            textEdit: { range, newText: textOf(item, spot) },
          })),
        };
      }),
    ),
};

function itemOf(item: Suggestion, { session, document, file }: Spot): CompletionItem {
  const { label, kind, detail, documentation, edits = [] } = item;
  const more = edits.filter((edit) => edit.file === file);
  return {
    label,
    kind: kinds[kind],
    ...(detail !== undefined && { detail }),
    ...(documentation !== undefined && {
      documentation: markup(documentation, optionsOf(session.client())?.documentationFormat),
    }),
    ...(isSnippet(item, session.client()) && { insertTextFormat: InsertTextFormat.Snippet }),
    ...(more.length > 0 && {
      additionalTextEdits: more.map(({ span, text }) => ({ range: rangeOf(document, span), newText: text })),
    }),
  };
}

const optionsOf = (client: ClientCapabilities) => client.textDocument?.completion?.completionItem;

const isSnippet = ({ snippet }: Suggestion, client: ClientCapabilities): boolean =>
  snippet !== undefined && optionsOf(client)?.snippetSupport === true;

function textOf(item: Suggestion, { session }: Spot): string {
  const { label, insert = label, snippet = insert } = item;
  return isSnippet(item, session.client()) ? snippet : insert;
}

const kinds: Readonly<Record<SuggestionKind, CompletionItemKind>> = {
  value: CompletionItemKind.Variable,
  size: CompletionItemKind.TypeParameter,
  axis: CompletionItemKind.TypeParameter,
  outer: CompletionItemKind.TypeParameter,
  entry: CompletionItemKind.Property,
  setting: CompletionItemKind.Property,
  input: CompletionItemKind.Field,
  label: CompletionItemKind.Module,
  weight: CompletionItemKind.Field,
  block: CompletionItemKind.Class,
  model: CompletionItemKind.Class,
  function: CompletionItemKind.Function,
  mask: CompletionItemKind.Function,
  score: CompletionItemKind.Function,
  primitive: CompletionItemKind.Function,
  task: CompletionItemKind.Method,
  config: CompletionItemKind.Constant,
  keyword: CompletionItemKind.Keyword,
  type: CompletionItemKind.Keyword,
  file: CompletionItemKind.File,
  text: CompletionItemKind.Value,
};
