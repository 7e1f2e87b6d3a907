import { CodeActionKind, type CodeAction as Action } from "vscode-languageserver";
import { codeActions as actionsAt, fixAll, type CodeAction } from "../../compiler/ide/index.js";
import { answerOf } from "../answer.js";
import { workspaceEditOf } from "../edits.js";
import type { Feature } from "../feature.js";
import { spanOf } from "../places.js";
import { diagnosticOf } from "../problems.js";
import { documentOf, type Look } from "../session.js";

/** What can be done to a text by itself: mends of what is wrong, and changes that keep its meaning. */
export const codeActions: Feature = {
  capabilities: { codeActionProvider: { codeActionKinds: ["quickfix", "refactor", "source.fixAll"] } },
  register: (session) =>
    session.connection.onCodeAction(
      answerOf(session, (look, { range, context: { only } }): Action[] => {
        const { snapshot, file, document } = look;
        const isWanted = ({ kind }: CodeAction): boolean =>
          !only || only.some((wanted) => `${kinds[kind]}.`.startsWith(`${wanted}.`));
        const found = actionsAt(snapshot, file, spanOf(document, range)).filter(isWanted);
        // Asked for by name, as editors do when a file is saved, it is for all of the file.
        const all =
          only && !found.some(({ kind }) => kind === "fix-all") ? fixAll(snapshot, file).filter(isWanted) : [];
        return [...found, ...all].map((action) => actionOf(look, action));
      }),
    ),
};

function actionOf(
  { session, snapshot, document }: Look,
  { title, kind, edits, problem, isPreferred }: CodeAction,
): Action {
  const { pageOf } = session.host;
  const options = { document: (file: string) => documentOf(session, snapshot, file), pageOf };
  return {
    title,
    kind: kinds[kind],
    edit: workspaceEditOf(session, snapshot, edits),
    ...(problem && { diagnostics: [diagnosticOf(problem, document, options)] }),
    ...(isPreferred !== undefined && { isPreferred }),
  };
}

const kinds: Readonly<Record<CodeAction["kind"], string>> = {
  "quick-fix": CodeActionKind.QuickFix,
  "fix-all": CodeActionKind.SourceFixAll,
  refactor: CodeActionKind.Refactor,
};
