/** Expressions. */
import type {
  Apply,
  Argument,
  Attend,
  Binary,
  BinaryOperator,
  Conditional,
  Expression,
  Identifier,
  Item,
  Merge,
  Pattern,
  Pipe,
  Rearrange,
  Scan,
  Setting,
  Settings,
  SliceItem,
  Stage,
} from "../ast.js";
import { comparisonPrecedence, precedence } from "../precedence.js";
import { quoteString } from "../string-literal.js";
import { bracketed, uncommented } from "./bracketed.js";
import type { Context } from "./context.js";
import { flatten, group, indent, join, line, softLine, type Document } from "./document.js";
import * as needs from "./parentheses.js";
import { createTrivia } from "./trivia.js";

const parentheses = { open: "(", close: ")" };
const squares = { open: "[", close: "]" };
const braces = { open: "{", close: "}" };
const paddedBraces = { ...braces, padded: true };

export function expression(context: Context, node: Expression): Document {
  // Comments from inside of an expression go to the end of the line it comes to be on.
  const comments = context.trivia.trailing(node.span.start);
  return [comments, withoutComments(context, node)];
}

function withoutComments(context: Context, node: Expression): Document {
  switch (node.kind) {
    case "number":
      return node.text;
    case "string":
      return quoteString(node.value);
    case "boolean":
      return String(node.value);
    case "name":
      return node.name;
    case "position":
      return `@${node.axis.name}`;
    case "list":
      return bracketed(context, node.items, node.span.end, squares, (item) => expression(context, item));
    case "unary":
      return [node.operator, parenthesized(context, node.operand, needs.needsAfterSign(node.operand))];
    case "binary":
      return binary(context, node);
    case "conditional":
      return conditional(context, node);
    case "member":
      return [object(context, node.object, "member"), ".", node.name.name];
    case "subscript":
      return [
        object(context, node.object, "subscript"),
        bracketed(context, node.items, node.span.end, squares, (entry) => item(context, entry)),
      ];
    case "call":
      return [object(context, node.callee, "call"), callArguments(context, node.arguments, node.span.end)];
    case "apply":
      return apply(context, node);
    case "pipe":
      return pipe(context, node);
    case "attend":
      return attend(context, node);
    case "scan":
      return scan(context, node);
    case "missing":
      return "";
  }
}

/** Where the grammar has `operation`. */
export function operation(context: Context, node: Expression): Document {
  return parenthesized(context, node, needs.needsAsOperation(node));
}

/** An `operation` or `sum` with a body after it. */
export function beforeBody(context: Context, node: Expression, isNeeded = needs.needsAsOperation(node)): Document {
  return parenthesized(context, node, isNeeded || needs.needsBeforeBody(node));
}

/** Where the grammar has `sum`. */
export function sum(context: Context, node: Expression): Document {
  return parenthesized(context, node, needs.needsAsSum(node));
}

function parenthesized(context: Context, node: Expression, isNeeded: boolean): Document {
  const inner = expression(context, node);
  return isNeeded ? group(["(", indent([softLine, inner]), softLine, ")"]) : inner;
}

function object(context: Context, node: Expression, postfix: "member" | "subscript" | "call"): Document {
  return parenthesized(context, node, needs.needsAsObject(node, postfix));
}

// ---------------------------------------------------------------------------------------------------------- operators

/** A chain of operators that bind alike breaks before all of them: `a + b` and below it `+ c`. */
export function binary(context: Context, node: Binary, beforeOperator = ""): Document {
  const level = precedence[node.operator];
  if (node.operator === "^") return power(context, node);
  const links: { operator: BinaryOperator; operand: Expression }[] = [];
  let first: Expression = node;
  // Comparisons do not chain: one to the left stands in parentheses.
  while (
    first.kind === "binary" &&
    precedence[first.operator] === level &&
    (links.length === 0 || (level !== comparisonPrecedence && !isParenthesized(context, first)))
  ) {
    links.unshift({ operator: first.operator, operand: first.right });
    first = first.left;
  }
  const operator = links[0]?.operator ?? node.operator;
  const head = operand(context, first, needs.needsAsLeft(first, operator));
  const rest = links.map((link, index): Document => {
    // A comment between two operands ends the line of the first, where it is found again.
    const comments = context.trivia.trailing(link.operand.span.start);
    const right = operand(context, link.operand, needs.needsAsRight(link.operand, link.operator));
    return [comments, index === 0 ? beforeOperator : "", line, `${link.operator} `, right];
  });
  return group([head, indent(rest)]);
}

