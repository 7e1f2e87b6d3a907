/** What is a layer elsewhere and a function here: `nn.Dropout(p)` is `dropout(p)`. */
import type { Apply, Span } from "../../grammar/ast.js";
import { lookup, namesInScope } from "../1-resolve/program.js";
import { primitives } from "../ops/index.js";
import { edit, sourceOf, type Mend } from "./mend/mend.js";
import type { Scope } from "./scope.js";

export function functionInstead(scope: Scope, name: string, stage: Apply | undefined): Mend | undefined {
  const { program } = scope.context;
  const wanted = name.toLowerCase();
  const found = [...namesInScope(program, scope.file), ...primitives.keys()].find(
    (other) => other.replaceAll("_", "") === wanted && !/^[A-Z]/.test(other),
  );
  if (found === undefined) return undefined;
  const isFunction = primitives.has(found) || lookup(program, scope.file, found)?.declaration.kind === "function";
  if (!isFunction || !stage) return undefined;
  const values = [...(stage.settings?.entries ?? []), ...(stage.arguments ?? [])].map(({ value }) => value.span);
  const text =
    values.length === 0 ? found : `${found}(${values.map((span: Span) => sourceOf(scope, span)).join(", ")})`;
  const axes = needsAxis(found) ? `[axis]` : "";
  return {
    help: `${found} is a function: write \`${found}${axes}${text.slice(found.length)}\``,
    ...(axes === "" && { fixes: [edit(scope, stage.span, text)] }),
  };
}

/** Whether a function says in brackets along which axis it works. */
function needsAxis(name: string): boolean {
  const primitive = primitives.get(name);
  return primitive?.kind === "reduce" || name.endsWith("softmax");
}
