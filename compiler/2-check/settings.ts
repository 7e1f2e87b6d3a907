/** `{...}`: the entries of a block's config, given, defaulted, or (at a definition) symbols that can be anything. */
import type { Expression, Parameter, Setting } from "../../grammar/ast.js";
import { didYouMean } from "../diagnostics/did-you-mean.js";
import { closest } from "../diagnostics/suggest.js";
import { atom, variable } from "../shapes/index.js";
import { evaluate } from "./expressions.js";
import type { EntryKind } from "./kinds.js";
import { describe } from "./numbers.js";
import { unknown, type Meaning } from "./meaning.js";
import { replaced } from "./mend/mend.js";
import { mark, report, type Scope } from "./scope.js";

/** A config entry at a definition: any value of its kind. */
export function symbol(scope: Scope, name: string, kind: EntryKind): Meaning {
  switch (kind) {
    case "int":
      return { kind: "int", dim: variable(atom(name, "config", { min: 1 })), label: name };
    case "real":
      return { kind: "real", value: undefined };
    case "bool":
      return { kind: "bool", condition: { kind: "flag", atom: atom(name, "config", { min: 0 }) } };
    case "text":
      return { kind: "text", value: undefined };
    case "function":
      return { kind: "function", target: "any", axes: [], given: [], scope: undefined };
    case "block":
      return { kind: "block", name: undefined, settings: undefined, scope, at: undefined };
  }
}

/** Reports entries that the block does not have, with the nearest that it has; whether it has them all. */
export function checkNames(
  scope: Scope,
  block: string,
  parameters: readonly Parameter[],
  settings: readonly Setting[],
): boolean {
  const names = parameters.map(({ name }) => name.name);
  let known = true;
  for (const [n, { name, form }] of settings.entries()) {
    const first = settings.findIndex((other) => other.name.name === name.name);
    if (first < n) report(scope, "N104", { name: name.name }, name.span);
    if (names.includes(name.name)) continue;
    known = false;
    const near = closest(name.name, names);
    // A pun that is misspelt on one side only is no pun: `{head}` becomes `{heads: head}`.
    const meant = near !== undefined && form === "pun" && scope.names.has(name.name) ? `${near}: ${name.name}` : near;
    report(scope, "N101", { name: name.name, block }, name.span, {
      ...didYouMean(mark(scope, name.span), meant),
      notes: [names.length > 0 ? `${block} has: ${names.join(", ")}` : `${block} has no config`],
    });
  }
  return known;
}

/** The value given to an entry, as its kind; a literal whole number serves as a real. */
export function readSetting(
  scope: Scope,
  block: string,
  parameter: Parameter,
  kind: EntryKind,
  written: Expression,
): Meaning {
  return asKind(scope, block, parameter, kind, evaluate(scope, written), written);
}

export function asKind(
  scope: Scope,
  block: string,
  parameter: Parameter,
  kind: EntryKind,
  meaning: Meaning,
  at: Expression,
): Meaning {
  if (meaning.kind === "unknown" || meaning.kind === kind) return meaning;
  if (kind === "real" && meaning.kind === "int" && meaning.literal === true) {
    return {
      kind: "real",
      value: at.kind === "number" ? at.value : Number(scope.file.text.slice(at.span.start, at.span.end)),
    };
  }
  report(
    scope,
    "D401",
    { what: `${block}'s \`${parameter.name.name}\` is ${describe(kind)}, this is ${describe(meaning.kind)}` },
    at.span,
    kind === "int" && at.kind === "number" && Number.isSafeInteger(at.value)
      ? replaced(scope, at.span, String(at.value))
      : {},
  );
  return unknown;
}