/** How wide what stands before the operator is on one line. */
export function leftWidth(context: Context, { left, operator }: Binary): number {
  const alone = { ...context, trivia: createTrivia([]) };
  return flatten(operand(alone, left, needs.needsAsLeft(left, operator))).length;
}

/** Parentheses that say what would be so without them stay: `(a / b) * (c / d)`. */
function operand(context: Context, node: Expression, isNeeded: boolean): Document {
  const isOperation = node.kind === "binary" || node.kind === "unary";
  return parenthesized(context, node, isNeeded || (isOperation && isParenthesized(context, node)));
}

/** Whether an operand stands in parentheses in the text. */
function isParenthesized({ text }: Context, { span }: Expression): boolean {
  return text.slice(0, span.start).trimEnd().endsWith("(") && text.slice(span.end).trimStart().startsWith(")");
}

function power(context: Context, node: Binary): Document {
  const base = parenthesized(context, node.left, needs.needsAsLeft(node.left, "^"));
  return [base, " ^ ", parenthesized(context, node.right, needs.needsAsRight(node.right, "^"))];
}

/** On one line if it fits; else with a line for each `else`, and one for a `then` that has no room beside its condition. */
function conditional(context: Context, node: Conditional): Document {
  const [first = "", ...others] = arms(context, node, "if ");
  return group([first, indent(others.map((arm) => [line, arm]))]);
}

/** What is chosen between, in turn. */
function arms(context: Context, { condition, then, otherwise }: Conditional, keyword: string): Document[] {
  const test = parenthesized(context, condition, needs.needsInConditional(condition));
  const beforeThen = context.trivia.trailing(then.span.start);
  const branch = parenthesized(context, then, needs.needsInConditional(then));
  const beforeElse = context.trivia.trailing(otherwise.span.start);
  const arm = [group([keyword, test, beforeThen, indent([line, "then ", branch])]), beforeElse];
  if (otherwise.kind === "conditional") return [arm, ...arms(context, otherwise, "else if ")];
  return [arm, ["else ", operation(context, otherwise)]];
}

// ---------------------------------------------------------------------------------------------------------- pipelines

/** Stages that do not fit on the line of the input have a line each. One that is all there is breaks in its brackets. */
function pipe(context: Context, node: Pipe): Document {
  const input = operation(context, node.input);
  const [only, another] = node.stages;
  const isAlone = another === undefined && only?.kind === "apply" && isShort(node.input);
  const stages = node.stages.map((entry): Document => {
    const comments = context.trivia.trailing(entry.span.start);
    return [comments, isAlone ? " " : line, "|> ", stage(context, entry)];
  });
  return isAlone ? [input, stages] : group([input, indent(stages)]);
}

function isShort({ kind }: Expression): boolean {
  return kind === "name" || kind === "position" || kind === "member";
}

function stage(context: Context, node: Stage): Document {
  if (node.kind === "rearrange") return rearrange(context, node);
  return parenthesized(context, node, needs.needsAsStage(node));
}

function apply(context: Context, node: Apply): Document {
  return [
    node.label ? [expression(context, node.label), ": "] : "",
    node.block.name,
    node.settings ? settings(context, node.settings) : "",
    node.arguments ? callArguments(context, node.arguments, node.span.end) : "",
  ];
}

