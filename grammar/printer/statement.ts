/** Bodies and statements. */
import type {
  Body,
  Expression,
  IfStatement,
  Span,
  Statement,
  Type,
  Axis,
  UnpackStatement,
  WeightStatement,
} from "../ast.js";
import type { Context } from "./context.js";
import { bracketed, filled } from "./bracketed.js";
import { group, hardLine, indent, join, line, mustBreak, stack, type Document } from "./document.js";
import { beforeBody, expression, sum } from "./expression.js";
import { needsAsSum } from "./parentheses.js";
import { columns, type Cell } from "./table.js";
import { asSuffix } from "./trivia.js";

/** `{`, statements in lines of their own, `}`; one statement stays on the line of its braces where the author put it. */
export function body(context: Context, node: Body): Document {
  const { statements, span } = node;
  const isOneLine = !context.text.slice(span.start, span.end).includes("\n");
  if (statements.length === 0 && !context.trivia.hasBefore(span.end)) return "{}";
  const [only, another] = statements;
  if (isOneLine && only && !another) {
    const printed = statement(context, only);
    // A group that does not fit breaks after the brace and before the other, as a body of several statements does.
    if (!mustBreak(printed)) return group(["{", indent([line, printed]), line, "}"]);
    return ["{", indent([hardLine, printed]), hardLine, "}"];
  }
  const isTable = (neighbours: readonly Statement[]): boolean => neighbours.some((entry) => isPadded(context, entry));
  const widths = columns(context, statements, cell, isTable);
  const lines = lined(context, statements, span, (entry, index) => statement(context, entry, widths[index]));
  return ["{", indent(lines), hardLine, "}"];
}

/** Assignments make a table where the author began one. */
function cell(node: Statement): Cell | undefined {
  if (node.kind === "assign") return { kind: node.operator, width: node.name.name.length };
  return node.kind === "unpack" ? { kind: "=", width: unpacked(node).length } : undefined;
}

function isPadded({ text }: Context, node: Statement): boolean {
  const last = node.kind === "assign" ? node.name : node.kind === "unpack" ? node.names.at(-1) : undefined;
  return last !== undefined && /^ {2,}\S/.test(text.slice(last.span.end, last.span.end + 99));
}

const unpacked = ({ names }: UnpackStatement): string => names.map(({ name }) => name).join(", ");

/**
 * Items in lines of their own, each after its line break, with the comments and single blank lines between them, up
 * to the end of `within`.
 */
export function lined<T extends { readonly span: Span }>(
  context: Context,
  items: readonly T[],
  within: Span,
  print: (item: T, index: number) => Document,
): Document {
  const printed: Document[] = [];
  /** Where in the text the last line ended that was printed. */
  let reached: number | undefined;
  const addLine = (start: number, document: Document): void => {
    const blank = reached !== undefined && /\n[^\S\n]*\n/.test(context.text.slice(reached, start));
    printed.push(hardLine, blank ? hardLine : "", document);
  };
  const addComments = (offset: number): void => {
    const { before, own } = context.trivia.above(offset);
    printed.push(before);
    for (const comment of own) {
      addLine(comment.span.start, comment.ownLine ? comment.text : asSuffix(comment));
      reached = comment.span.end;
    }
  };
  items.forEach((item, index) => {
    addComments(item.span.start);
    const { start, end } = item.span;
    const document = print(item, index);
    addLine(start, [document, context.trivia.trailing(end)]);
    reached = end;
  });
  addComments(within.end);
  return printed;
}

function statement(context: Context, node: Statement, column = 0): Document {
  switch (node.kind) {
    case "assign":
      return [`${node.name.name.padEnd(column)} ${node.operator} `, expression(context, node.value)];
    case "unpack":
      return [`${unpacked(node).padEnd(column)} = `, expression(context, node.value)];
    case "weight":
      return weight(context, node);
    case "repeat": {
      const head = [`repeat ${node.index.name} < `, beforeBody(context, node.count, needsAsSum(node.count)), " "];
      return [head, body(context, node.body)];
    }
    case "if":
      return branch(context, node);
    case "effect":
      return [`${node.keyword} `, expression(context, node.value)];
    case "return":
      return ["return ", returned(context, node.values)];
  }
}

function returned(context: Context, values: readonly Expression[]): Document {
  if (values.length === 1) return values.map((value) => expression(context, value));
  return filled(context, values, ",", (value) => expression(context, value));
}

function weight(context: Context, node: WeightStatement): Document {
  const head = [`${node.keyword} ${node.name.name}: `, type(context, node.type), " = "];
  const initial = expression(context, node.initial);
  return node.when ? [head, initial, " when ", expression(context, node.when)] : [head, initial];
}

/**
 * An `else` is beside the brace before it; after bodies of one line it is below where the author put it there, or where they do not
 * fit beside each other.
 */
function branch(context: Context, node: IfStatement): Document {
  const parts: Document[] = [];
  let comments: Document = "";
  let current: Body | IfStatement | undefined = node;
  let isBelow = false;
  while (current) {
    const otherwise = parts.length > 0 ? [comments, "else "] : "";
    if (current.kind === "body") {
      parts.push([otherwise, body(context, current)]);
      break;
    }
    const condition = beforeBody(context, current.condition);
    parts.push([otherwise, "if ", condition, " ", body(context, current.then)]);
    const next: Body | IfStatement | undefined = current.otherwise;
    if (next) {
      isBelow ||= context.text.slice(current.then.span.end, next.span.start).includes("\n");
      comments = context.trivia.trailing(next.span.start);
    }
    current = next;
  }
  return parts.some(mustBreak) ? join(" ", parts) : stack(parts, isBelow && parts.length > 1);
}

/** `f32[.., seq, d]` */
export function type(context: Context, node: Type): Document {
  const name = [context.trivia.trailing(node.span.start), node.name.name];
  if (!node.axes) return name;
  return [
    name,
    bracketed(context, node.axes, node.span.end, { open: "[", close: "]" }, (entry) => axis(context, entry)),
  ];
}

function axis(context: Context, node: Axis): Document {
  if (node.kind === "rest") return "..";
  const dim = sum(context, node.dim);
  const isOwn = node.label?.span.start === node.dim.span.start;
  return node.label && !isOwn ? [`${node.label.name}: `, dim] : dim;
}
