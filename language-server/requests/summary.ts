import { summarise, summaryJson } from "../../compiler/index.js";
import { answerOf } from "../answer.js";
import type { Feature } from "../feature.js";
import { onModelRequest } from "../on-model-request.js";
import { loweredOf } from "../lowered.js";

export const summary: Feature = {
  capabilities: {},
  register: (session) =>
    onModelRequest(
      session,
      "tfmc/summary",
      answerOf(session, (look, { config, length = 1024 }) => {
        const model = loweredOf(look, config);
        return "reason" in model ? model : summaryJson(summarise(model.lowered, length), length);
      }),
    ),
};