function rearrange(context: Context, node: Rearrange): Document {
  const sizes = node.sizes.map((size) => [`${size.name.name} = `, sum(context, size.value)]);
  const last = sizes.length > 0 ? ["; ", join(", ", sizes)] : "";
  return ["rearrange[", pattern(node.from), " -> ", pattern(node.to), last, "]"];
}

export function pattern(node: Pattern): string {
  return node.elements.map(patternElement).join(" ");
}

function patternElement(node: Pattern["elements"][number]): string {
  switch (node.kind) {
    case "rest":
      return "..";
    case "identifier":
      return node.name;
    case "merge":
      return merge(node);
  }
}

function merge({ name, parts }: Merge): string {
  if (parts.length === 0) return "1";
  return `(${name ? `${name.name}: ` : ""}${names(parts)})`;
}

function names(identifiers: readonly Identifier[]): string {
  return identifiers.map(({ name }) => name).join(" ");
}

// -------------------------------------------------------------------------------------------------- attend and scan

function attend(context: Context, node: Attend): Document {
  const head = `attend[${node.query.name}, ${node.key.name}]`;
  const end = node.settings?.span.start ?? node.span.end;
  const start = [head, callArguments(context, node.arguments, end)];
  if (!node.settings) return start;
  return [start, " ", settings(context, node.settings, paddedBraces)];
}

function scan(context: Context, node: Scan): Document {
  const carried = bracketed(context, node.carried, node.body.span.start, parentheses, (entry) =>
    setting(context, entry),
  );
  return [`scan[${node.axis.name}]`, carried, " ", context.body(node.body)];
}

// -------------------------------------------------------------------------------------------------- parts in brackets

function callArguments(context: Context, values: readonly Argument[], end: number): Document {
  return bracketed(context, values, end, parentheses, ({ name, value }) => [
    name ? `${name.name}: ` : "",
    expression(context, value),
  ]);
}

function item(context: Context, node: Item): Document {
  switch (node.kind) {
    case "slice-item":
      return [`${node.axis.name}: `, slice(context, node)];
    case "index-item":
      return [`${node.axis.name}: `, expression(context, node.index)];
    case "rename-item":
      return `${node.from.name} -> ${node.to.name}`;
    case "expression-item":
      return expression(context, node.value);
  }
}

function slice(context: Context, { from, to }: SliceItem): Document {
  const bound = (node: Expression | undefined): Document =>
    node ? parenthesized(context, node, needs.needsAsBound(node)) : "";
  return [bound(from), "..", bound(to)];
}

/** `{heads, c: head_dim}` */
export function settings(
  context: Context,
  node: Settings,
  brackets: typeof paddedBraces | typeof braces = braces,
): Document {
  return bracketed(context, node.entries, node.span.end, brackets, (entry) => setting(context, entry));
}

/** As `settings`, with an entry a line where the author parted them by line breaks alone. */
export function settingLines(context: Context, node: Settings): Document {
  const [first, second] = node.entries;
  const between = first && second && context.text.slice(first.span.end, second.span.start);
  const hasLines = between !== undefined && !uncommented(between).includes(",");
  const brackets = { ...braces, broken: hasLines, lineEach: hasLines, bare: node.entries.length > 1 };
  return bracketed(context, node.entries, node.span.end, brackets, (entry) => setting(context, entry));
}

/** `{ sample: greedy, stop: 2 }`, or an entry a line: where there is no room, and where the author began one. */
export function runSettings(context: Context, node: Settings): Document {
  const first = node.entries[0]?.span.start ?? node.span.start;
  const broken = context.text.slice(node.span.start, first).includes("\n");
  const brackets = { ...paddedBraces, broken, lineEach: true, bare: true };
  return bracketed(context, node.entries, node.span.end, brackets, (entry) => setting(context, entry));
}

function setting(context: Context, { name, form, value }: Setting): Document {
  switch (form) {
    case "pun":
      return name.name;
    case "colon":
      return [`${name.name}: `, expression(context, value)];
    case "equals":
      return [`${name.name} = `, expression(context, value)];
  }
}
