/** What blocks have that others name: entries, inputs, and the layers and weights of their bodies. */
import type {
  Apply,
  BlockDeclaration,
  Body,
  Declaration,
  Expression,
  Input,
  Parameter,
  Settings,
  TaskDeclaration,
  WeightStatement,
} from "../../../grammar/ast.js";
import type { Declared, SourceFile } from "../../1-resolve/program.js";
import type { Sight } from "./sight.js";
import { memberSymbol, type Symbol } from "./symbol.js";

/** Longer chains of aliases are circles. */
const mostAliases = 50;

export interface Chain {
  readonly block: Declared<BlockDeclaration>;
  /** What the aliases on the way set, and the files they stand in. */
  readonly settings: readonly { readonly settings: Settings; readonly file: SourceFile }[];
}

/** The block that a name stands for, through aliases. */
export function blockBehind(sight: Sight, file: SourceFile, name: string): Chain | undefined {
  const settings: { settings: Settings; file: SourceFile }[] = [];
  let current = sight.lookup(file, name);
  while (current?.declaration.kind === "alias" && settings.length < mostAliases) {
    settings.push({ settings: current.declaration.settings, file: current.file });
    current = sight.lookup(current.file, current.declaration.target.name);
  }
  const { declaration, file: its } = current ?? {};
  return declaration?.kind === "block" && its ? { block: { declaration, file: its }, settings } : undefined;
}

type Owner = Declared<BlockDeclaration> | { readonly declaration: TaskDeclaration; readonly file: SourceFile };

export function entriesOf({ declaration, file }: Owner, name: string): readonly Symbol[] {
  const has = declaration.parameters.some((parameter) => parameter.name.name === name);
  return has ? [memberSymbol(file.name, declaration, "entry", name)] : [];
}

/** What a config of a model sets by a name: the model's entry, else those of all its tasks. */
export function entriesOfModel(sight: Sight, model: Declared<BlockDeclaration>, name: string): readonly Symbol[] {
  const own = entriesOf(model, name);
  if (own.length > 0) return own;
  const tasks = sight.tasksOf(model.declaration.name.name);
  return tasks.flatMap(({ task: declaration, file }) => entriesOf({ declaration, file }, name));
}

export function inputOf(
  file: string,
  declaration: Declaration,
  inputs: readonly Input[],
  name: string,
): Symbol | undefined {
  return inputs.some((input) => input.name.name === name) ? memberSymbol(file, declaration, "input", name) : undefined;
}

const tensorTypes: ReadonlySet<string> = new Set(["f32", "i32"]);

/** Such an input is no number, so no size is called after it. */
export const isTensor = ({ type }: Input): boolean =>
  tensorTypes.has(type.name.name) || (type.name.name === "bool" && type.axes !== undefined);

export const isRegion = ({ type }: Input): boolean => type.name.name === "mask" || type.name.name === "score";

export const isFunction = ({ type, fallback }: Parameter): boolean =>
  type ? type.name.name === "fn" : fallback?.kind === "call";

// -------------------------------------------------------------------------------------------------------------- layers

/** What a body makes weights of, as far as its text tells. */
export interface Layers {
  /** By label. One label may stand in two branches. */
  readonly labelled: ReadonlyMap<string, readonly Apply[]>;
  /** Their weights are the owner's own. */
  readonly unlabelled: readonly Apply[];
  readonly weights: ReadonlyMap<string, WeightStatement>;
}

const known = new WeakMap<Body, Layers>();

export function layersOf(body: Body): Layers {
  const kept = known.get(body);
  if (kept) return kept;
  const labelled = new Map<string, Apply[]>();
  const unlabelled: Apply[] = [];
  const weights = new Map<string, WeightStatement>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (!isNode(node)) return;
    if (isPipe(node)) node.stages.forEach(addStage);
    if (isWeight(node) && node.keyword === "param" && !weights.has(node.name.name)) weights.set(node.name.name, node);
    for (const [key, child] of Object.entries(node)) if (key !== "span") visit(child);
  };
  const addStage = (stage: unknown): void => {
    if (!isNode(stage) || !isApply(stage)) return;
    const label = labelName(stage.label);
    if (label === undefined) return void unlabelled.push(stage);
    labelled.set(label, [...(labelled.get(label) ?? []), stage]);
  };
  visit(body);
  const layers = { labelled, unlabelled, weights };
  known.set(body, layers);
  return layers;
}

/** `h` of `h` and of `h[i]`. */
export function labelName(label: Expression | undefined): string | undefined {
  const name = label?.kind === "subscript" ? label.object : label;
  return name?.kind === "name" ? name.name : undefined;
}

const isNode = (node: unknown): node is { readonly kind: string } =>
  typeof node === "object" && node !== null && "kind" in node && typeof node.kind === "string";
const isPipe = (node: { kind: string }): node is { kind: "pipe"; stages: readonly unknown[] } => node.kind === "pipe";
const isApply = (node: { kind: string }): node is Apply => node.kind === "apply";
const isWeight = (node: { kind: string }): node is WeightStatement => node.kind === "weight";
