/** `--set d=48`: config entries given from outside the file, as text. */
import type { Parameter } from "../../grammar/ast.js";
import type { Meaning } from "../2-check/meaning.js";
import { unknown } from "../2-check/meaning.js";
import { describe } from "../2-check/numbers.js";
import { report, type Scope } from "../2-check/scope.js";
import type { EntryKind } from "../2-check/kinds.js";
import { constant } from "../shapes/index.js";

export type Overrides = ReadonlyMap<string, string>;

export function readOverride(scope: Scope, parameter: Parameter, kind: EntryKind, text: string): Meaning {
  const number = Number(text.replaceAll("_", ""));
  if (kind === "int" && text !== "" && Number.isSafeInteger(number))
    return { kind: "int", dim: constant(number), literal: true };
  if (kind === "real" && text !== "" && Number.isFinite(number)) return { kind: "real", value: number };
  if (kind === "bool" && (text === "true" || text === "false"))
    return { kind: "bool", condition: { kind: "constant", value: text === "true" } };
  if (kind === "text") return { kind: "text", value: text };
  report(
    scope,
    "D401",
    { what: `\`${parameter.name.name}\` is ${describe(kind)}, \`${text}\` is not` },
    parameter.span,
  );
  return unknown;
}
