/** Which argument goes to which input: the piped value first, then by position, then by name. */
import type { Argument, Input, Span } from "../../grammar/ast.js";
import { didYouMean } from "../diagnostics/did-you-mean.js";
import { closest } from "../diagnostics/suggest.js";
import type { Edit } from "../diagnostics/edit.js";
import type { Meaning } from "./meaning.js";
import { sourceOf, withoutArgument } from "./mend/mend.js";
import { mark, report, type Scope } from "./scope.js";

/** The piped value, or an expression still to be read in the caller's scope. */
export type Given =
  | { readonly kind: "piped"; readonly meaning: Meaning; readonly span: Span; readonly at?: Span | undefined }
  | { readonly kind: "written"; readonly argument: Argument };

/** A block's config entries, for those who pass them as data. */
export interface ConfigEntries {
  readonly names: readonly string[];
  /** Entries that must be given, and are not. */
  readonly due: readonly string[];
  readonly add: (entry: string) => Edit;
}

/** Undefined (reported) where an argument has no place. */
export function matchArguments(
  scope: Scope,
  callee: string,
  inputs: readonly Input[],
  piped: { meaning: Meaning; span: Span; at?: Span | undefined } | undefined,
  written: readonly Argument[],
  config?: ConfigEntries,
): Map<string, Given> | undefined {
  const given = new Map<string, Given>();
  const positional = inputs.map(({ name }) => name.name);
  let next = 0;
  const first = positional[0];
  if (piped) {
    if (first === undefined) {
      report(scope, "N107", { name: "a piped value", callee }, piped.span);
      return undefined;
    }
    given.set(first, { kind: "piped", ...piped });
    next = 1;
  }
  for (const argument of written) {
    const name = argument.name ? namedInput(scope, callee, positional, argument, written, config) : positional[next++];
    if (name === undefined) {
      if (!argument.name) {
        const count = `${next}${piped ? ", the piped one included" : ""}`;
        const mend = config && asConfig(scope, callee, argument, written, config);
        report(scope, "T208", { expected: inputsOf(callee, positional), found: count }, argument.span, mend);
      }
      return undefined;
    }
    if (given.has(name)) {
      report(scope, "N107", { name: `${name}\` a second time: \`${name}`, callee }, argument.span);
      return undefined;
    }
    given.set(name, { kind: "written", argument });
  }
  return given;
}

function namedInput(
  scope: Scope,
  callee: string,
  names: readonly string[],
  argument: Argument,
  written: readonly Argument[],
  config: ConfigEntries | undefined,
): string | undefined {
  const { name } = argument;
  if (!name || names.includes(name.name)) return name?.name;
  if (config?.names.includes(name.name)) {
    report(scope, "N107", { name: name.name, callee }, name.span, asConfig(scope, callee, argument, written, config));
    return undefined;
  }
  const near = closest(name.name, names);
  report(scope, "N107", { name: name.name, callee }, name.span, {
    ...didYouMean(mark(scope, name.span), near),
    notes: [takes(callee, names)],
  });
  return undefined;
}

/** `Linear(512)` is `Linear{out: 512}`: what is known at compile time goes in braces. */
export function asConfig(
  scope: Scope,
  callee: string,
  argument: Argument,
  written: readonly Argument[],
  { names, due, add }: ConfigEntries,
): { help?: string; fixes?: readonly Edit[] } {
  const entry = argument.name?.name ?? due[0];
  if (entry === undefined)
    return names.length > 0 ? { help: `config goes in braces: ${callee}{${names[0]}: ...}` } : {};
  const text = sourceOf(scope, argument.value.span);
  const pair = text === entry ? entry : `${entry}: ${text}`;
  return {
    help: `config goes in braces: \`${callee}{${pair}}\``,
    fixes: [add(pair), withoutArgument(scope, written, argument)],
  };
}

const inputsOf = (callee: string, names: readonly string[]): string =>
  `${names.length === 1 ? "1 input" : `${names.length} inputs`} for ${callee}${names.length > 0 ? ` (${names.join(", ")})` : ""}`;

const takes = (callee: string, names: readonly string[]): string =>
  `${callee} takes ${names.length === 0 ? "no input" : `${names.length} input${names.length === 1 ? "" : "s"}: ${names.join(", ")}`}`;
