/** `train small.lm { optimizer: adamw(lr: 6e-4), schedule: cosine(2000, 600_000), clip: 1.0 }`: what it names, and its numbers. */
import type { Argument, Expression, RunDeclaration, Span, Statement, TaskDeclaration } from "../../grammar/ast.js";
import type { SourceFile } from "../1-resolve/program.js";
import { didYouMean, unknownName } from "../diagnostics/did-you-mean.js";
import { closest } from "../diagnostics/suggest.js";
import { problem, type Problem } from "../diagnostics/problem.js";

/** What an argument may be. "names" is a list of kinds of weights. */
type Kind = "number" | "names";

export type Makers = Readonly<Record<string, Readonly<Record<string, Kind>>>>;

/** Each with its arguments in order. */
const optimizers: Makers = {
  adamw: { lr: "number", beta1: "number", beta2: "number", eps: "number", decay: "number", skip_decay: "names" },
  adafactor: { lr: "number", decay: "number", clip: "number" },
  sgd: { lr: "number", momentum: "number", decay: "number" },
};
const schedules: Makers = {
  noam: { warmup: "number", d: "number" },
  cosine: { warmup: "number", total: "number", floor: "number" },
  linear: { warmup: "number", total: "number", floor: "number" },
  constant: { warmup: "number" },
};
export const settings: Readonly<Record<string, Makers | readonly string[] | "number">> = {
  optimizer: optimizers,
  schedule: schedules,
  clip: "number",
  accumulate: "number",
  ema: "number",
  precision: ["f32", "f16", "bf16"],
};

export function checkTraining({ target, settings: given }: RunDeclaration, file: SourceFile): Problem[] {
  const problems = checkTask(target, file);
  for (const { name, value } of given.entries) {
    const known = Object.hasOwn(settings, name.name) ? settings[name.name] : undefined;
    if (known === undefined) problems.push(unknownSetting(file, name));
    else if (known === "number") problems.push(...checkKind(file, name.name, known, value));
    else if (isList(known)) problems.push(...checkWord(file, name.name, known, value));
    else problems.push(...checkMaker(file, name.name, known, value));
  }
  return problems;
}

const isList = (known: Makers | readonly string[]): known is readonly string[] => Array.isArray(known);

/** The task is there, and has a loss to go down. */
function checkTask(target: RunDeclaration["target"], file: SourceFile): Problem[] {
  const [, name] = target;
  const task = name && file.tasks.find((each) => each.name.name === name.name);
  if (!name) {
    const at = target[0]?.span ?? { start: 0, end: 0 };
    return [fault(file, at, "`train` needs a task: write `train config.task`")];
  }
  const at = { file: file.name, span: name.span };
  if (!task)
    return [
      unknownName(
        name.name,
        at,
        file.tasks.map((each) => each.name.name),
      ),
    ];
  return hasLoss(task) ? [] : [fault(file, name.span, `${name.name} has no \`loss\` to train by`)];
}

function hasLoss(task: TaskDeclaration): boolean {
  const within = (statement: Statement): boolean => {
    if (statement.kind === "effect") return statement.keyword === "loss";
    if (statement.kind !== "if") return false;
    const { then, otherwise } = statement;
    const rest = otherwise?.kind === "if" ? [otherwise] : (otherwise?.statements ?? []);
    return [...then.statements, ...rest].some(within);
  };
  return task.body.statements.some(within);
}

function unknownSetting(file: SourceFile, { name, span }: { readonly name: string; readonly span: Span }): Problem {
  const { label, fixes } = didYouMean({ file: file.name, span }, closest(name, Object.keys(settings)));
  const primary = { file: file.name, span, ...(label !== undefined && { label }) };
  return problem("N101", { name, block: "train" }, primary, {
    fixes,
    notes: [`train has: ${Object.keys(settings).join(", ")}`],
  });
}

/** `adamw(lr: 6e-4)`, or `adamw` alone. */
function checkMaker(file: SourceFile, setting: string, makers: Makers, value: Expression): Problem[] {
  const called = value.kind === "call" ? value.callee : value;
  const written: readonly Argument[] = value.kind === "call" ? value.arguments : [];
  if (called.kind !== "name")
    return [fault(file, value.span, `\`${setting}\` is one of ${Object.keys(makers).join(", ")}`)];
  const kinds = Object.hasOwn(makers, called.name) ? makers[called.name] : undefined;
  if (!kinds) return [unknownName(called.name, { file: file.name, span: called.span }, Object.keys(makers))];
  const names = Object.keys(kinds);
  return written.flatMap((argument, n) => {
    const name = argument.name?.name ?? names[n];
    const kind = name !== undefined && Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (name === undefined || kind === undefined) {
      const span = argument.name?.span ?? argument.span;
      const { label, fixes } = didYouMean({ file: file.name, span }, closest(name ?? "", names));
      const primary = { file: file.name, span, ...(label !== undefined && { label }) };
      const notes = [`${called.name} takes ${names.join(", ")}`];
      return [problem("N107", { name: name ?? `argument ${n + 1}`, callee: called.name }, primary, { fixes, notes })];
    }
    return checkKind(file, name, kind, argument.value);
  });
}

function checkWord(file: SourceFile, setting: string, words: readonly string[], value: Expression): Problem[] {
  if (value.kind === "name" && words.includes(value.name)) return [];
  if (value.kind === "name") return [unknownName(value.name, { file: file.name, span: value.span }, words)];
  return [fault(file, value.span, `\`${setting}\` is one of ${words.join(", ")}`)];
}

function checkKind(file: SourceFile, name: string, kind: Kind, value: Expression): Problem[] {
  if (kind === "names") {
    const isNames = value.kind === "list" && value.items.every((item) => item.kind === "name");
    return isNames ? [] : [fault(file, value.span, `\`${name}\` must be a list of names, such as [bias, norm]`)];
  }
  return value.kind === "number" ? [] : [fault(file, value.span, `\`${name}\` must be a number that is not negative`)];
}

const fault = (file: SourceFile, span: Span, what: string): Problem =>
  problem("C502", { what }, { file: file.name, span });
