import { compile, hasErrors, lowerFile, type Lowered, type Problem, type Selection } from "../compiler/index.js";
import type { ConfigOptions } from "./options.js";
import { printJson } from "./print-json.js";
import { problemsAsJson, reportProblems } from "./report.js";
import { Reported } from "./reported.js";
import { projectRoot } from "./project-root.js";
import { openSources, type Sources } from "./sources.js";

export interface CompileOptions extends ConfigOptions {
  readonly task?: string | undefined;
  /** Whether runs can be looked into. */
  readonly tapped?: boolean | undefined;
  /** Problems are printed for programs. */
  readonly json?: boolean | undefined;
}

export interface Compiled {
  readonly lowered: Lowered;
  /** The TypeScript module. */
  readonly code: string;
}

/** Compiles a file for one config. Prints what is wrong; throws `Reported` where that leaves nothing to go on with. */
export async function compileFile(file: string, options: CompileOptions): Promise<Compiled> {
  const sources = openSources();
  sources.require(file);
  const root = projectRoot(file);
  const { problems, lowered, code } = await compile(file, sources.within(root), { ...selectionOf(options), root });
  tell(problems, sources, options);
  if (!lowered || code === undefined) throw new Reported();
  return { lowered, code };
}

/** The same without the text: for what is only counted. */
export function lowerForOptions(file: string, options: CompileOptions): Lowered {
  const sources = openSources();
  sources.require(file);
  const root = projectRoot(file);
  const { problems, lowered } = lowerFile(file, sources.within(root), { ...selectionOf(options), root });
  tell(problems, sources, options);
  if (!lowered) throw new Reported();
  return lowered;
}

function selectionOf({ config, set, task, tapped }: CompileOptions): Selection {
  return {
    config,
    tapped,
    set: new Map(set?.map(({ name, value }) => [name, value])),
    ...(task !== undefined && { tasks: [task] }),
  };
}

/** Prints the problems. Warnings let the command go on, and so stay out of what programs read. */
function tell(problems: readonly Problem[], sources: Sources, { json }: CompileOptions): void {
  const failed = hasErrors(problems);
  if (json && failed) printJson({ ok: false, problems: problemsAsJson(problems, sources.text) });
  else reportProblems(problems, sources.text);
  if (failed) throw new Reported();
}
