import { FoldingRangeKind, type FoldingRange } from "vscode-languageserver";
import { folding as foldsOf, type Folding } from "../../compiler/ide/index.js";
import { answerOf } from "../answer.js";
import type { Feature } from "../feature.js";

/** Parts of a text that can be hidden. */
export const folding: Feature = {
  capabilities: { foldingRangeProvider: true },
  register: (session) =>
    session.connection.onFoldingRanges(
      answerOf(session, ({ snapshot, file, document }) =>
        foldsOf(snapshot, file).map(({ span, kind }): FoldingRange => {
          const last = document.positionAt(span.end);
          // Where it can be seen what ends there, as in `}`, that stays.
          const endLine = kind === "brackets" || kind === "declaration" ? last.line - 1 : last.line;
          const startLine = document.positionAt(span.start).line;
          return { startLine, endLine: Math.max(startLine, endLine), ...(kinds[kind] && { kind: kinds[kind] }) };
        }),
      ),
    ),
};

const kinds: Readonly<Partial<Record<Folding["kind"], FoldingRangeKind>>> = {
  comment: FoldingRangeKind.Comment,
  imports: FoldingRangeKind.Imports,
};
