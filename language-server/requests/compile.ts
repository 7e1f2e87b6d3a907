import { compile as compileFile } from "../../compiler/index.js";
import { answerLater } from "../answer.js";
import { chosenConfig } from "../chosen.js";
import type { Feature } from "../feature.js";
import { onModelRequest } from "../on-model-request.js";

export const compile: Feature = {
  capabilities: {},
  register: (session) =>
    onModelRequest(
      session,
      "tfmc/compile",
      answerLater(session, async (look, { config }) => {
        const root = session.host.rootOf(look.file);
        const read = (file: string): string | undefined => session.documents.textOf(file, root);
        const name = config ?? chosenConfig(look)?.name.name;
        const { code, problems } = await compileFile(look.file, read, { config: name, root });
        if (code !== undefined) return { code };
        return {
          reason: problems.find(({ severity }) => severity === "error")?.message ?? "there is nothing to compile",
        };
      }),
    ),
};
