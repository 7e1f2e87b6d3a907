import type { SelectionRange } from "vscode-languageserver";
import { selectionRanges as spansAt } from "../../compiler/ide/index.js";
import { answerOf } from "../answer.js";
import type { Feature } from "../feature.js";
import { rangeOf } from "../places.js";

/** What a selection grows to, step by step. */
export const selectionRanges: Feature = {
  capabilities: { selectionRangeProvider: true },
  register: (session) =>
    session.connection.onSelectionRanges(
      answerOf(session, ({ snapshot, file, document }, { positions }) =>
        positions.map((position): SelectionRange => {
          const nowhere = { range: { start: position, end: position } };
          return (
            spansAt(snapshot, file, document.offsetAt(position)).reduceRight<SelectionRange | undefined>(
              (parent, span) => ({ range: rangeOf(document, span), ...(parent && { parent }) }),
              undefined,
            ) ?? nowhere
          );
        }),
      ),
    ),
};
