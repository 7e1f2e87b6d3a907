import type { ParameterInformation, SignatureHelp } from "vscode-languageserver";
import { signatureHelp as helpAt, type SignatureParameter } from "../../compiler/ide/index.js";
import { answerAt } from "../answer.js";
import type { Feature } from "../feature.js";
import { markup } from "../markdown.js";

/** What the brackets at the cursor take. */
export const signatureHelp: Feature = {
  capabilities: { signatureHelpProvider: { triggerCharacters: ["{", "(", "[", ","], retriggerCharacters: [":", " "] } },
  register: (session) =>
    session.connection.onSignatureHelp(
      answerAt(session, ({ snapshot, file, offset }): SignatureHelp | null => {
        const help = helpAt(snapshot, file, offset);
        if (!help) return null;
        const formats = session.client().textDocument?.signatureHelp?.signatureInformation?.documentationFormat;
        const parameters = help.parameters.map(({ span, doc }: SignatureParameter): ParameterInformation => ({
          label: [span.start, span.end],
          ...(doc !== undefined && { documentation: markup(doc, formats) }),
        }));
        return {
          signatures: [
            {
              label: help.label,
              parameters,
              ...(help.doc !== undefined && { documentation: markup(help.doc, formats) }),
            },
          ],
          activeSignature: 0,
          // Behind the last: nothing is being written that it takes.
          activeParameter: help.active ?? help.parameters.length,
        };
      }),
    ),
};
