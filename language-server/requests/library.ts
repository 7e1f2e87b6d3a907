import { standardLibrary } from "../../compiler/index.js";
import { answer } from "../answer.js";
import type { Feature } from "../feature.js";
import { onModelRequest } from "../on-model-request.js";
import { libraryScheme } from "../protocol.js";

/** Texts of the library, which is no file for clients that are no file system. */
export const library: Feature = {
  capabilities: { workspace: { textDocumentContent: { schemes: [libraryScheme] } } },
  register: (session) => {
    const textOf = (uri: string): { text: string } | null => {
      const text = standardLibrary.get(session.documents.fileOf(uri));
      return text === undefined ? null : { text };
    };
    onModelRequest(
      session,
      "tfmc/library",
      answer(session, ({ uri }) => textOf(uri)),
    );
    session.connection.workspace.textDocumentContent.on(answer(session, ({ uri }) => textOf(uri)));
  },
};
