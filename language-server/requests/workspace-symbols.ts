import type { SymbolInformation } from "vscode-languageserver";
import { standardLibrary } from "../../compiler/index.js";
import { workspaceSymbols as symbolsOf, type Snapshot } from "../../compiler/ide/index.js";
import { answer } from "../answer.js";
import type { Feature } from "../feature.js";
import { locationOf } from "../places.js";
import { snapshotsBelow } from "../project-files.js";
import { symbolKinds } from "../symbol-kinds.js";
import { documentOf, type Session } from "../session.js";

/** What a project and the library declare, by some of its letters. */
export const workspaceSymbols: Feature = {
  capabilities: { workspaceSymbolProvider: true },
  register: (session) =>
    session.connection.onWorkspaceSymbol(
      answer(session, ({ query }): SymbolInformation[] => {
        const snapshots = all(session);
        return symbolsOf(snapshots, query).flatMap(({ name, kind, file, span }) => {
          const snapshot = snapshots.find(({ program }) => program.files.has(file)) ?? snapshots[0];
          const there = snapshot && documentOf(session, snapshot, file);
          if (!there) return [];
          const containerName = file.slice(file.lastIndexOf("/") + 1);
          return [{ name, kind: symbolKinds[kind], location: locationOf(there, span), containerName }];
        });
      }),
    ),
};

/** What is open, what the client's folders hold, and at least the library. */
function all(session: Session): readonly Snapshot[] {
  const { analysis, documents, host } = session;
  const folders = [...session.folders(), ...documents.entries().map(host.rootOf)];
  const found = snapshotsBelow(session, folders);
  const library = found.length > 0 ? undefined : analysis.look([...standardLibrary.keys()][0] ?? "");
  return library ? [library] : found;
}
