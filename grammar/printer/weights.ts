/** The rules of `weights`, their `=` below each other. */
import type {
  AddressRule,
  ClassRule,
  CompressionDeclaration,
  CompressionRule,
  ConfigField,
  ConfigRule,
  ExpectRule,
  Expectation,
  FieldCase,
  FieldValue,
  LeafRule,
  PortRule,
  Segment,
  Span,
  Stack,
  StringLiteral,
  WeightRule,
  WeightsDeclaration,
} from "../ast.js";
import { quoteString } from "../string-literal.js";
import { bracketed, filled } from "./bracketed.js";
import type { Context } from "./context.js";
import { flatten, group, hardLine, indent, line, type Document } from "./document.js";
import { operation, pattern } from "./expression.js";
import { lined } from "./statement.js";
import { columns, type Cell } from "./table.js";

type EqualsRule = AddressRule | LeafRule | PortRule | ClassRule | ConfigRule;

export function weights(context: Context, node: WeightsDeclaration): Document {
  const head = `weights ${node.model.name} from ${quoteString(node.from.value)} `;
  if (node.rules.length === 0 && !context.trivia.hasBefore(node.span.end)) return [head, "{}"];
  const widths = columns(context, node.rules, cell);
  return [head, rules(context, node, (entry, index) => rule(context, entry, widths[index] ?? 0))];
}

export function compression(context: Context, node: CompressionDeclaration): Document {
  const head = `${node.keyword} ${node.config.name} `;
  if (node.rules.length === 0 && !context.trivia.hasBefore(node.span.end)) return [head, "{}"];
  const target = (entry: CompressionRule): string =>
    entry.target.kind === "address"
      ? entry.target.segments.map(segment).join(".")
      : `${entry.target.block.name}.${entry.target.weight.name}`;
  const widths = columns(context, node.rules, (entry) => ({ kind: entry.kind, width: target(entry).length }));
  const print = (entry: CompressionRule, index: number): Document => [
    `${target(entry).padEnd(widths[index] ?? 0)} = `,
    operation(context, entry.method),
  ];
  return [head, rules(context, node, print)];
}

/** A line for each; one rule stays on the line of its braces where the author put it. */
function rules<T extends { readonly span: Span }>(
  context: Context,
  node: { readonly rules: readonly T[]; readonly span: Span },
  print: (rule: T, index: number) => Document,
): Document {
  const [only, another] = node.rules;
  const open = context.text.lastIndexOf("{", only?.span.start);
  if (only && !another && !context.text.slice(open, node.span.end).includes("\n")) {
    return group(["{", indent([line, print(only, 0)]), line, "}"]);
  }
  return ["{", indent(lined(context, node.rules, node.span, print)), hardLine, "}"];
}

/** The rule for all the rest is in no table. */
function cell(entry: WeightRule): Cell | undefined {
  if (!hasEquals(entry)) return undefined;
  const { length } = left(entry);
  return entry.kind === "address-rule" && left(entry) === "*" ? undefined : { kind: entry.kind, width: length };
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
  return ["config ", filled(context, entries, ",", (entry) => [`${entry.name.name} = `, field(context, entry)])];
}

function field(context: Context, { value, cases, fallback, span }: ConfigField): Document {
  const end = (fallback ? context.text.lastIndexOf("}", fallback.span.start) : span.end - 1) + 1;
  return [
    operation(context, value),
    cases ? [" is ", bracketed(context, cases, end, { open: "{", close: "}" }, (one) => fieldCase(context, one))] : "",
    fallback ? [" else ", operation(context, fallback)] : "",
  ];
}

function fieldCase(context: Context, { field, value }: FieldCase): Document {
  return [`${fieldValue(context, field)}: `, operation(context, value)];
}

function expectations(context: Context, { expectations: all }: ExpectRule): Document {
  return ["expect ", filled(context, all, ",", (one) => expectation(context, one))];
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
  return filled(context, literals, separator, ({ value }) => quoteString(value));
}
