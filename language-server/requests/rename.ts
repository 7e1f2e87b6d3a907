import { LSPErrorCodes, ResponseError, type PrepareRenameResult, type WorkspaceEdit } from "vscode-languageserver";
import { prepareRename, rename as renamed } from "../../compiler/ide/index.js";
import { answerAt } from "../answer.js";
import { workspaceEditOf } from "../edits.js";
import type { Feature } from "../feature.js";
import { rangeOf } from "../places.js";
import { projectAround } from "../project-files.js";
import type { Spot } from "../session.js";

/** Another name for what is meant at a place, in all files of the project. Why not, the client shows to the user. */
export const rename: Feature = {
  capabilities: { renameProvider: { prepareProvider: true } },
  register: (session) => {
    session.connection.onPrepareRename(
      answerAt(session, (spot): PrepareRenameResult | null => {
        const found = prepareRename([spot.snapshot], spot.file, spot.offset);
        if (!found) return null;
        if ("refused" in found) throw refusal(found.refused);
        return { range: rangeOf(spot.document, found.span), placeholder: found.name };
      }),
    );
    session.connection.onRenameRequest(
      answerAt(session, (spot, { newName }): WorkspaceEdit => {
        const done = renamed(project(spot), spot.file, spot.offset, newName);
        if ("refused" in done) throw refusal(done.refused);
        return workspaceEditOf(session, spot.snapshot, [...done.rules, ...done.edits]);
      }),
    );
  },
};

/** All of its files: one that has a model of the layer in it need not say the layer's name to have tensors called by it. */
const project = (spot: Spot) => projectAround(spot, "");

const refusal = (reason: string): ResponseError => new ResponseError(LSPErrorCodes.RequestFailed, reason);
