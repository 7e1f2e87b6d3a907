/** The whole path: text, resolve, check, lower, optimise, emit. */
import type { ConfigDeclaration } from "../grammar/ast.js";
import type { Program } from "./1-resolve/program.js";
import type { Read } from "./1-resolve/resolve.js";
import type { SamplingDefaults } from "./3-lower/generation.js";
import { unreadable } from "./check.js";
import { hasErrors, problem, type Problem } from "./diagnostics/problem.js";
import { closest } from "./diagnostics/suggest.js";
import { inOrder } from "./in-order.js";
import { lower, type Lowered, type Selection } from "./lower.js";
import { openWorkspace } from "./workspace.js";

export const version = "0.1.0";

/** `entry` compiled for one config to TypeScript; `code` is absent where there are errors. */
export async function compile(
  entry: string,
  read: Read,
  selection: Selection = {},
): Promise<{ problems: readonly Problem[]; lowered?: Lowered; code?: string }> {
  const { problems, lowered } = lowerFile(entry, read, selection);
  if (!lowered || hasErrors(problems)) return { problems };
  const { emitModule } = await import("./5-emit/emit-module.js");
  const { module, transposed } = lowered.optimized;
  const { generation } = lowered;
  const code = await emitModule({
    module,
    transposed,
    checkpoint: lowered.checkpoint,
    generation: generation && {
      task: generation.task,
      decoding: generation.decoding,
      options: optionsText(generation.sampling),
    },
    source: entry.slice(entry.lastIndexOf("/") + 1),
    version,
  });
  return { problems, lowered, code };
}

/** Emitted TypeScript without its types: a module to be written, or CommonJS for a program that evaluates it itself. */
export async function toJavaScript(code: string, format: "esm" | "commonjs"): Promise<string> {
  const emit = await import("./5-emit/to-javascript.js");
  return emit.toJavaScript(code, format);
}

/** The graph of `entry` under one config, without emitting it. */
export function lowerFile(
  entry: string,
  read: Read,
  selection: Selection = {},
): { problems: readonly Problem[]; lowered?: Lowered } {
  const view = openWorkspace(entry, read, selection.root).look();
  if (!view) return { problems: unreadable(entry).problems };
  const { program } = view;
  const problems = view.place([...program.problems, ...view.problems]);
  if (hasErrors(problems)) return { problems: inOrder(problems) };
  const chosen = chooseConfig(program, selection.config);
  if ("problem" in chosen) return { problems: [...problems, chosen.problem] };
  const done = lower(program, program.entry, chosen.config, selection);
  return {
    problems: inOrder([...problems, ...done.problems]),
    ...(done.lowered && { lowered: done.lowered }),
  };
}

function chooseConfig(
  program: Program,
  wanted: string | undefined,
): { config: ConfigDeclaration | undefined } | { problem: Problem } {
  const { entry } = program;
  const names = [...entry.configs.keys()];
  if (wanted === undefined) return { config: [...entry.configs.values()][0] };
  const config = entry.configs.get(wanted);
  if (config) return { config };
  const near = closest(wanted, names);
  const help =
    near !== undefined
      ? `did you mean ${near}?`
      : names.length > 0
        ? `it has ${names.join(", ")}`
        : "it declares no config";
  return { problem: problem("N102", { name: wanted }, { file: entry.name, span: { start: 0, end: 0 } }, { help }) };
}

const optionsText = (defaults: SamplingDefaults): string[] =>
  Object.entries(defaults).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
