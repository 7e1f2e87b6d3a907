/** The door of the language server: a host starts one for each client. */
export type { Checkpoint, Host } from "./host.js";
export type * from "./protocol.js";
export { createServer } from "./server.js";
