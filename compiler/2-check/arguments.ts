/** Which argument goes to which input: the piped value first, then by position, then by name. */
import type { Argument, Identifier, Input, Span } from "../../grammar/ast.js";
import { closest } from "../diagnostics/suggest.js";
import type { Meaning } from "./meaning.js";
import { report, type Scope } from "./scope.js";

/** The piped value, or an expression still to be read in the caller's scope. */
export type Given =
  | { readonly kind: "piped"; readonly meaning: Meaning; readonly span: Span }
  | { readonly kind: "written"; readonly argument: Argument };

/** Undefined (reported) where an argument has no place. */
export function matchArguments(
  scope: Scope,
  callee: string,
  inputs: readonly Input[],
  piped: { meaning: Meaning; span: Span } | undefined,
  written: readonly Argument[],
  config: readonly string[] = [],
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
    const name = argument.name ? namedInput(scope, callee, positional, argument.name, config) : positional[next++];
    if (name === undefined) {
      if (!argument.name) {
        const count = `${next}${piped ? ", the piped one included" : ""}`;
        const help = config.length > 0 ? `config goes in braces: ${callee}{${config[0]}: ...}` : undefined;
        report(scope, "T208", { expected: takes(callee, positional), found: count }, argument.span, { help });
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
  name: Identifier,
  config: readonly string[],
): string | undefined {
  if (names.includes(name.name)) return name.name;
  if (config.includes(name.name)) {
    report(scope, "N107", { name: name.name, callee }, name.span, {
      help: `${name.name} is config: ${callee}{${name.name}: ...}`,
    });
    return undefined;
  }
  const near = closest(name.name, names);
  report(scope, "N107", { name: name.name, callee }, name.span, {
    ...(near !== undefined && { label: `did you mean ${near}?` }),
    notes: [takes(callee, names)],
  });
  return undefined;
}

const takes = (callee: string, names: readonly string[]): string =>
  `${callee} takes ${names.length === 0 ? "no input" : `${names.length} input${names.length === 1 ? "" : "s"}: ${names.join(", ")}`}`;
