/** What declarations outside of any body refer to by name. */
import type { Declaration, Identifier } from "../grammar/ast.js";
import { tasksOf, weightsOf, type Program, type SourceFile } from "./1-resolve/program.js";
import { modelOf } from "./3-lower/instantiate.js";
import { checkFields } from "./3-lower/check-fields.js";
import { checkTarget } from "./3-lower/generate-target.js";
import { unknownName } from "./diagnostics/did-you-mean.js";
import { checkTraining } from "./3-lower/training.js";
import { problem, type Problem } from "./diagnostics/problem.js";

/** What a compiled module exports besides its tasks, and words that no function of TypeScript can have. */
const taken: ReadonlySet<string> = new Set(
  (
    "config parameters load initialise save generate train tf default delete new return switch case class const continue debugger do else " +
    "enum export extends false finally for function if import in instanceof null super this throw true try typeof var void while with yield"
  ).split(" "),
);

/** Names that declarations outside of any body refer to. */
export function checkNames(program: Program, file: SourceFile, declaration: Declaration): Problem[] {
  const unknown = ({ name, span }: Identifier, candidates: Iterable<string>): Problem[] =>
    file.lost.has(name) ? [] : [unknownName(name, { file: file.name, span }, candidates)];
  if (declaration.kind === "task" && taken.has(declaration.name.name)) {
    const what = `a task cannot be called \`${declaration.name.name}\`: the compiled module has that name for something else`;
    return [problem("C502", { what }, { file: file.name, span: declaration.name.span })];
  }
  if (declaration.kind === "weights") {
    const model = modelOf(program, file, declaration.model.name);
    if (!model) return unknown(declaration.model, modelsOf(file));
    const first = weightsOf(program, declaration.model.name);
    if (first && first.declaration !== declaration) {
      return [
        problem(
          "N104",
          { name: `weights ${declaration.model.name}` },
          { file: file.name, span: declaration.model.span },
          { secondary: [{ file: first.file.name, span: first.declaration.model.span, label: "first declared here" }] },
        ),
      ];
    }
    const inputs = model.declaration.inputs
      .map(({ name }) => name.name)
      .concat(tasksOf(program, declaration.model.name).flatMap(({ task }) => task.inputs.map(({ name }) => name.name)));
    const ports = declaration.rules.flatMap((rule) =>
      rule.kind === "port-rule" && rule.direction === "input" && !inputs.includes(rule.name.name)
        ? unknown(rule.name, inputs)
        : [],
    );
    return [...ports, ...checkFields(program, file, declaration, model.declaration)];
  }
  if (declaration.kind === "config") {
    const model = modelOf(program, file, declaration.model.name)?.declaration;
    if (!model || model.keyword === "model") return [];
    return [
      problem(
        "T208",
        { expected: "a model", found: `the block ${model.name.name}` },
        { file: file.name, span: declaration.model.span },
      ),
    ];
  }
  if (declaration.kind === "compression") {
    const { config, keyword } = declaration;
    if (!file.configs.has(config.name)) return unknown(config, file.configs.keys());
    const first = file.compressionsOf.get(config.name)?.find((other) => other.keyword === keyword);
    if (!first || first === declaration) return [];
    const secondary = [{ file: file.name, span: first.config.span, label: "first declared here" }];
    const at = { file: file.name, span: config.span };
    return [problem("N104", { name: `${keyword} ${config.name}` }, at, { secondary })];
  }
  if (declaration.kind === "run") {
    const [config] = declaration.target;
    if (config && !file.configs.has(config.name)) return unknown(config, file.configs.keys());
    if (declaration.keyword === "train") {
      const untrained = problem("U902", { what: "`train`" }, { file: file.name, span: declaration.span });
      return [...checkTraining(declaration, file), untrained];
    }
    return checkTarget(program, file, declaration);
  }
  return [];
}

function modelsOf({ declarations }: SourceFile): string[] {
  return [...declarations.values()].flatMap((declaration) =>
    declaration.kind === "block" && declaration.keyword === "model" ? [declaration.name.name] : [],
  );
}
