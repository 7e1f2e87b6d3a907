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
    .action(serveUntilTheEnd);
}

async function serveUntilTheEnd(): Promise<void> {
  const { serve } = await import("../editor/serve.js");
  serve();
  await new Promise<never>(() => {});
}
