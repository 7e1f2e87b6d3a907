/** Declarations. */
import type {
  BlockDeclaration,
  Declaration,
  Expression,
  FunctionDeclaration,
  Identifier,
  Input,
  Parameter,
  TaskDeclaration,
  Type,
} from "../ast.js";
import { quoteString } from "../string-literal.js";
import { bracketed, filled } from "./bracketed.js";
import type { Context } from "./context.js";
import { align, fill, flatten, group, hardLine, indent, join, line, mustBreak, type Document } from "./document.js";
import { beforeBody, expression, operation, settingLines, settings } from "./expression.js";
import { needsAsOperation } from "./parentheses.js";
import { body, type } from "./statement.js";
import { compression, weights } from "./weights.js";

export const width = 120;

export function declaration(context: Context, node: Declaration): Document {
  switch (node.kind) {
    case "import": {
      const names = bracketed(context, node.names, node.from.span.start, bracesPadded, ({ name }) => name);
      return ["import ", names, ` from ${quoteString(node.from.value)}`];
    }
    case "outer":
      return `outer ${node.name.name}`;
    case "block":
    case "task":
      return block(context, node);
    case "alias":
      return [`${node.keyword} ${node.name.name} = ${node.target.name}`, settings(context, node.settings)];
    case "function":
      return functionDeclaration(context, node);
    case "index": {
      const end = node.value.span.start;
      const inputs = node.inputs.length > 0 ? parenthesizedInputs(context, node.inputs, end) : "";
      const head = [`${node.keyword} ${node.name.name}`, inputs, " ="];
      const comments = context.trivia.trailing(node.value.span.start);
      return [head, comments, group(indent([line, expression(context, node.value)]))];
    }
    case "config":
      return [`config ${node.name.name} = ${node.model.name}`, settings(context, node.settings)];
    case "check":
      return ["check ", operation(context, node.condition)];
    case "weights":
      return weights(context, node);
    case "run": {
      const target = node.target.map(({ name }) => name).join(".");
      const over = node.over ? ` over ${node.over.name}` : "";
      return [`${node.keyword} ${target}${over} `, settingLines(context, node.settings)];
    }
    case "compression":
      return compression(context, node);
  }
}

const bracesPadded = { open: "{", close: "}", padded: true };

// --------------------------------------------------------------------------------------------------------- signatures

function block(context: Context, node: BlockDeclaration | TaskDeclaration): Document {
  const isTask = node.kind === "task";
  const head = [
    `${isTask ? "task" : node.keyword} ${node.name.name}`,
    isTask ? "" : variables(context, node.variables, node.span.end),
    parameters(context, node.parameters, startOfInputs(node)),
  ];
  const inputs = parenthesizedInputs(context, node.inputs, endOfInputs(node));
  const on = isTask ? ` on ${node.model.name} as ${node.values.map(({ name }) => name).join(", ")}` : "";
  const result = node.results.length > 0 ? arrow(context, node.results) : undefined;
  const where = node.where.length === 0 ? undefined : facts(context, node.where);
  const rest = body(context, node.body);
  return [signature(head, [inputs, on], result, where), " ", rest];
}

function functionDeclaration(context: Context, node: FunctionDeclaration): Document {
  const head = [`fn ${node.name.name}`, variables(context, node.variables, startOfInputs(node))];
  const inputs = parenthesizedInputs(context, node.inputs, endOfInputs(node));
  const result = node.results.length > 0 ? arrow(context, node.results) : undefined;
  const where = node.where.length === 0 ? undefined : facts(context, node.where, node.body.kind !== "body");
  const start = signature(head, inputs, result, where);
  if (node.body.kind === "body") return [start, " ", body(context, node.body)];
  const comments = context.trivia.trailing(node.body.span.start);
  return [start, " =", comments, group(indent([line, expression(context, node.body)]))];
}

/**
 * On one line if it fits; else broken before the facts; else before the inputs; else before all of these and the
 * result.
 */
