/** Entries of a config: what kind they are, their defaults, and what each config makes of them. */
import type {
  BlockDeclaration,
  ConfigDeclaration,
  Expression,
  Parameter,
  TaskDeclaration,
} from "../../../grammar/ast.js";
import { printExpression } from "../../../grammar/index.js";
import type { SourceFile } from "../../1-resolve/program.js";
import { kindsOf } from "../../2-check/kinds.js";
import type { Snapshot } from "../snapshot.js";
import { bullets, code, inline, paragraphs, someOf } from "./markdown.js";
import { nameOfKind } from "../complete/local.js";

type Owner = BlockDeclaration | TaskDeclaration;

export function entryText(snapshot: Snapshot, file: SourceFile, owner: Owner, name: string): string | undefined {
  const entry = owner.parameters.find((each) => each.name.name === name);
  if (!entry) return undefined;
  const kind = nameOfKind[kindsOf(snapshot.program, file, owner).get(name) ?? ""] ?? "int";
  const fallback = entry.fallback ? ` = ${printExpression(entry.fallback)}` : "";
  const of = owner.kind === "task" ? `the task \`${owner.name.name}\`` : `\`${owner.name.name}\``;
  return paragraphs(
    code(`${name}: ${kind}${fallback}`),
    `Config of ${of}${entry.fallback ? "" : ", without a default"}.`,
    configsText(snapshot, owner, entry),
  );
}

/** Configs shown, of those of a model. */
const configLimit = 8;

function configsText({ program }: Snapshot, owner: Owner, entry: Parameter): string | undefined {
  const model = owner.kind === "task" ? owner.model.name : owner.name.name;
  const configs = [...program.entry.configs.values()].filter((config) => config.model.name === model);
  const lines = configs.map((config) => `${inline(config.name.name)}: ${valueText(config, owner, entry)}`);
  return lines.length > 0 ? bullets(someOf(lines, configLimit)) : undefined;
}

function valueText(config: ConfigDeclaration, owner: Owner, entry: Parameter): string {
  const setting = config.settings.entries.find(({ name }) => name.name === entry.name.name);
  const written = setting?.value ?? entry.fallback;
  if (!written) return "missing";
  const text = printExpression(written);
  const number = numberOf(written, numbersOf(config, owner));
  const value = number === undefined || String(number) === text || written.kind === "number" ? "" : ` = ${number}`;
  return `${inline(text + value)}${setting ? "" : ", by default"}`;
}

type Numbers = ReadonlyMap<string, number>;

/** Entries that are numbers, in order: a default may use those before it. */
export function numbersOf(config: ConfigDeclaration, owner: Owner): Numbers {
  const numbers = new Map<string, number>();
  for (const { name, fallback } of owner.parameters) {
    const written = config.settings.entries.find((setting) => setting.name.name === name.name)?.value ?? fallback;
    const number = written && numberOf(written, numbers);
    if (number !== undefined) numbers.set(name.name, number);
  }
  return numbers;
}

function numberOf(expression: Expression, known: Numbers): number | undefined {
  switch (expression.kind) {
    case "number":
      return expression.value;
    case "name":
      return known.get(expression.name);
    case "unary": {
      const operand = expression.operator === "-" ? numberOf(expression.operand, known) : undefined;
      return operand === undefined ? undefined : -operand;
    }
    case "binary": {
      const [left, right] = [numberOf(expression.left, known), numberOf(expression.right, known)];
      const apply = operators[expression.operator];
      return left === undefined || right === undefined ? undefined : apply?.(left, right);
    }
    default:
      return undefined;
  }
}

const operators: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "//": (a, b) => Math.floor(a / b),
  "%": (a, b) => a - b * Math.floor(a / b),
  "^": (a, b) => a ** b,
};
