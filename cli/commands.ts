import type { Command } from "commander";

/** A command before it is needed: its name, one line about it, and where it is written. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Loads the command's own module, and only that. */
  readonly load: () => Promise<CommandModule>;
}

export interface CommandModule {
  /** Gives the command its arguments, options, examples and action. */
  readonly declare: (command: Command) => void;
}

/** In the order in which someone meets them; `--help` lists them so. */
export const commands: readonly CommandEntry[] = [
  { name: "check", summary: "check files and print what is wrong", load: () => import("./commands/check.js") },
  { name: "compile", summary: "write a model as TypeScript", load: () => import("./commands/compile.js") },
  { name: "run", summary: "run a task on inputs", load: () => import("./commands/run.js") },
  { name: "generate", summary: "continue a prompt, token by token", load: () => import("./commands/generate.js") },
  { name: "verify", summary: "compare a model with its reference outputs", load: () => import("./commands/verify.js") },
  { name: "import", summary: "write the .tfm of a checkpoint", load: () => import("./commands/import.js") },
  { name: "fmt", summary: "lay files out in the one style", load: () => import("./commands/fmt.js") },
  { name: "summary", summary: "count parameters, FLOPs and bytes", load: () => import("./commands/summary.js") },
  { name: "graph", summary: "draw the architecture", load: () => import("./commands/graph.js") },
  { name: "lsp", summary: "serve an editor", load: () => import("./commands/lsp.js") },
  { name: "explain", summary: "explain a diagnostic's code", load: () => import("./commands/explain.js") },
];
