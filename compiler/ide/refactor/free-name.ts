import type { Declaration } from "../../../grammar/ast.js";
import { nodesIn, type TreeNode } from "../nodes-at.js";

/** `name`, or with a number behind it the first that nothing in the declaration has. */
export function freeName(declaration: Declaration | TreeNode, name: string): string {
  const taken = new Set(
    nodesIn(declaration).flatMap((node) => ("name" in node && typeof node.name === "string" ? [node.name] : [])),
  );
  if (!taken.has(name)) return name;
  for (let n = 2; ; n++) if (!taken.has(`${name}_${n}`)) return `${name}_${n}`;
}
