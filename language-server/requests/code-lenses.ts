import type { CodeLens, Command } from "vscode-languageserver";
import { codeLenses as lensesOf, type CodeLens as Lens } from "../../compiler/ide/index.js";
import { answerOf } from "../answer.js";
import type { Feature } from "../feature.js";
import { rangeOf } from "../places.js";
import type { Look } from "../session.js";
import { pickConfigCommand } from "./pick-config.js";

/** What a config weighs, above it, and what the client can do with a model. */
export const codeLenses: Feature = {
  capabilities: { codeLensProvider: {} },
  register: (session) =>
    session.connection.onCodeLens(
      answerOf(session, (look): CodeLens[] => {
        const { snapshot, file, document } = look;
        if (!session.settings().codeLens) return [];
        return lensesOf(snapshot, file).flatMap((lens) => {
          const command = commandOf(look, lens);
          return command ? [{ range: rangeOf(document, lens.span), command }] : [];
        });
      }),
    ),
};

/** A client that has no such command is not shown it. */
function commandOf({ session, document }: Look, { kind, title, name }: Lens): Command | undefined {
  const command = commands[kind];
  const isKnown = kind === "size" || session.commands().has(command);
  return isKnown ? { title, command, arguments: [document.uri, name] } : undefined;
}

const commands = { size: pickConfigCommand, compile: "tfmc.compile", graph: "tfmc.showGraph" } as const;
