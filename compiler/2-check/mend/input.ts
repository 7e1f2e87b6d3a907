/** What mends a tensor of another dtype: the input as it is declared, or a conversion. */
import type { Input, Span } from "../../../grammar/ast.js";
import type { DType, Value } from "../../ir/graph.js";
import { converted, edit, sourceOf, type Mend } from "./mend.js";
import { mark, type Scope } from "../scope.js";
import type { Mark } from "../../diagnostics/problem.js";

/** The input of the declaration being read that a value is. */
function declaredInput(scope: Scope, value: Value): Input | undefined {
  const block = scope.file.declarations.get(scope.owner);
  const inputs =
    block && "inputs" in block ? block.inputs : scope.file.tasks.find(({ name }) => name.name === scope.owner)?.inputs;
  return inputs?.find(({ name }) => {
    const meaning = scope.names.get(name.name);
    return meaning?.kind === "tensor" && meaning.value === value;
  });
}

/** Ids declared as floats are declared wrongly; another tensor is converted where it is used. */
export function mendDType(scope: Scope, value: Value, wanted: DType, span: Span): Partial<Mend> & { at?: Mark } {
  const input = declaredInput(scope, value);
  if (input && wanted !== "f32") {
    const { name } = input.type;
    const axes = sourceOf(scope, { start: name.span.end, end: input.type.span.end });
    return {
      at: mark(scope, name.span, "declared here"),
      help: `declare \`${input.name.name}: ${wanted}${axes}\``,
      fixes: [edit(scope, name.span, wanted)],
    };
  }
  if (wanted !== "f32") return {};
  // Ids are names, not amounts: a table gives each its vector.
  if (input && value.type.dtype === "i32")
    return { help: "look ids up in a table first: `|> word: Embedding{size: ..., d: ...}`" };
  return converted(scope, span, "real");
}

/** An input without its default. */
export function alwaysGiven(scope: Scope, { name, type, span }: Input): Mend {
  return {
    help: `take its default away, so that \`${name.name}\` is always given`,
    fixes: [edit(scope, { start: type.span.end, end: span.end }, "")],
  };
}
