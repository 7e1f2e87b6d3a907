/** Rules of `weights` that say what a checkpoint's config.json means: what they name must be there. */
import type { BlockDeclaration, Expression, Identifier, StringLiteral, WeightsDeclaration } from "../../grammar/ast.js";
import { lookup, namesInScope, tasksOf, type Program, type SourceFile } from "../1-resolve/program.js";
import { didYouMean, unknownName } from "../diagnostics/did-you-mean.js";
import { problem, type Mark, type Problem } from "../diagnostics/problem.js";
import { closest } from "../diagnostics/suggest.js";
import { readFieldPath } from "./field-path.js";

export function checkFields(
  program: Program,
  file: SourceFile,
  { rules, model: { name } }: WeightsDeclaration,
  model: BlockDeclaration,
): Problem[] {
  const problems: Problem[] = [];
  const mark = (span: Mark["span"]): Mark => ({ file: file.name, span });
  const tasks = tasksOf(program, name).map(({ task }) => task);
  const entries = [model, ...tasks].flatMap(({ parameters }) => parameters.map((one) => one.name.name));
  const said = new Map<string, Identifier>();

  const once = (kind: string, identifier: Identifier): void => {
    const key = `${kind} ${identifier.name}`;
    const first = said.get(key);
    if (!first) return void said.set(key, identifier);
    const secondary = [{ ...mark(first.span), label: "first said here" }];
    problems.push(problem("N104", { name: key }, mark(identifier.span), { secondary }));
  };
  const checkName = (identifier: Identifier, candidates: readonly string[]): void => {
    if (candidates.includes(identifier.name) || file.lost.has(identifier.name)) return;
    problems.push(unknownName(identifier.name, mark(identifier.span), candidates));
  };
  const checkEntry = ({ name: entry, span }: Identifier): void => {
    if (entries.includes(entry)) return;
    const { label, fixes } = didYouMean(mark(span), closest(entry, entries));
    const primary = { ...mark(span), ...(label !== undefined && { label }) };
    const notes = [entries.length > 0 ? `${name} has: ${entries.join(", ")}` : `${name} has no config`];
    problems.push(problem("N101", { name: entry, block: name }, primary, { fixes, notes }));
  };
  const checkPath = ({ value, span }: StringLiteral): void => {
    if (readFieldPath(value)) return;
    const what = `${JSON.stringify(value)} is no path into a config.json`;
    const help = 'a path is like `"rope_parameters.rope_theta"`, `"depths[0]"` or `"layer_types[1::2]"`';
    problems.push(problem("W303", { what }, mark(span), { help }));
  };
  const checkExpression = (expression: Expression): void => {
    switch (expression.kind) {
      case "number":
      case "boolean":
      case "missing":
        return;
      case "string":
        return checkPath(expression);
      case "name": {
        const isKnown = entries.includes(expression.name) || lookup(program, file, expression.name) !== undefined;
        if (isKnown || file.lost.has(expression.name)) return;
        const candidates = [...entries, ...namesInScope(program, file)];
        return void problems.push(unknownName(expression.name, mark(expression.span), candidates));
      }
      case "list":
        return expression.items.forEach(checkExpression);
      case "unary":
        return checkExpression(expression.operand);
      case "binary":
        return [expression.left, expression.right].forEach(checkExpression);
      case "conditional":
        return [expression.condition, expression.then, expression.otherwise].forEach(checkExpression);
      default: {
        const counted = countedField(expression);
        if (counted) return checkPath(counted);
        const what = "a config.json does not tell this";
        const help =
          'write fields as strings, entries, arithmetic, `|` for the first that is there, or `count("field")`';
        problems.push(problem("C502", { what }, mark(expression.span), { help }));
      }
    }
  };

  for (const rule of rules) {
    switch (rule.kind) {
      case "class-rule":
        once(rule.keyword, rule.name);
        checkName(rule.name, rule.keyword === "model" ? [name] : tasks.map((task) => task.name.name));
        break;
      case "config-rule":
        for (const { name: entry, value, cases = [], fallback } of rule.entries) {
          once("config", entry);
          checkEntry(entry);
          [value, ...cases.map((one) => one.value), ...(fallback ? [fallback] : [])].forEach(checkExpression);
        }
        break;
      case "expect-rule":
        for (const { field, when } of rule.expectations) [field, ...(when ? [when] : [])].forEach(checkExpression);
        break;
      case "ignore-rule":
        if (rule.what === "fields") rule.names.forEach(checkPath);
        break;
      default:
    }
  }
  return problems;
}

/** The field of `count("field")`. */
function countedField(expression: Expression): StringLiteral | undefined {
  if (expression.kind !== "call" || expression.callee.kind !== "name" || expression.callee.name !== "count") return;
  const [only, more] = expression.arguments;
  return only?.value.kind === "string" && !more ? only.value : undefined;
}
