/**
 * Standard definitions for which the runtime has one kernel. In an instance they become that kernel's node; the `.tfm` text stays
 * what they mean, and tests hold each kernel against it.
 */
import type { BlockDeclaration, FunctionDeclaration } from "../../grammar/ast.js";
import type { SourceFile } from "../1-resolve/program.js";
import { emit, use, value } from "./builder.js";
import { weightAt } from "./member.js";
import type { ActivationNode } from "../ir/graph.js";
import type { Meaning } from "./meaning.js";
import type { Scope } from "./scope.js";

const activations: Record<string, ActivationNode["name"]> = {
  gelu: "gelu",
  gelu_tanh: "gelu-tanh",
  silu: "silu",
  quick_gelu: "quick-gelu",
};

const inLibrary = (scope: Scope, file: SourceFile, name: string): boolean =>
  scope.context.program.library.get(name)?.file === file;

export function intrinsicFunction(
  scope: Scope,
  declaration: FunctionDeclaration,
  file: SourceFile,
  inputs: readonly Meaning[],
): Meaning | undefined {
  if (!scope.context.intrinsics || scope.context.mode !== "instance" || !inLibrary(scope, file, declaration.name.name))
    return undefined;
  const activation = activations[declaration.name.name];
  const [input] = inputs;
  if (!activation || input?.kind !== "tensor") return undefined;
  const operand = use(scope.builder, input.value);
  const out = value(scope.builder, declaration.name.name, "f32", operand.type.axes);
  return { kind: "tensor", value: emit(scope.builder, { op: "activation", name: activation, operand, out }) };
}

/** Reads the block's own weights as its body would, then makes the one node. `body` is the block's scope, inputs bound. */
export function intrinsicBlock(body: Scope, declaration: BlockDeclaration, file: SourceFile): Meaning | undefined {
  if (!body.context.intrinsics || body.context.mode !== "instance" || !inLibrary(body, file, declaration.name.name))
    return undefined;
  const name = declaration.name.name;
  if (name !== "LayerNorm" && name !== "RMSNorm") return undefined;
  const input = body.names.get("x");
  const epsilon = body.names.get("eps");
  const weight = body.tree.entries.get("weight");
  const offset = body.tree.entries.get("bias");
  if (input?.kind !== "tensor" || epsilon?.kind !== "real" || epsilon.value === undefined || weight?.kind !== "weight")
    return undefined;
  const read = (leaf: string, entry: typeof weight): Meaning => weightAt(body, [leaf], leaf, entry.type);
  const gain = read("weight", weight);
  const bias = name === "LayerNorm" && offset?.kind === "weight" ? read("bias", offset) : undefined;
  if (gain.kind !== "tensor") return undefined;
  const operand = use(body.builder, input.value);
  const out = value(body.builder, "normalised", "f32", operand.type.axes);
  return {
    kind: "tensor",
    value: emit(body.builder, {
      op: "layer-norm",
      kind: name === "LayerNorm" ? "layer" : "rms",
      operand,
      gain: gain.value,
      bias: bias?.kind === "tensor" ? bias.value : undefined,
      epsilon: epsilon.value,
      out,
    }),
  };
}
