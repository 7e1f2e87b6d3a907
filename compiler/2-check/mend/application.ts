/** What mends a layer that is called as a function is: `Linear{out: d}(x)` is `x |> linear: Linear{out: d}`. */
import type { Apply } from "../../../grammar/ast.js";
import { edit, sourceOf, standsAlone, type Mend } from "./mend.js";
import type { Scope } from "../scope.js";

export function appliedByPipe(scope: Scope, { label, block, settings, arguments: given = [], span }: Apply): Mend {
  const [first, ...others] = given;
  const free = label ? sourceOf(scope, label.span) : freeLabel(scope, block.name);
  const braces = settings ? sourceOf(scope, settings.span) : "";
  const rest = others.length > 0 ? `(${others.map((argument) => sourceOf(scope, argument.span)).join(", ")})` : "";
  const text = (input: string): string => `${input} |> ${free}: ${block.name}${braces}${rest}`;
  if (!first || first.name) return { help: `write \`${text("x")}\`` };
  const piped = text(sourceOf(scope, first.value.span));
  return { help: `write \`${piped}\``, fixes: [edit(scope, span, standsAlone(scope, span) ? piped : `(${piped})`)] };
}

/** `linear` for a `Linear`, with the loop's counter where there is one. */
function freeLabel(scope: Scope, block: string): string {
  const name = block.charAt(0).toLowerCase() + block.slice(1);
  const free = scope.names.has(name) ? `${name}_2` : name;
  return scope.loop === undefined ? free : `${free}[${scope.loop}]`;
}
