import type { Location } from "vscode-languageserver";
import { references as placesOf } from "../../compiler/ide/index.js";
import { answerAt } from "../answer.js";
import type { Feature } from "../feature.js";
import { locationOf } from "../places.js";
import { projectAround, wordAt } from "../project-files.js";
import { documentOf } from "../session.js";

/** Where else a name means the same, in all files of the project. */
export const references: Feature = {
  capabilities: { referencesProvider: true },
  register: (session) =>
    session.connection.onReferences(
      answerAt(session, (spot, { context }) => {
        const { file, offset, document } = spot;
        const word = wordAt(document.getText(), offset);
        if (word === "") return [];
        const options = { withDeclaration: context.includeDeclaration };
        return placesOf(projectAround(spot, word), file, offset, options).flatMap(
          ({ file: other, span }): Location[] => {
            const there = documentOf(session, spot.snapshot, other);
            return there ? [locationOf(there, span)] : [];
          },
        );
      }),
    ),
};
