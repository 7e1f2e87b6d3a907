import type { Location, LocationLink } from "vscode-languageserver";
import { definition as targetsAt } from "../../compiler/ide/index.js";
import { answerAt } from "../answer.js";
import type { Feature } from "../feature.js";
import { rangeOf } from "../places.js";
import { documentOf } from "../session.js";

/** Where a name is declared, in the library too. */
export const definition: Feature = {
  capabilities: { definitionProvider: true },
  register: (session) =>
    session.connection.onDefinition(
      answerAt(session, (spot): LocationLink[] | Location[] => {
        const links = targetsAt(spot.snapshot, spot.file, spot.offset).flatMap((target): LocationLink[] => {
          const there = documentOf(session, spot.snapshot, target.file);
          if (!there) return [];
          return [
            {
              originSelectionRange: rangeOf(spot.document, target.origin),
              targetUri: there.uri,
              targetRange: rangeOf(there, target.span),
              targetSelectionRange: rangeOf(there, target.nameSpan),
            },
          ];
        });
        if (session.client().textDocument?.definition?.linkSupport) return links;
        return links.map(({ targetUri: uri, targetSelectionRange: range }) => ({ uri, range }));
      }),
    ),
};
