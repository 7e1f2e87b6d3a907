/** `generate small.lm over seq`: a task of the config's model, and an axis. */
import type { BlockDeclaration, RunDeclaration } from "../../grammar/ast.js";
import { tasksOf, type Declared, type Program, type SourceFile } from "../1-resolve/program.js";
import { unknownName } from "../diagnostics/did-you-mean.js";
import { problem, type Problem } from "../diagnostics/problem.js";
import { modelOf } from "./instantiate.js";
import { overAxis } from "./mend-run.js";

/** What is wrong with the names of a `generate`, whatever its model computes. */
export function checkTarget(program: Program, file: SourceFile, declaration: RunDeclaration): Problem[] {
  const [config] = declaration.target;
  if (!config) return [];
  const declared = file.configs.get(config.name);
  if (!declared)
    return file.lost.has(config.name)
      ? []
      : [unknownName(config.name, { file: file.name, span: config.span }, file.configs.keys())];
  const model = modelOf(program, file, declared.model.name);
  const first = file.generation.get(config.name);
  if (first && first !== declaration)
    return [
      problem(
        "N104",
        { name: `generate ${config.name}` },
        { file: file.name, span: config.span },
        {
          secondary: [{ file: file.name, span: first.target[0]?.span ?? first.span, label: "first declared here" }],
          help: "a config generates in one way: leave one of them out",
        },
      ),
    ];
  // That the config is of no model has been said.
  if (model?.declaration.keyword !== "model") return [];
  const wrong = checkTask(program, file, declaration, model);
  // What is given in the place of a task says along which axis too.
  if (declaration.over || (wrong && !declaration.target[1])) return wrong ? [wrong] : [];
  const axis = problem(
    "N108",
    { name: "over AXIS", callee: "generate" },
    { file: file.name, span: declaration.span },
    overAxis(program, file, declaration),
  );
  return wrong ? [wrong, axis] : [axis];
}

function checkTask(
  program: Program,
  file: SourceFile,
  declaration: RunDeclaration,
  { declaration: { name: model }, file: its }: Declared<BlockDeclaration>,
): Problem | undefined {
  const [config, task] = declaration.target;
  const own = tasksOf(program, model.name).map((each) => each.task.name.name);
  const at = { file: file.name, span: task?.span ?? config?.span ?? model.span };
  if (task && (own.includes(task.name) || file.lost.has(task.name))) return undefined;
  const [only, more] = own;
  if (only === undefined) {
    const what = `${model.name} has no task, whose results \`generate\` could continue`;
    const details = {
      secondary: [{ file: its.name, span: model.span, label: "the model" }],
      help: `declare one, which gives a score for each token: \`task ${task?.name ?? "lm"}() on ${model.name} as x -> ...\``,
    };
    return problem("C502", { what }, at, details);
  }
  if (!task) {
    const rest = declaration.over ? "" : (overAxis(program, file, declaration).fixes?.[0]?.text ?? " over AXIS");
    const written = own.map((name) => `\`${config?.name}.${name}${rest}\``).join(" or ");
    const fix = { file: file.name, span: { start: at.span.end, end: at.span.end }, text: `.${only}${rest}` };
    const isPlain = more === undefined && !rest.endsWith("AXIS");
    const details = { help: `write ${written}`, fixes: isPlain ? [fix] : [] };
    return problem("N108", { name: "CONFIG.TASK", callee: "generate" }, at, details);
  }
  const other = file.tasks.find(({ name }) => name.name === task.name);
  if (!other) return unknownName(task.name, at, own);
  const found = `${task.name}, a task of ${other.model.name}`;
  return problem("T208", { expected: `a task of ${model.name}`, found }, at, {
    secondary: [{ file: file.name, span: other.model.span }],
    help: `it has ${own.join(", ")}`,
  });
}
