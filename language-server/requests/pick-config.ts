import { MessageType, ShowMessageRequest, type MessageActionItem } from "vscode-languageserver";
import { chosenConfig } from "../chosen.js";
import type { Feature } from "../feature.js";
import { refreshNumbers } from "../refresh.js";
import { lookAt, type Session } from "../session.js";

export const pickConfigCommand = "tfmc.pickConfig";

/** `tfmc.pickConfig URI [NAME]`: the config whose numbers are shown in a file. Without a name the user is asked. */
export const pickConfig: Feature = {
  capabilities: { executeCommandProvider: { commands: [pickConfigCommand] } },
  register: (session) =>
    session.connection.onExecuteCommand(async ({ command, arguments: given }) => {
      const values: readonly unknown[] = given ?? [];
      const [uri, name] = values;
      if (command !== pickConfigCommand || typeof uri !== "string") return null;
      const chosen = typeof name === "string" ? name : await askFor(session, uri);
      if (chosen === undefined) return null;
      session.chosen.set(session.documents.fileOf(uri), chosen);
      refreshNumbers(session);
      return chosen;
    }),
};

async function askFor(session: Session, uri: string): Promise<string | undefined> {
  const look = lookAt(session, { uri });
  const names = [...(look?.snapshot.program.files.get(look.file)?.configs.keys() ?? [])];
  if (!look || names.length === 0) return undefined;
  const now = chosenConfig(look)?.name.name ?? "";
  const choice: MessageActionItem | null = await session.connection.sendRequest(ShowMessageRequest.type, {
    type: MessageType.Info,
    message: `The numbers of which config? Now: ${now}`,
    actions: names.map((title) => ({ title })),
  });
  return choice?.title;
}
