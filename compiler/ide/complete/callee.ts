/** What the brackets at the cursor belong to: the function that is called, the block that is applied. */
import type { BlockDeclaration, Input } from "../../../grammar/ast.js";
import { lookup, type Declared, type SourceFile } from "../../1-resolve/program.js";
import { primitives } from "../../ops/index.js";
import type { Cursor } from "./cursor.js";
import { blockNamed, usageOf, written } from "./declared.js";
import { isGroup, isLower, isUpper, type Element } from "./elements.js";
import type { Locals } from "./local.js";

export interface Callee {
  readonly name: string;
  readonly inputs: readonly CalleeInput[];
  /** As many more as one likes. */
  readonly takesMore: boolean;
  /** The first input is what stands before `|>`. */
  readonly isPiped: boolean;
}

export interface CalleeInput {
  readonly name: string;
  readonly type: string;
  /** As it is written, with its default. */
  readonly detail: string;
  readonly isNeeded: boolean;
  /** It may be given by name. */
  readonly isNamed: boolean;
}

/** `before`: all up to the `(`. */
export function calleeOf(cursor: Cursor, locals: Locals, before: readonly Element[]): Callee | undefined {
  const last = before.at(-1);
  const hasBrackets = isGroup(last, "[");
  const hasSettings = isGroup(last, "{");
  const at = before.length - (hasBrackets || hasSettings ? 2 : 1);
  const name = before[at];
  if (isUpper(name) && !hasBrackets)
    return piped(before, startOfLayer(before, at), name.text, blockInputs(cursor, locals, name.text));
  if (!isLower(name) || hasSettings) return undefined;
  const isStage = before[at - 1]?.kind === "|>";
  const label = isStage ? locals.labels.find((each) => each.name === name.text)?.below?.blocks[0] : undefined;
  if (label) return piped(before, at, name.text, blockInputs(cursor, locals, label.name, label.file));
  return piped(before, at, name.text, functionInputs(cursor, name.text));
}

function piped(before: readonly Element[], start: number, name: string, inputs: readonly CalleeInput[]): Callee {
  const isPiped = before[start - 1]?.kind === "|>";
  const primitive = primitives.get(name);
  const takesMore = inputs.length === 0 || (primitive?.kind === "special" && primitive.arity === Infinity);
  return { name, inputs, takesMore, isPiped };
}

/** Where the label before a block begins, if there is one: `attn: Attention`, `h[i]: Layer`. */
export function startOfLayer(before: readonly Element[], block: number): number {
  if (before[block - 1]?.kind !== ":") return block;
  return isGroup(before[block - 2], "[") ? block - 3 : block - 2;
}

/** The block of a name, or of the default of an entry of that name. */
export function blockOfName(
  cursor: Cursor,
  { head }: Locals,
  name: string,
  file: SourceFile = cursor.file,
): (Declared<BlockDeclaration> & { readonly set: ReadonlySet<string> }) | undefined {
  const [fallback] = head.entries.find((entry) => entry.name.text === name)?.fallback ?? [];
  return blockNamed(cursor.snapshot.program, file, isUpper(fallback) ? fallback.text : name);
}

function blockInputs(cursor: Cursor, locals: Locals, name: string, file?: SourceFile): CalleeInput[] {
  const block = blockOfName(cursor, locals, name, file);
  return block ? block.declaration.inputs.map((input) => inputOf(block.file, input)) : [];
}

const inputOf = (file: SourceFile, input: Input): CalleeInput => ({
  name: input.name.name,
  type: written(file, input.type),
  detail: written(file, input),
  isNeeded: !input.fallback,
  isNamed: true,
});

function functionInputs({ snapshot, file }: Cursor, name: string): CalleeInput[] {
  const declared = lookup(snapshot.program, file, name);
  const declaration = declared?.declaration;
  if (declared && (declaration?.kind === "function" || declaration?.kind === "index"))
    return declaration.inputs.map((input) => inputOf(declared.file, input));
  const primitive = primitives.get(name);
  if (!primitive) return [];
  const usage = usageOf(primitive);
  const values = /\((.*)\)/.exec(usage)?.[1]?.split(", ") ?? [];
  const isNamed = primitive.kind === "special" ? new Set(primitive.named) : new Set<string>();
  return values.map((value) => {
    const [own = ""] = value.split(":");
    return { name: own, type: "", detail: value, isNeeded: !isNamed.has(own), isNamed: isNamed.has(own) };
  });
}
