import { DocumentHighlightKind, type DocumentHighlight } from "vscode-languageserver";
import { highlights as placesOf } from "../../compiler/ide/index.js";
import { answerAt } from "../answer.js";
import type { Feature } from "../feature.js";
import { rangeOf } from "../places.js";

/** Where else in the file a name means the same. */
export const highlights: Feature = {
  capabilities: { documentHighlightProvider: true },
  register: (session) =>
    session.connection.onDocumentHighlight(
      answerAt(session, ({ snapshot, file, offset, document }) =>
        placesOf(snapshot, file, offset).map(({ span, role }): DocumentHighlight => ({
          range: rangeOf(document, span),
          kind: role === "reads" ? DocumentHighlightKind.Read : DocumentHighlightKind.Write,
        })),
      ),
    ),
};
