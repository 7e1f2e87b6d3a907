import type { Hover } from "vscode-languageserver";
import { hover as hoverAt } from "../../compiler/ide/index.js";
import { answerAt } from "../answer.js";
import { chosenConfig } from "../chosen.js";
import type { Feature } from "../feature.js";
import { markup } from "../markdown.js";
import { rangeOf } from "../places.js";

/** What is told of the place under the mouse, with the numbers of the chosen config. */
export const hover: Feature = {
  capabilities: { hoverProvider: true },
  register: (session) =>
    session.connection.onHover(
      answerAt(session, (spot): Hover | null => {
        const { snapshot, file, offset, document } = spot;
        const config = session.chosen.has(file) ? chosenConfig(spot)?.name.name : undefined;
        const found = hoverAt(snapshot, file, offset, { config, images: session.settings().images });
        if (!found) return null;
        const formats = session.client().textDocument?.hover?.contentFormat;
        return { range: rangeOf(document, found.span), contents: markup(found.markdown, formats) };
      }),
    ),
};
