import type { ServerCapabilities } from "vscode-languageserver";
import type { Session } from "./session.js";

/** One thing that the server can do: what it tells the client of it, and how it answers. */
export interface Feature {
  readonly capabilities: ServerCapabilities;
  readonly register: (session: Session) => void;
}
