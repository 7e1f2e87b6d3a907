/** What stands right below an address: the labels and the weights of a block, whatever its config. */
import type {
  Apply,
  BlockDeclaration,
  Expression,
  Settings,
  Span,
  TaskDeclaration,
  WeightStatement,
} from "../../../grammar/ast.js";
import type { Program, SourceFile } from "../../1-resolve/program.js";
import { blockNamed } from "./declared.js";

export interface Below {
  readonly name: string;
  readonly kind: "label" | "weight";
  /** `h[i]`, `norm[0]` */
  readonly isListed: boolean;
  /** As it is written: `Linear{out: d}`, `f32[out, d]`. */
  readonly detail: string;
  readonly doc?: string | undefined;
  /** What layers a label may be of: several where branches differ. */
  readonly blocks: readonly BlockUse[];
}

/** A block by name, in the file where the name is to be understood, with the blocks that it is given as entries. */
export interface BlockUse {
  readonly name: string;
  readonly file: SourceFile;
  readonly entries: ReadonlyMap<string, readonly BlockUse[]>;
}

/** Layers without a label nest, each of another block. */
const deepest = 20;

export function weightsBelow(
  program: Program,
  file: SourceFile,
  owner: BlockDeclaration | TaskDeclaration,
  entries: BlockUse["entries"] = new Map(),
  depth = 0,
): Below[] {
  const found = new Map<string, Below>();
  const add = (below: Below): void => {
    const known = found.get(below.name);
    found.set(below.name, known ? { ...known, blocks: [...known.blocks, ...below.blocks] } : below);
  };
  const textOf = ({ start, end }: Span): string => file.text.slice(start, end).replace(/\s+/g, " ");
  const use = (name: string, settings: Settings | undefined): BlockUse[] => {
    const given = new Map((settings?.entries ?? []).map(({ name: entry, value }) => [entry.name, blocksIn(value)]));
    return blocksOf(file, owner, name, entries).map((each) => ({
      ...each,
      entries: new Map([...each.entries, ...[...given].filter(([, blocks]) => blocks.length > 0)]),
    }));
  };
  const blocksIn = (value: Expression): BlockUse[] => {
    if (value.kind === "conditional") return [...blocksIn(value.then), ...blocksIn(value.otherwise)];
    if (value.kind === "apply") return use(value.block.name, value.settings);
    return value.kind === "name" && isUpper(value.name) ? use(value.name, undefined) : [];
  };
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (!isNode(node)) return;
    if (node.kind === "weight" && node.keyword === "param")
      add({
        name: node.name.name,
        kind: "weight",
        isListed: false,
        detail: textOf(node.type.span),
        doc: node.doc,
        blocks: [],
      });
    if (node.kind === "apply") {
      const blocks = use(node.block.name, node.settings);
      const label = node.label?.kind === "subscript" ? node.label.object : node.label;
      const detail = textOf({ start: node.block.span.start, end: (node.settings ?? node.block).span.end });
      if (label?.kind === "name")
        add({ name: label.name, kind: "label", isListed: label !== node.label, detail, blocks });
      else if (depth < deepest) blocks.flatMap((block) => below(program, block, depth + 1)).forEach(add);
    }
    for (const [key, child] of Object.entries(node)) if (key !== "span" && key !== "settings") visit(child);
  };
  visit(owner.body);
  return [...found.values()];
}

const isUpper = (name: string): boolean => /^[A-Z]/.test(name);

function below(program: Program, { name, file, entries }: BlockUse, depth = 0): Below[] {
  const found = blockNamed(program, file, name);
  return found ? weightsBelow(program, found.file, found.declaration, entries, depth) : [];
}

type Node = Apply | WeightStatement | { readonly kind: "other" };

const isNode = (node: unknown): node is Node => typeof node === "object" && node !== null && "kind" in node;

/** An entry that is a block stands for what it is given, else for its default. */
function blocksOf(
  file: SourceFile,
  { parameters }: BlockDeclaration | TaskDeclaration,
  name: string,
  entries: BlockUse["entries"],
): readonly BlockUse[] {
  const fallback = parameters.find((entry) => entry.name.name === name)?.fallback;
  const usual = fallback?.kind === "apply" ? fallback.block.name : fallback?.kind === "name" ? fallback.name : name;
  return entries.get(name) ?? [{ name: usual, file, entries: new Map() }];
}

/** Below a label: the labels and weights of its blocks, each once. */
export function belowLabel(program: Program, { blocks }: Below): Below[] {
  const all = blocks.flatMap((block) => below(program, block));
  return [...new Map([...all].reverse().map((each) => [each.name, each])).values()].reverse();
}

/** Below a model: its own, and those of its tasks. */
export function belowModel(
  program: Program,
  file: SourceFile,
  model: string,
  tasks: readonly TaskDeclaration[],
): Below[] {
  const found = blockNamed(program, file, model);
  const own = found ? weightsBelow(program, found.file, found.declaration) : [];
  const all = [...own, ...tasks.flatMap((task) => weightsBelow(program, file, task))];
  return [...new Map([...all].reverse().map((below) => [below.name, below])).values()].reverse();
}

/** The blocks that have weights of their own at or below an owner, with the file in which each name is to be understood. */
export function blocksBelow(
  program: Program,
  file: SourceFile,
  owner: BlockDeclaration | TaskDeclaration,
  seen: Map<string, SourceFile> = new Map(),
): ReadonlyMap<string, SourceFile> {
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (!isNode(node)) return;
    if (node.kind === "apply") {
      const name = blocksOf(file, owner, node.block.name, new Map())[0]?.name ?? "";
      const block = seen.has(name) ? undefined : blockNamed(program, file, name);
      if (block) {
        seen.set(name, file);
        blocksBelow(program, block.file, block.declaration, seen);
      }
    }
    for (const [key, child] of Object.entries(node)) if (key !== "span") visit(child);
  };
  visit(owner.body);
  return seen;
}
