/** Mends: help for a person and the same as edits of the text, made together. */
import type {
  Argument,
  BlockDeclaration,
  FunctionDeclaration,
  Settings,
  Span,
  TaskDeclaration,
} from "../../../grammar/ast.js";
import { sourceOf as sourceIn } from "../../1-resolve/source-of.js";
import type { Edit } from "../../diagnostics/edit.js";
import type { Scope } from "../scope.js";

export interface Mend {
  readonly help: string;
  readonly fixes?: readonly Edit[];
}

export function edit({ file }: Scope, span: Span, text: string): Edit {
  return { file: file.name, span, text };
}

export const inserted = (scope: Scope, at: number, text: string): Edit => edit(scope, { start: at, end: at }, text);

export const sourceOf = ({ file }: Scope, span: Span): string => sourceIn(file, span);

/** What stands there becomes `text`, and the help says so. */
export function replaced(scope: Scope, span: Span, text: string): Mend {
  return { help: `write \`${text}\``, fixes: [edit(scope, span, text)] };
}

/** `add \`where seq <= ctx\``: to the block, function, model or task that is being read. */
export function addFact(scope: Scope, fact: string): Mend {
  const help = `add \`where ${fact}\``;
  const { file } = scope;
  const declaration = ownerOf(scope);
  if (!declaration) return { help };
  const { start } = declaration.body.span;
  const at = start - (/[\s=]+$/.exec(file.text.before(start))?.[0].length ?? 0);
  const text = declaration.where.length > 0 ? `, ${fact}` : ` where ${fact}`;
  return { help, fixes: [{ file: file.name, span: { start: at, end: at }, text }] };
}

/** The declaration that is being read. */
export function ownerOf({ file, owner }: Scope): BlockDeclaration | FunctionDeclaration | TaskDeclaration | undefined {
  const own = file.declarations.get(owner);
  if (own?.kind === "block" || own?.kind === "function") return own;
  return file.tasks.find(({ name }) => name.name === owner);
}

/** Whether the text around a span ends there as a whole expression would, so that a stage can follow it. */
export function standsAlone({ file: { text } }: Scope, { start, end }: Span): boolean {
  const before = text.before(start).trimEnd();
  const after = text.after(end).replace(/^[^\S\n]+/, "");
  return /([(,:{]|[^=!<>+*]=|[+*]=|\b(return|loss|aux|yield|then|else))$/.test(before) && /^([),}\n]|$)/.test(after);
}

/** `operand |> stage`, in parentheses where it is part of a larger expression. */
export function piped(scope: Scope, span: Span, stage: string): Edit[] {
  if (standsAlone(scope, span)) return [inserted(scope, span.end, ` |> ${stage}`)];
  return [inserted(scope, span.start, "("), inserted(scope, span.end, ` |> ${stage})`)];
}

const isInParentheses = ({ file: { text } }: Scope, { start, end }: Span): boolean =>
  text.slice(start - 1, start) === "(" && text.slice(end, end + 1) === ")";

/** `f(operand)`, whatever stands around it. */
export function called(scope: Scope, span: Span, callee: string): Mend {
  const inner = isInParentheses(scope, span) && !/[\w\]]$/.test(scope.file.text.before(span.start - 1));
  const text = sourceOf(scope, span);
  const help =
    text.length <= 40 && !text.includes("\n") ? `write \`${callee}(${text})\`` : `wrap it: \`${callee}(...)\``;
  if (inner) return { help, fixes: [inserted(scope, span.start - 1, callee)] };
  return { help, fixes: [inserted(scope, span.start, `${callee}(`), inserted(scope, span.end, ")")] };
}

/** Another entry in a layer's braces, which are made where there are none. */
export function configured(scope: Scope, settings: Settings | undefined, { end }: Span, entry: string): Edit {
  const last = settings?.entries.at(-1);
  if (last) return inserted(scope, last.span.end, `, ${entry}`);
  return settings ? inserted(scope, settings.span.start + 1, entry) : inserted(scope, end, `{${entry}}`);
}

/** Takes an argument out of its list, with its comma, or with the parentheses that would be left empty. */
export function withoutArgument(scope: Scope, all: readonly Argument[], argument: Argument): Edit {
  const n = all.indexOf(argument);
  const [before, after] = [all[n - 1], all[n + 1]];
  const { start, end } = argument.span;
  if (after) return edit(scope, { start, end: after.span.start }, "");
  if (before) return edit(scope, { start: before.span.end, end }, "");
  return edit(scope, isInParentheses(scope, { start, end }) ? { start: start - 1, end: end + 1 } : { start, end }, "");
}

/** `real(x)`; for a stage, a stage before it. */
export function converted(scope: Scope, span: Span, name: "real" | "int"): Mend {
  return isStage(scope, span)
    ? { help: `convert it first: \`${name} |>\``, fixes: [inserted(scope, span.start, `${name} |> `)] }
    : called(scope, span, name);
}

/** A name, with brackets, parentheses and members behind it, but no operator: what brackets can follow. */
const tight = /^@?\w+(\.\w+|\[[^[\]]*\]|\([^()]*\))*$/;

/** `operand[items]`. */
export function subscripted(scope: Scope, span: Span, items: string): Mend {
  const text = sourceOf(scope, span);
  if (tight.test(text))
    return { help: `write \`${text}[${items}]\``, fixes: [inserted(scope, span.end, `[${items}]`)] };
  return {
    help: `write \`(...)[${items}]\``,
    fixes: [inserted(scope, span.start, "("), inserted(scope, span.end, `)[${items}]`)],
  };
}

/** Whether a span is a stage of a pipe: what it is given stands before it. */
export const isStage = ({ file }: Scope, { start }: Span): boolean => file.text.before(start).trimEnd().endsWith("|>");

/** What an argument (or, for a stage, what is piped into it) goes through first. */
export function through(scope: Scope, span: Span, stage: string): Edit[] {
  return isStage(scope, span) ? [inserted(scope, span.start, `${stage} |> `)] : piped(scope, span, stage);
}
