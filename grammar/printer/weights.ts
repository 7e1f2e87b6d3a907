/** The rules of `weights`, their `=` below each other. */
import type {
  AddressRule,
  LeafRule,
  PortRule,
  Segment,
  StringLiteral,
  WeightRule,
  WeightsDeclaration,
} from "../ast.js";
import { quoteString } from "../string-literal.js";
import type { Context } from "./context.js";
import { align, fill, hardLine, indent, line, type Document } from "./document.js";
import { pattern } from "./expression.js";
import { lined } from "./statement.js";

type EqualsRule = AddressRule | LeafRule | PortRule;

/** A left side this much longer than another is not worth the blanks to align them. */
const alignLimit = 32;

export function weights(context: Context, node: WeightsDeclaration): Document {
  const head = `weights ${node.model.name} from ${quoteString(node.from.value)} `;
  if (node.rules.length === 0 && !context.trivia.hasBefore(node.span.end)) return [head, "{}"];
  const columns = leftWidths(context, node.rules);
  const rules = lined(context, node.rules, node.span, (entry, index) => rule(context, entry, columns[index] ?? 0));
  return [head, "{", indent(rules), hardLine, "}"];
}

/** For each rule, the width of the left sides in its paragraph. */
function leftWidths(context: Context, rules: readonly WeightRule[]): number[] {
  const widths: number[] = [];
  let paragraph: number[] = [];
  const close = (): void => {
    const lengths = paragraph.map((index) => leftLength(rules[index]));
    const longest = Math.max(0, ...lengths);
    const isAligned = longest - Math.min(...lengths) <= alignLimit;
    paragraph.forEach((index, place) => (widths[index] = isAligned ? longest : (lengths[place] ?? 0)));
    paragraph = [];
  };
  rules.forEach((entry, index) => {
    const before = rules[index - 1];
    const gap = before ? context.text.slice(before.span.end, entry.span.start) : "";
    if (/\n\s*\n/.test(gap) || entry.kind !== before?.kind) close();
    paragraph.push(index);
  });
  close();
  return widths;
}

function leftLength(entry: WeightRule | undefined): number {
  return entry && hasEquals(entry) ? left(entry).length : 0;
}

function hasEquals(entry: WeightRule): entry is EqualsRule {
  return entry.kind === "address-rule" || entry.kind === "leaf-rule" || entry.kind === "port-rule";
}

function left(entry: EqualsRule): string {
  switch (entry.kind) {
    case "address-rule":
      return entry.address.map(segment).join(".");
    case "leaf-rule":
      return `leaf ${entry.block.name}.${entry.weight.name}`;
    case "port-rule":
      return `${entry.direction} ${entry.name.name}`;
  }
}

function segment(node: Segment): string {
  switch (node.kind) {
    case "label": {
      if (!node.index) return node.name.name;
      return `${node.name.name}[${node.index.kind === "number" ? node.index.text : node.index.name}]`;
    }
    case "group":
      return `(${node.names.map(({ name }) => name).join(" ")})`;
    case "any":
      return "*";
  }
}

function rule(context: Context, node: WeightRule, leftWidth: number): Document {
  switch (node.kind) {
    case "layout-rule":
      return `layout ${node.block.name}.${node.weight.name} [${pattern(node.pattern)}]`;
    case "ignore-rule":
      return ["ignore ", strings(context, node.names, ",")];
    case "prefix-rule":
      return ["prefix ", strings(context, node.names, ",")];
    case "leaf-rule":
      return [left(node).padEnd(leftWidth), " = ", strings(context, node.names, " |")];
    case "port-rule":
      return [left(node).padEnd(leftWidth), " = ", quoteString(node.external.value)];
    case "address-rule": {
      const stack = node.stack ? ` stack[${node.stack.name}]` : "";
      const layout = node.layout ? ` as [${pattern(node.layout)}]` : "";
      return [left(node).padEnd(leftWidth), " = ", quoteString(node.name.value), stack, layout];
    }
  }
}

function strings(context: Context, literals: readonly StringLiteral[], separator: string): Document {
  const parts: Document[] = [];
  literals.forEach((literal, index) => {
    const comments = context.trivia.trailing(literal.span.start);
    if (index > 0) parts.push([parts.pop() ?? "", comments], line);
    parts.push([index > 0 ? "" : comments, quoteString(literal.value), index < literals.length - 1 ? separator : ""]);
  });
  return align(fill(parts));
}
