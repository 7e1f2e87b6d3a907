/** The rules of `weights`, their `=` below each other. */
import type {
  AddressRule,
  ClassRule,
  CompressionDeclaration,
  ConfigField,
  ConfigRule,
  ExpectRule,
  Expectation,
  FieldValue,
  LeafRule,
  PortRule,
  Segment,
  Stack,
  StringLiteral,
  WeightRule,
  WeightsDeclaration,
} from "../ast.js";
import { quoteString } from "../string-literal.js";
import { filled } from "./bracketed.js";
import type { Context } from "./context.js";
import { align, fill, flatten, hardLine, indent, line, type Document } from "./document.js";
import { operation, pattern } from "./expression.js";
import { lined } from "./statement.js";

type EqualsRule = AddressRule | LeafRule | PortRule | ClassRule | ConfigRule;

/** A left side this much longer than another is not worth the blanks to align them. */
const alignLimit = 32;

export function weights(context: Context, node: WeightsDeclaration): Document {
  const head = `weights ${node.model.name} from ${quoteString(node.from.value)} `;
  if (node.rules.length === 0 && !context.trivia.hasBefore(node.span.end)) return [head, "{}"];
  const columns = leftWidths(context, node.rules);
  const rules = lined(context, node.rules, node.span, (entry, index) => rule(context, entry, columns[index] ?? 0));
  return [head, "{", indent(rules), hardLine, "}"];
}

export function compression(context: Context, node: CompressionDeclaration): Document {
  const head = `${node.keyword} ${node.config.name} `;
  if (node.rules.length === 0 && !context.trivia.hasBefore(node.span.end)) return [head, "{}"];
  const lefts = node.rules.map(({ target }) =>
    target.kind === "address" ? target.segments.map(segment).join(".") : `${target.block.name}.${target.weight.name}`,
  );
  const width = Math.max(...lefts.map(({ length }) => length));
  const rules = lined(context, node.rules, node.span, ({ method }, index) => [
    `${(lefts[index] ?? "").padEnd(width)} = `,
    operation(context, method),
  ]);
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
  switch (entry.kind) {
    case "address-rule":
    case "leaf-rule":
    case "port-rule":
    case "class-rule":
      return true;
    case "config-rule":
      return entry.entries.length === 1;
    default:
      return false;
  }
}

function left(entry: EqualsRule): string {
  switch (entry.kind) {
    case "address-rule":
      return entry.address.map(segment).join(".");
    case "leaf-rule":
      return `leaf ${entry.block.name}.${entry.weight.name}`;
    case "port-rule":
      return `${entry.direction} ${entry.name.name}`;
    case "class-rule":
      return `${entry.keyword} ${entry.name.name}`;
    case "config-rule":
      return `config ${entry.entries[0]?.name.name ?? ""}`;
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

const stacked = ({ axis, pieces }: Stack): string => (pieces ? `${axis.name} / ${pieces.name}` : axis.name);

const ignoreWords = { tensors: "ignore ", carried: "carry ", fields: "ignore config " } as const;

function rule(context: Context, node: WeightRule, leftWidth: number): Document {
  switch (node.kind) {
    case "layout-rule":
      return `layout ${node.block.name}.${node.weight.name} [${pattern(node.pattern)}]`;
    case "ignore-rule":
      return [ignoreWords[node.what], strings(context, node.names, ",")];
    case "prefix-rule":
      return ["prefix ", strings(context, node.names, ",")];
    case "leaf-rule":
      return [left(node).padEnd(leftWidth), " = ", strings(context, node.names, " |")];
    case "port-rule":
      return [left(node).padEnd(leftWidth), " = ", quoteString(node.external.value)];
    case "type-rule":
      return ["type ", strings(context, node.names, " |")];
    case "class-rule":
      return [left(node).padEnd(leftWidth), " = ", strings(context, node.classes, " |")];
    case "config-rule":
      return config(context, node, leftWidth);
    case "expect-rule":
      return expectations(context, node);
    case "address-rule": {
      const stack = node.stack ? ` stack[${stacked(node.stack)}]` : "";
      const layout = node.layout ? ` as [${pattern(node.layout)}]` : "";
      return [left(node).padEnd(leftWidth), " = ", quoteString(node.name.value), stack, layout];
    }
  }
}

/** Several entries a line as they fit; one alone has its `=` below those of its neighbours. */
function config(context: Context, { entries }: ConfigRule, leftWidth: number): Document {
  const [only, another] = entries;
  if (only && !another) return [`config ${only.name.name}`.padEnd(leftWidth), " = ", field(context, only)];
  const parts: Document[] = [];
  entries.forEach((entry, index) => {
    if (index > 0) parts.push(line);
    const comments = context.trivia.trailing(entry.span.start);
    const comma = index < entries.length - 1 ? "," : "";
    parts.push([comments, `${entry.name.name} = `, field(context, entry), comma]);
  });
  return ["config ", align(fill(parts))];
}

function field(context: Context, { value, cases, fallback, span }: ConfigField): Document {
  const end = (fallback ? context.text.lastIndexOf("}", fallback.span.start) : span.end - 1) + 1;
  return [
    operation(context, value),
    cases
      ? [
          " is ",
          filled(context, cases, end, { open: "{", close: "}" }, (one) => [
            `${fieldValue(context, one.field)}: `,
            operation(context, one.value),
          ]),
        ]
      : "",
    fallback ? [" else ", operation(context, fallback)] : "",
  ];
}

function expectations(context: Context, { expectations: all }: ExpectRule): Document {
  const parts: Document[] = [];
  all.forEach((one, index) => {
    if (index > 0) parts.push(line);
    const comments = context.trivia.trailing(one.span.start);
    parts.push([comments, expectation(context, one), index < all.length - 1 ? "," : ""]);
  });
  return ["expect ", align(fill(parts))];
}

function expectation(context: Context, { field, allowed, when }: Expectation): Document {
  const values = allowed.map((value) => fieldValue(context, value)).join(" | ");
  const written = operation(context, field);
  // What does not begin with a field's name would be read as an address.
  const begun = /^["(]/.test(flatten(written)) ? written : ["(", written, ")"];
  return [begun, ` = ${values}`, when ? [" when ", operation(context, when)] : ""];
}

/** Numbers stay as they were written. */
function fieldValue(context: Context, { value, span }: FieldValue): string {
  if (typeof value === "string") return quoteString(value);
  return context.text.slice(span.start, span.end).replace(/\s+/g, "");
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
