/** The `where` of a model or a task, under one config. */
import type { BlockDeclaration, TaskDeclaration } from "../../grammar/ast.js";
import { printExpression } from "../../grammar/index.js";
import { base } from "../1-resolve/paths.js";
import type { SourceFile } from "../1-resolve/program.js";
import { isOpen } from "../2-check/decide.js";
import { readFacts, requireFacts } from "../2-check/require.js";
import type { Scope } from "../2-check/scope.js";
import type { Guard } from "../ir/graph.js";
import { assume } from "../shapes/index.js";

/** Facts about numbers are decided now; facts about sizes that only a call knows are checked there, on entry. */
export function readGuards(scope: Scope, file: SourceFile, declaration: BlockDeclaration | TaskDeclaration): Guard[] {
  const { context } = scope;
  const guards: Guard[] = [];
  for (const { condition, expression } of readFacts(scope, declaration.where)) {
    if (!isOpen(context, condition)) {
      requireFacts(scope, scope, declaration.name.name, [expression], expression.span);
      continue;
    }
    context.facts = assume(context.facts, condition);
    guards.push({
      condition,
      text: printExpression(expression),
      // Only what is emitted says it: a config is not another for standing on another line.
      get place() {
        return `${base(file.name)}:${file.lineOf(expression.span.start)}`;
      },
    });
  }
  return guards;
}
