/** What mends a size that nothing declares: the name that was meant, or its declaration. */
import type { Span } from "../../../grammar/ast.js";
import { closest } from "../../diagnostics/suggest.js";
import { edit, inserted, type Mend } from "./mend.js";
import type { Scope } from "../scope.js";

export function declaredSize(scope: Scope, name: string, span: Span): Mend {
  const sizes = [...scope.sizes.keys()].filter((size) => !scope.context.outer.has(size));
  const entries = [...scope.names].flatMap(([entry, { kind }]) => (kind === "int" ? [entry] : []));
  const near = closest(name, [...sizes, ...entries, ...scope.context.outer.keys()]);
  if (near !== undefined) return { help: `did you mean ${near}?`, fixes: [edit(scope, span, near)] };
  const help = `declare it: ${scope.owner}[${[...sizes, name].join(", ")}]`;
  const declaration = scope.file.declarations.get(scope.owner);
  if (declaration?.kind !== "block" && declaration?.kind !== "function") return { help };
  const last = declaration.variables.at(-1);
  const put = last
    ? inserted(scope, last.span.end, `, ${name}`)
    : inserted(scope, declaration.name.span.end, `[${name}]`);
  return { help, fixes: [put] };
}