function signature(
  head: Document,
  inputs: Document,
  result: Document | undefined,
  where: Document | undefined,
): Document {
  const spaced = (document: Document | undefined): Document => (document === undefined ? "" : [" ", document]);
  const below = (document: Document | undefined): Document => (document === undefined ? "" : [hardLine, document]);
  const fits = (document: Document, indentation: number): boolean =>
    !mustBreak(document) && indentation + flatten(document).length + " {".length <= width;

  const firstLine = [head, inputs, spaced(result)];
  const oneLine = [firstLine, spaced(where)];
  if (fits(oneLine, 0)) return oneLine;
  if (where && fits(firstLine, 0) && fits(where, 4)) return [firstLine, indent([hardLine, where], 4)];
  const second = [inputs, spaced(result), spaced(where)];
  if (fits(second, 4)) return [head, indent([hardLine, second], 4)];
  const inputsAndResult = [inputs, spaced(result)];
  if (fits(inputsAndResult, 4)) return [head, indent([hardLine, inputsAndResult, below(where)], 4)];
  const resultAndWhere = result ? [result, spaced(where)] : where;
  const last = resultAndWhere && fits(resultAndWhere, 4) ? below(resultAndWhere) : [below(result), below(where)];
  return [head, indent([hardLine, inputs, last], 4)];
}

function startOfInputs(node: BlockDeclaration | TaskDeclaration | FunctionDeclaration): number {
  return node.inputs[0]?.span.start ?? endOfInputs(node);
}

/** Where the text goes on after the inputs: no comment from here on is one of theirs. */
function endOfInputs(node: BlockDeclaration | TaskDeclaration | FunctionDeclaration): number {
  if (node.kind === "task") return node.model.span.start;
  const fact = node.where[0]?.span.start;
  return node.results[0]?.span.start ?? fact ?? node.body.span.start;
}

function variables(context: Context, names: readonly Identifier[], end: number): Document {
  if (names.length === 0) return "";
  const last = names.at(-1)?.span.end ?? end;
  return filled(context, names, last, { open: "[", close: "]" }, ({ name }) => name);
}

function parameters(context: Context, entries: readonly Parameter[], end: number): Document {
  if (entries.length === 0) return "";
  const last = entries.at(-1)?.span.end ?? end;
  return filled(context, entries, last, { open: "{", close: "}" }, (entry) => parameter(context, entry));
}

function parameter(context: Context, node: Parameter): Document {
  const comments = context.trivia.trailing(node.span.start);
  const start = node.type ? [node.name.name, ": ", type(context, node.type)] : node.name.name;
  return [comments, node.fallback ? [start, " = ", operation(context, node.fallback)] : start];
}

function parenthesizedInputs(context: Context, inputs: readonly Input[], end: number): Document {
  const last = inputs.at(-1)?.span.end ?? end;
  if (inputs.length === 0) return ["()", context.trivia.trailing(end)];
  return filled(context, inputs, last, { open: "(", close: ")" }, (entry) => input(context, entry));
}

function input(context: Context, node: Input): Document {
  const comments = context.trivia.trailing(node.span.start);
  const start = [comments, `${node.name.name}: `, type(context, node.type)];
  return node.fallback ? [start, " = ", expression(context, node.fallback)] : start;
}

function arrow(context: Context, results: readonly Type[]): Document {
  const types = results.map((result) => type(context, result));
  return ["-> ", join(", ", types)];
}

/** With `beforeEquals`, a name alone at the end stands in parentheses: `name =` would start a statement. */
function facts(context: Context, where: readonly Expression[], beforeEquals = false): Document {
  const parts: Document[] = [];
  where.forEach((fact, index) => {
    const isLast = index === where.length - 1;
    if (index > 0) parts.push([parts.pop() ?? "", context.trivia.trailing(fact.span.start)], line);
    const isBound = beforeEquals && isLast && fact.kind === "name";
    parts.push([beforeBody(context, fact, isBound || needsAsOperation(fact)), isLast ? "" : ","]);
  });
  return ["where ", align(fill(parts))];
}
