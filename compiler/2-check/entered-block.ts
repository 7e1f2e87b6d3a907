/** Blocks as config entries: `block PreNorm[d]{Norm: block}(x: f32[.., d])` applies whatever block it is given. */
import type { Apply, Settings } from "../../grammar/ast.js";
import type { Mark } from "../diagnostics/problem.js";
import { value } from "./builder.js";
import { evaluate } from "./expressions.js";
import { unknown, type Meaning } from "./meaning.js";
import { describe } from "./numbers.js";
import { report, type Scope } from "./scope.js";

export interface EnteredBlock {
  /** The name of a declaration; absent where a definition does not know which block it will be given. */
  readonly name: string | undefined;
  /** Where that name was written, and how it is understood there. */
  readonly at: Mark | undefined;
  readonly scope: Scope;
  /** Settings given with the block, the nearest first, each with the scope it was written in. */
  readonly settings: readonly { readonly settings: Settings; readonly scope: Scope }[];
}

/** What a name stands for, through the entries that pass it on; undefined where it is no entry. */
export function enteredBlock(scope: Scope, name: string): EnteredBlock | undefined {
  const settings: { settings: Settings; scope: Scope }[] = [];
  let found: EnteredBlock | undefined;
  for (let steps = 0; steps < 50; steps++) {
    const [at, from] = [found ? found.name : name, found?.scope ?? scope];
    const given = at === undefined ? undefined : from.names.get(at);
    if (given?.kind !== "block") break;
    if (given.settings) settings.push({ settings: given.settings, scope: given.scope });
    found = { name: given.name, at: given.at, scope: given.scope, settings };
  }
  return found;
}

/** All that a definition knows of a block it is given: it keeps the shape. */
export function applyAnyBlock(scope: Scope, stage: Apply, piped: Meaning): Meaning {
  for (const { value: written } of stage.settings?.entries ?? []) evaluate(scope, written);
  for (const { value: written } of stage.arguments ?? []) evaluate(scope, written);
  if (piped.kind === "unknown") return unknown;
  if (piped.kind !== "tensor") {
    report(scope, "T208", { expected: "a tensor", found: describe(piped.kind) }, stage.span);
    return unknown;
  }
  const { name, type } = piped.value;
  return { kind: "tensor", value: value(scope.builder, name, type.dtype, type.axes) };
}
