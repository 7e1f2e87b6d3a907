import { drawSvg } from "../../compiler/index.js";
import { answerLater } from "../answer.js";
import type { Feature } from "../feature.js";
import { onModelRequest } from "../on-model-request.js";
import { loweredOf } from "../lowered.js";

export const graph: Feature = {
  capabilities: {},
  register: (session) =>
    onModelRequest(
      session,
      "tfmc/graph",
      answerLater(session, async (look, { config }) => {
        const model = loweredOf(look, config);
        return "reason" in model ? model : { svg: await drawSvg(model.lowered) };
      }),
    ),
};
