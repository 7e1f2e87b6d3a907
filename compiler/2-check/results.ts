/** What bodies give back, against what their signatures say. */
import type {
  BlockDeclaration,
  Expression,
  FunctionDeclaration,
  Span,
  TaskDeclaration,
  Type,
} from "../../grammar/ast.js";
import type { Value, ValueType } from "../ir/graph.js";
import { use } from "./builder.js";
import { unknown, type Meaning } from "./meaning.js";
import { edit } from "./mend/mend.js";
import { returned as bodyReturned } from "./mend/body.js";
import { describe } from "./numbers.js";
import { mark, report, type Scope } from "./scope.js";
import { asDeclared, checkResult } from "./signature.js";
import { isDType, printType, resolveType } from "./types.js";

/** One `return`: what it gives, and where each value was written. */
export interface Returned {
  readonly meanings: readonly Meaning[];
  readonly written: readonly Expression[];
  readonly span: Span;
}

/** Several values are one meaning until they are taken apart. */
export function asMeaning(meanings: readonly Meaning[]): Meaning {
  const [only, more] = meanings;
  if (!only || meanings.some(({ kind }) => kind === "unknown")) return unknown;
  return more ? { kind: "several", meanings } : only;
}

/** Every `return` of a definition must give what the signature says. */
export function compareReturns(
  scope: Scope,
  declaration: BlockDeclaration | TaskDeclaration | FunctionDeclaration,
  returns: readonly Returned[],
): void {
  const { results } = declaration;
  const [first] = returns;
  if (!first) {
    const { body } = declaration;
    const at = { start: body.span.end - 1, end: body.span.end };
    report(scope, "N108", { name: "return", callee: scope.owner }, at, {
      secondary: results[0] ? [mark(scope, results[0].span, "declared here")] : [],
      ...(body.kind === "body" && bodyReturned(scope, body)),
    });
    return;
  }
  if (results.length === 0) {
    if (declaration.kind === "block") reportUnsaid(scope, declaration, first);
    return;
  }
  const declared = results.map((type) => (isDType(type.name.name) ? resolveType(scope, type) : undefined));
  for (const { meanings, written, span } of returns) {
    if (!sameCount(scope, results, meanings, span)) continue;
    for (const [n, meaning] of meanings.entries()) {
      const type = declared[n];
      const at = written[n]?.span ?? span;
      if (!type || meaning.kind === "unknown") continue;
      if (meaning.kind === "tensor") checkResult(scope, type, meaning.value, at, results[n]?.span ?? span);
      else if (declaration.kind !== "function" || type.axes.length > 0)
        report(scope, "T208", { expected: printType(type), found: describe(meaning.kind) }, at);
    }
  }
}

function sameCount(scope: Scope, results: readonly Type[], meanings: readonly Meaning[], span: Span): boolean {
  if (results.length === meanings.length) return true;
  const declared = results[0] && mark(scope, results[0].span, "declared here");
  const what = `${scope.owner} returns ${count(meanings.length)}, its signature says ${count(results.length)}`;
  report(scope, "T202", { what }, span, { secondary: declared ? [declared] : [] });
  return false;
}

const count = (n: number): string => `${n} value${n === 1 ? "" : "s"}`;

/** Callers know a block by its signature alone, so that must say what comes out. */
function reportUnsaid(scope: Scope, declaration: BlockDeclaration, { meanings }: Returned): void {
  const types = meanings.flatMap((meaning) => (meaning.kind === "tensor" ? [printType(meaning.value.type)] : []));
  if (types.length < meanings.length) return;
  const text = `-> ${types.join(", ")}`;
  const { name, inputs, where, body } = declaration;
  const from = Math.max(name.span.end, ...inputs.map(({ span }) => span.end));
  const head = scope.file.text.slice(from, where[0]?.span.start ?? body.span.start);
  const closing = head.indexOf(")");
  const at = from + closing + 1;
  const fixes = closing >= 0 ? [edit(scope, { start: at, end: at }, ` ${text}`)] : [];
  report(scope, "N108", { name: "-> type", callee: name.name }, name.span, { help: `write \`${text}\``, fixes });
}

/** What an instance returns, under the declared labels. Undefined (reported) where it does not fit. */
export function returnedValues(
  scope: Scope,
  results: readonly Type[],
  meanings: readonly Meaning[],
  at: Span,
): { values: readonly Value[]; types: readonly ValueType[] } | undefined {
  if (meanings.length === 0 || (results.length > 0 && !sameCount(scope, results, meanings, at))) return undefined;
  const values: Value[] = [];
  const types: ValueType[] = [];
  for (const [n, meaning] of meanings.entries()) {
    const written = results[n];
    const declared = written && resolveType(scope, written);
    if (meaning.kind === "unknown" || (written && !declared)) return undefined;
    if (meaning.kind !== "tensor") {
      const expected = declared ? printType(declared) : "a tensor";
      report(scope, "T208", { expected, found: describe(meaning.kind) }, at);
      return undefined;
    }
    const found = use(scope.builder, meaning.value);
    if (written && declared && !checkResult(scope, declared, found, at, written.span)) return undefined;
    values.push(declared ? asDeclared(scope, declared, found) : found);
    types.push(declared ?? found.type);
  }
  return { values, types };
}
