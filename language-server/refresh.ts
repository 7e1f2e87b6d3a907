import { CodeLensRefreshRequest } from "vscode-languageserver";
import type { Session } from "./session.js";
import { unanswered } from "./unanswered.js";

/** Has the client ask again for what shows numbers and shapes beside the text. */
export function refreshNumbers({ connection, client }: Session): void {
  const { workspace } = client();
  if (workspace?.inlayHint?.refreshSupport) unanswered(connection, connection.languages.inlayHint.refresh());
  if (workspace?.codeLens?.refreshSupport) unanswered(connection, connection.sendRequest(CodeLensRefreshRequest.type));
}
