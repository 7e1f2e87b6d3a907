import { InlayHintKind, type InlayHint } from "vscode-languageserver";
import { inlayShapes } from "../../compiler/ide/index.js";
import { answerOf } from "../answer.js";
import type { Feature } from "../feature.js";
import { spanOf } from "../places.js";

/** The shape of what a line computes, behind it. */
export const inlayHints: Feature = {
  capabilities: { inlayHintProvider: {} },
  register: (session) =>
    session.connection.languages.inlayHint.on(
      answerOf(session, ({ snapshot, file, document }, { range }) => {
        const style = session.settings().inlayShapes;
        return inlayShapes(snapshot, file, spanOf(document, range), { style }).map(({ offset, label }): InlayHint => ({
          position: document.positionAt(offset),
          label,
          kind: InlayHintKind.Type,
          paddingLeft: true,
        }));
      }),
    ),
};
