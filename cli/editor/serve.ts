import { createConnection } from "vscode-languageserver/node";
import { createServer } from "../../language-server/index.js";
import { openMachine } from "./machine.js";

/** Serves the editor at the other end of standard input and output; that connection ends the process. */
export function serve(): void {
  const connection = createConnection(process.stdin, process.stdout);
  createServer(connection, openMachine());
  connection.listen();
}
