/** `check params(gpt2.lm) == 124_439_808`: facts about a config, counted and compared. */
import type { CheckDeclaration, ConfigDeclaration, Expression } from "../../grammar/ast.js";
import { tasksOf, type Program, type SourceFile } from "../1-resolve/program.js";
import { sourceLine } from "../1-resolve/source-of.js";
import { unknownName } from "../diagnostics/did-you-mean.js";
import { problem, type Problem } from "../diagnostics/problem.js";
import { modelOf } from "./instantiate.js";

/** How many numbers the weights of a config hold, with those of one task, or of none; undefined where that cannot be told. */
export type CountOf = (file: SourceFile, config: ConfigDeclaration, task: string | undefined) => bigint | undefined;

/** No model has as many weights as a number of so many digits says. */
const digitLimit = 100;

export function runCheck(
  program: Program,
  file: SourceFile,
  declaration: CheckDeclaration,
  countOf: CountOf,
): Problem[] {
  const problems: Problem[] = [];
  const { condition } = declaration;
  const at = { file: file.name, span: condition.span };
  if (condition.kind !== "binary" || !["==", "<=", "<", ">=", ">"].includes(condition.operator)) {
    return [problem("C502", { what: "a check compares, for instance `params(config.task) == 1000`" }, at)];
  }
  const [left, right] = [condition.left, condition.right].map((side) =>
    valueOf(program, file, side, problems, countOf),
  );
  if (left === undefined || right === undefined) return problems;
  const holds = {
    "==": left === right,
    "<=": left <= right,
    "<": left < right,
    ">=": left >= right,
    ">": left > right,
  }[condition.operator as "=="];
  if (holds) return problems;
  const found = `${sourceLine(file, condition.left.span)} is ${grouped(left)}`;
  const expected = `${condition.operator === "==" ? "" : `${condition.operator} `}${grouped(right)}`;
  // A count that was written down is what is wrong, or the model is: the number is the place of both.
  if (condition.operator !== "==" || condition.right.kind !== "number")
    return [problem("C501", { expected, found }, at)];
  const written = { file: file.name, span: condition.right.span };
  const text = grouped(left);
  return [problem("C501", { expected, found }, written, { help: `write \`${text}\``, fixes: [{ ...written, text }] })];
}

function valueOf(
  program: Program,
  file: SourceFile,
  expression: Expression,
  problems: Problem[],
  countOf: CountOf,
): bigint | undefined {
  const at = { file: file.name, span: expression.span };
  if (expression.kind === "number" && !expression.real) {
    if (expression.text.length <= digitLimit) return BigInt(expression.text.replaceAll("_", ""));
    problems.push(problem("C502", { what: `a check compares numbers of at most ${digitLimit} digits` }, at));
    return undefined;
  }
  if (expression.kind === "binary" && ["+", "-", "*"].includes(expression.operator)) {
    const [left, right] = [expression.left, expression.right].map((side) =>
      valueOf(program, file, side, problems, countOf),
    );
    if (left === undefined || right === undefined) return undefined;
    return { "+": left + right, "-": left - right, "*": left * right }[expression.operator as "+"];
  }
  const [argument] = expression.kind === "call" ? expression.arguments : [];
  if (
    expression.kind !== "call" ||
    expression.callee.kind !== "name" ||
    expression.callee.name !== "params" ||
    !argument
  ) {
    problems.push(
      problem(
        "C502",
        { what: "a check knows whole numbers, their sums and products, and `params(config)` or `params(config.task)`" },
        at,
      ),
    );
    return undefined;
  }
  const target = argument.value;
  const name =
    target.kind === "name"
      ? target.name
      : target.kind === "member" && target.object.kind === "name"
        ? target.object.name
        : undefined;
  const config = name === undefined ? undefined : file.configs.get(name);
  const model = config && modelOf(program, file, config.model.name);
  if (name !== undefined && !model && file.lost.has(config?.model.name ?? name)) return undefined;
  if (!config || !model) {
    problems.push(unknownName(name ?? "", { ...at, span: target.span }, file.configs.keys()));
    return undefined;
  }
  const task = target.kind === "member" ? target.name : undefined;
  const tasks = tasksOf(program, config.model.name).map((each) => each.task.name.name);
  if (task && !tasks.includes(task.name)) {
    if (!file.lost.has(task.name)) problems.push(unknownName(task.name, { ...at, span: task.span }, tasks));
    return undefined;
  }
  return countOf(file, config, task?.name);
}

export const grouped = (number: bigint): string => number.toString().replace(/\B(?=(\d{3})+$)/g, "_");
