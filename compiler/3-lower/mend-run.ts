/** What mends a `generate` that does not say along which axis. */
import type { RunDeclaration } from "../../grammar/ast.js";
import { lookup, type Program, type SourceFile } from "../1-resolve/program.js";
import type { ProblemDetails } from "../diagnostics/problem.js";

/** `over seq`, where the model has one size that its inputs tell. */
export function overAxis(program: Program, file: SourceFile, { target }: RunDeclaration): ProblemDetails {
  const config = file.configs.get(target[0]?.name ?? "");
  const model = config && lookup(program, file, config.model.name)?.declaration;
  const [axis, more] = model?.kind === "block" ? model.variables : [];
  const end = target.at(-1)?.span.end;
  if (!axis || more || end === undefined) return { help: "say along which axis it generates: `over seq`" };
  const text = `over ${axis.name}`;
  const fix = { file: file.name, span: { start: end, end }, text: ` ${text}` };
  return { help: `say along which axis it generates: \`${text}\``, fixes: [fix] };
}
