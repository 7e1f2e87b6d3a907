import {
  SemanticTokensBuilder,
  type Range,
  type SemanticTokens,
  type SemanticTokensDelta,
  type SemanticTokensEdit,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import {
  likeTypes,
  semanticTokens as tokensOf,
  tokenModifiers,
  tokenTypes,
  type TokenModifier,
  type TokenType,
} from "../../compiler/ide/index.js";
import { answerOf } from "../answer.js";
import type { Feature } from "../feature.js";
import { spanOf } from "../places.js";
import type { Look } from "../session.js";

const types: readonly string[] = [...new Set<string>([...tokenTypes, ...Object.values(likeTypes)])];

/** What each word is, for its colour. */
export const semanticTokens: Feature = {
  capabilities: {
    semanticTokensProvider: {
      legend: { tokenTypes: [...types], tokenModifiers: [...tokenModifiers] },
      full: { delta: true },
      range: true,
    },
  },
  register: (session) => {
    /** What the client was last told of a document, to tell it next time what has changed. */
    const told = new WeakMap<TextDocument, Told>();
    let results = 0;
    const tell = (look: Look): Told => {
      const result = { resultId: String(++results), data: encoded(look) };
      told.set(look.document, result);
      return result;
    };
    const { semanticTokens: tokens } = session.connection.languages;
    tokens.on(answerOf(session, tell));
    tokens.onRange(answerOf(session, (look, { range }) => ({ data: encoded(look, range) })));
    tokens.onDelta(
      answerOf(session, (look, { previousResultId }): Told | SemanticTokensDelta => {
        const before = told.get(look.document);
        const now = tell(look);
        if (before?.resultId !== previousResultId) return now;
        return { resultId: now.resultId, edits: difference(before.data, now.data) };
      }),
    );
  },
};

type Told = Required<SemanticTokens>;

function encoded({ session, snapshot, file, document }: Look, range?: Range): number[] {
  const builder = new SemanticTokensBuilder();
  const known = session.tokenTypes();
  for (const { span, type, modifiers } of tokensOf(snapshot, file, range && spanOf(document, range))) {
    const { line, character } = document.positionAt(span.start);
    builder.push(line, character, span.end - span.start, numberOf(type, known), bitsOf(modifiers));
  }
  return builder.build().data;
}

/** A client that does not know a type of this language gets the one of the protocol that is most like it. */
function numberOf(type: TokenType, known: ReadonlySet<string>): number {
  return types.indexOf(known.has(type) ? type : (likeTypes[type] ?? type));
}

const bitsOf = (modifiers: readonly TokenModifier[]): number =>
  modifiers.reduce((bits, modifier) => bits | (1 << tokenModifiers.indexOf(modifier)), 0);

/** One piece: what is between the same numbers at the start and at the end. */
function difference(before: readonly number[], after: readonly number[]): SemanticTokensEdit[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const deleteCount = before.length - end - start;
  const data = after.slice(start, after.length - end);
  return deleteCount === 0 && data.length === 0 ? [] : [{ start, deleteCount, data }];
}
