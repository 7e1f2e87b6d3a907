import type { Command } from "commander";

const examples = `
Examples:
  tfmc lsp                         what an editor runs, for instance Neovim: cmd = { "tfmc", "lsp" }

It ends when the editor says so, or closes its standard input.`;

export function declare(command: Command): void {
  command
    .description("Serves an editor: what is wrong, shapes, completion. Speaks the Language Server Protocol.")
    .option("--stdio", "over standard input and output, which is the only way there is")
    .option("--clientProcessId <id>", "ends when that process does")
    .addHelpText("after", examples)
    .action(serve);
}

async function serve(): Promise<void> {
  const { createConnection } = await import("vscode-languageserver/node");
  const { createServer } = await import("../../language-server/index.js");
  const { openMachine } = await import("../editor/machine.js");
  const connection = createConnection(process.stdin, process.stdout);
  createServer(connection, openMachine());
  connection.listen();
  // The connection ends the process.
  await new Promise<never>(() => {});
}
