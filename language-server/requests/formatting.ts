import type { TextEdit } from "vscode-languageserver";
import { formatEdits } from "../../grammar/index.js";
import { answerOf } from "../answer.js";
import { textEditOf } from "../edits.js";
import type { Feature } from "../feature.js";
import { spanOf } from "../places.js";
import type { Look } from "../session.js";

/** Layout of a whole text, and of the declarations in a part of it. */
export const formatting: Feature = {
  capabilities: { documentFormattingProvider: true, documentRangeFormattingProvider: true },
  register: (session) => {
    session.connection.onDocumentFormatting(answerOf(session, (look) => edited(look, formatEdits(textOf(look)))));
    session.connection.onDocumentRangeFormatting(
      answerOf(session, (look, { range }) => edited(look, formatEdits(textOf(look), spanOf(look.document, range)))),
    );
  },
};

const textOf = ({ document }: Look): string => document.getText();

const edited = ({ document }: Look, edits: ReturnType<typeof formatEdits>): TextEdit[] =>
  edits.map((edit) => textEditOf(document, edit));
