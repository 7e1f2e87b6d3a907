/** A config entry of a mask's name: `{causal = true}`, and then `mask: causal`, which is the entry and no mask. */
import type { Expression } from "../../grammar/ast.js";
import { declaredMask, maskParts, nameOfPart } from "./mask-parts.js";
import { renamedEntry } from "./mend/rename-entry.js";
import { ownerOf } from "./mend/mend.js";
import { isSaidBefore, mark, report, type Scope } from "./scope.js";

const entryKinds: readonly string[] = ["bool", "int", "real", "text"];

/** Whether an entry stands where the mask that it hides was meant; reported. */
export function hidesMask(scope: Scope, expression: Expression): boolean {
  for (const name of maskParts(expression).map(nameOfPart)) {
    const local = name && scope.names.get(name.name);
    if (!local || !entryKinds.includes(local.kind)) continue;
    const hidden = declaredMask(scope, name.name);
    if (!hidden) continue;
    const owner = ownerOf(scope);
    const entry = owner && "parameters" in owner && owner.parameters.find((each) => each.name.name === name.name);
    if (!entry) continue;
    const whose = hidden.file.name.startsWith("std/") ? "the library's" : "the file's";
    const what = `\`${name.name}\` is the config entry here, and hides ${whose} ${hidden.declaration.keyword}`;
    const free = local.kind === "bool" ? `is_${name.name}` : `${name.name}_size`;
    if (!isSaidBefore(scope, what, mark(scope, name.span)))
      report(scope, "D401", { what }, name.span, {
        secondary: [mark(scope, entry.name.span, "the entry")],
        ...renamedEntry(scope, name.name, free),
      });
    return true;
  }
  return false;
}
