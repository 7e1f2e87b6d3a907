/** `check params(gpt2.lm) == 124_439_808`: the number that there is. */
import type { CheckDeclaration, Expression } from "../../../grammar/ast.js";
import { printExpression } from "../../../grammar/index.js";
import type { SourceFile } from "../../1-resolve/program.js";
import { countText } from "../number-text.js";
import type { Snapshot } from "../snapshot.js";
import { code, paragraphs } from "./markdown.js";

export function checkText(
  { view }: Snapshot,
  file: SourceFile,
  { condition, doc }: CheckDeclaration,
): string | undefined {
  if (condition.kind !== "binary") return undefined;
  const lines = [condition.left, condition.right].flatMap((side) => {
    const [config, task] = countedBy(side);
    const declaration = config === undefined ? undefined : file.configs.get(config);
    const count = declaration && view.configs.countOf(file.name, declaration, task);
    return count === undefined ? [] : [`${printExpression(side)} = ${countText(count)}`];
  });
  return lines.length > 0 ? paragraphs(code(...lines), doc) : undefined;
}

/** The config and the task of `params(gpt2.lm)`. */
function countedBy(side: Expression): readonly [string?, string?] {
  const [argument] = side.kind === "call" ? side.arguments : [];
  const value = argument?.value;
  if (value?.kind === "name") return [value.name];
  return value?.kind === "member" && value.object.kind === "name" ? [value.object.name, value.name.name] : [];
}
