/** Declarations. */
import type {
  Binary,
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
import { bracketed, closingEnd, filled } from "./bracketed.js";
import type { Context } from "./context.js";
import { group, indent, join, line, type Document } from "./document.js";
import {
  beforeBody,
  binary,
  expression,
  leftWidth,
  operation,
  runSettings,
  settingLines,
  settings,
} from "./expression.js";
import { needsAsOperation } from "./parentheses.js";
import { signature } from "./signature.js";
import { body, type } from "./statement.js";
import type { Cell } from "./table.js";
import { compression, weights } from "./weights.js";

/** `column` is how wide the first column is to be of the table that it is in. */
export function declaration(context: Context, node: Declaration, column = 0): Document {
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
      const given = node.inputs.length > 0 ? inputs(context, node.inputs, end) : "";
      const head = [`${node.keyword} ${node.name.name}`, given, " ="];
      const comments = context.trivia.trailing(node.value.span.start);
      return [head, comments, group(indent([line, expression(context, node.value)]))];
    }
    case "config":
      return [
        `${`config ${node.name.name}`.padEnd(column)} = ${node.model.name}`,
        settingLines(context, node.settings),
      ];
    case "check":
      return check(context, node.condition, column);
    case "weights":
      return weights(context, node);
    case "run": {
      const target = node.target.map(({ name }) => name).join(".");
      const over = node.over ? ` over ${node.over.name}` : "";
      return [`${node.keyword} ${target}${over} `, runSettings(context, node.settings)];
    }
    case "compression":
      return compression(context, node);
  }
}

/** What neighbours make a table of: the names of configs, and what checks compare. */
export function cell(context: Context, node: Declaration): Cell | undefined {
  if (node.kind === "config") return { kind: node.kind, width: `config ${node.name.name}`.length };
  if (node.kind !== "check" || !isEquation(node.condition)) return undefined;
  return { kind: node.kind, width: "check ".length + leftWidth(context, node.condition) };
}

function check(context: Context, condition: Expression, column: number): Document {
  if (!isEquation(condition)) return ["check ", operation(context, condition)];
  const padding = " ".repeat(Math.max(0, column - "check ".length - leftWidth(context, condition)));
  return ["check ", context.trivia.trailing(condition.span.start), binary(context, condition, padding)];
}

function isEquation(node: Expression): node is Binary {
  return node.kind === "binary" && node.operator === "==";
}

const bracesPadded = { open: "{", close: "}", padded: true };

// --------------------------------------------------------------------------------------------------------- signatures

function block(context: Context, node: BlockDeclaration | TaskDeclaration): Document {
  const isTask = node.kind === "task";
  const head = signature({
    head: [
      `${isTask ? "task" : node.keyword} ${node.name.name}`,
      isTask ? "" : variables(context, node.variables, node.parameters[0]?.span.start ?? startOfInputs(node)),
    ],
    parameters: parameters(context, node.parameters),
    inputs: inputs(context, node.inputs, endOfInputs(node)),
    on: isTask ? ` on ${node.model.name} as ${node.values.map(({ name }) => name).join(", ")}` : "",
    result: results(context, node.results),
    where: facts(context, node.where),
  });
  return [head, " ", body(context, node.body)];
}

function functionDeclaration(context: Context, node: FunctionDeclaration): Document {
  const head = signature({
    head: [`fn ${node.name.name}`, variables(context, node.variables, startOfInputs(node))],
    parameters: "",
    inputs: inputs(context, node.inputs, endOfInputs(node)),
    on: "",
    result: results(context, node.results),
    where: facts(context, node.where, node.body.kind !== "body"),
  });
  if (node.body.kind === "body") return [head, " ", body(context, node.body)];
  const comments = context.trivia.trailing(node.body.span.start);
  return [head, " =", comments, group(indent([line, expression(context, node.body)]))];
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
  return [
    "[",
    join(
      ", ",
      names.map(({ name }) => name),
    ),
    "]",
    context.trivia.trailing(end),
  ];
}

function parameters(context: Context, entries: readonly Parameter[]): Document {
  const last = entries.at(-1);
  if (!last) return "";
  const end = closingEnd(context, last.span.end);
  return bracketed(context, entries, end, { open: "{", close: "}" }, (entry) => parameter(context, entry));
}

function parameter(context: Context, node: Parameter): Document {
  const start = node.type ? [node.name.name, ": ", type(context, node.type)] : node.name.name;
  return node.fallback ? [start, " = ", operation(context, node.fallback)] : start;
}

function inputs(context: Context, entries: readonly Input[], before: number): Document {
  const last = entries.at(-1);
  const end = last ? closingEnd(context, last.span.end) : before;
  return bracketed(context, entries, end, { open: "(", close: ")" }, (entry) => input(context, entry));
}

function input(context: Context, node: Input): Document {
  const start = [`${node.name.name}: `, type(context, node.type)];
  return node.fallback ? [start, " = ", expression(context, node.fallback)] : start;
}

function results(context: Context, types: readonly Type[]): Document {
  if (types.length === 0) return "";
  return ["-> ", filled(context, types, ",", (result) => type(context, result))];
}

/** With `beforeEquals`, a name alone at the end stands in parentheses: `name =` would start a statement. */
function facts(context: Context, where: readonly Expression[], beforeEquals = false): Document {
  if (where.length === 0) return "";
  const last = where.at(-1);
  const isBound = (fact: Expression): boolean => beforeEquals && fact === last && fact.kind === "name";
  const fact = (node: Expression): Document => beforeBody(context, node, isBound(node) || needsAsOperation(node));
  return ["where ", filled(context, where, ",", fact)];
}
