import { answerOf } from "../answer.js";
import { chosenConfig } from "../chosen.js";
import type { Feature } from "../feature.js";
import { onModelRequest } from "../on-model-request.js";
import { rangeOf } from "../places.js";
import type { ConfigEntry } from "../protocol.js";

export const configs: Feature = {
  capabilities: {},
  register: (session) =>
    onModelRequest(
      session,
      "tfmc/configs",
      answerOf(session, (look) => {
        const { snapshot, file, document } = look;
        const chosen = chosenConfig(look);
        return [...(snapshot.program.files.get(file)?.configs.values() ?? [])].flatMap((config): ConfigEntry[] => {
          const span = snapshot.source(file)?.toText(config.name.span);
          if (!span) return [];
          const range = rangeOf(document, span);
          return [{ name: config.name.name, model: config.model.name, range, isChosen: config === chosen }];
        });
      }),
    ),
};
