import { compile, hasErrors, type Lowered } from "../compiler/index.js";
import type { ConfigOptions } from "./options.js";
import { printJson } from "./print-json.js";
import { problemsAsJson, reportProblems } from "./report.js";
import { Reported } from "./reported.js";
import { openSources } from "./sources.js";

export interface CompileOptions extends ConfigOptions {
  readonly task?: string | undefined;
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
  const { problems, lowered, code } = await compile(file, sources.read, {
    config: options.config,
    set: new Map(options.set?.map(({ name, value }) => [name, value])),
    ...(options.task !== undefined && { tasks: [options.task] }),
  });
  const complete = lowered && code !== undefined && !hasErrors(problems);
  if (options.json && !complete) printJson({ ok: false, problems: problemsAsJson(problems, sources.text) });
  else reportProblems(problems, sources.text);
  if (!complete) throw new Reported();
  return { lowered, code };
}
