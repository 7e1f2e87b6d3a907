import type { TextEdit } from "vscode-languageserver";
import { indentationEdit } from "../../grammar/index.js";
import { answerAt } from "../answer.js";
import { textEditOf } from "../edits.js";
import type { Feature } from "../feature.js";

/** How deep a line belongs when it is begun, or when a closing bracket is all that is on it. */
export const onTypeFormatting: Feature = {
  capabilities: {
    documentOnTypeFormattingProvider: { firstTriggerCharacter: "\n", moreTriggerCharacter: ["}", ")", "]"] },
  },
  register: (session) =>
    session.connection.onDocumentOnTypeFormatting(
      answerAt(session, ({ document, offset }, { ch }): TextEdit[] => {
        const text = document.getText();
        const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
        const edit = ch === "\n" || line.trim() === ch ? indentationEdit(text, offset) : undefined;
        return edit ? [textEditOf(document, edit)] : [];
      }),
    ),
};
