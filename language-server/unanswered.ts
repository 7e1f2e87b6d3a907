import type { Connection } from "vscode-languageserver";

/** Goes on without waiting for the client. What it refuses is a line in the log. */
export function unanswered(connection: Connection, sent: Promise<unknown>): void {
  sent.catch((error: unknown) => connection.console.error(error instanceof Error ? error.message : String(error)));
}
