/** `check params(gpt2.lm) == 124_439_808`: facts about a config, counted and compared. */
import type { CheckDeclaration, Expression } from "../../grammar/ast.js";
import type { Program, SourceFile } from "../1-resolve/program.js";
import { closest } from "../diagnostics/suggest.js";
import { problem, type Problem } from "../diagnostics/problem.js";
import { countParameters } from "./count-parameters.js";
import { instantiate, modelOf, type Instance } from "./instantiate.js";

/** Weights that are known already, by `config.task`: what was read once need not be read again to be counted. */
export type Counted = ReadonlyMap<string, Pick<Instance, "module" | "numbers">>;

export function runCheck(
  program: Program,
  file: SourceFile,
  declaration: CheckDeclaration,
  counted: Counted,
): Problem[] {
  const problems: Problem[] = [];
  const { condition } = declaration;
  const at = { file: file.name, span: condition.span };
  if (condition.kind !== "binary" || !["==", "<=", "<", ">=", ">"].includes(condition.operator)) {
    return [problem("C502", { what: "a check compares, for instance `params(config.task) == 1000`" }, at)];
  }
  const [left, right] = [condition.left, condition.right].map((side) =>
    valueOf(program, file, side, problems, counted),
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
  const found = `${file.text.slice(condition.left.span.start, condition.left.span.end)} is ${grouped(left)}`;
  return [
    ...problems,
    problem(
      "C501",
      { expected: `${condition.operator === "==" ? "" : `${condition.operator} `}${grouped(right)}`, found },
      at,
    ),
  ];
}

function valueOf(
  program: Program,
  file: SourceFile,
  expression: Expression,
  problems: Problem[],
  counted: Counted,
): bigint | undefined {
  if (expression.kind === "number" && !expression.real) return BigInt(expression.text.replaceAll("_", ""));
  const at = { file: file.name, span: expression.span };
  const [argument] = expression.kind === "call" ? expression.arguments : [];
  if (
    expression.kind !== "call" ||
    expression.callee.kind !== "name" ||
    expression.callee.name !== "params" ||
    !argument
  ) {
    problems.push(
      problem("C502", { what: "a check knows whole numbers and `params(config)` or `params(config.task)`" }, at),
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
  if (!config || !model) {
    const near = closest(name ?? "", [...file.configs.keys()]);
    problems.push(
      problem(
        "N102",
        { name: name ?? "" },
        { ...at, span: target.span, ...(near !== undefined && { label: `did you mean ${near}?` }) },
      ),
    );
    return undefined;
  }
  const task = target.kind === "member" ? target.name : undefined;
  if (task && !file.tasks.some((t) => t.name.name === task.name)) {
    problems.push(problem("N102", { name: `${name}.${task.name}` }, { ...at, span: task.span }));
    return undefined;
  }
  const { module, numbers } =
    (task && counted.get(`${config.name.name}.${task.name}`)) ??
    instantiate(program, file, config, model, { tasks: task ? [task.name] : [] });
  return module && countParameters(module.weights, numbers);
}

export const grouped = (number: bigint): string => number.toString().replace(/\B(?=(\d{3})+$)/g, "_");
