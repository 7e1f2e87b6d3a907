/** What an expression means while it is checked: a tensor of the graph, a number known at compile time, a function, ... */
import type { Argument, Expression, FunctionDeclaration, Identifier, Settings, Span } from "../../grammar/ast.js";
import type { Declared, SourceFile } from "../1-resolve/program.js";
import type { Value, WeightTree } from "../ir/graph.js";
import type { Condition, Dim } from "../shapes/index.js";
import type { Primitive } from "../ops/primitive.js";
import type { Scope } from "./scope.js";

export type Meaning =
  | TensorMeaning
  | IntMeaning
  | RealMeaning
  | BoolMeaning
  | TextMeaning
  | FunctionMeaning
  | LambdaMeaning
  | BlockMeaning
  | LabelMeaning
  | SettingsMeaning
  | ListMeaning
  | UnknownMeaning;

/** `index`: for an i32 tensor of positions, each entry as an expression over position atoms, by which look-ups are proved in range. */
export interface TensorMeaning {
  readonly kind: "tensor";
  readonly value: Value;
  readonly index?: Dim | undefined;
}

/** A compile-time integer. `label` is the bare name it is known by where it was passed on, which labels axes of that size. */
export interface IntMeaning {
  readonly kind: "int";
  readonly dim: Dim;
  readonly label?: string | undefined;
  /** A literal adapts to a real or to a tensor's type; anything else must be converted with `real(...)`. */
  readonly literal?: boolean;
}

/** `value` is absent at a definition, where a `real` entry can be anything. */
export interface RealMeaning {
  readonly kind: "real";
  readonly value: number | undefined;
}

export interface BoolMeaning {
  readonly kind: "bool";
  readonly condition: Condition;
}

/** A string; `value` is absent at a definition. */
export interface TextMeaning {
  readonly kind: "text";
  readonly value: string | undefined;
}

/** A function, perhaps with some of its arguments already given. `any`: a `fn` entry at a definition, which keeps shapes. */
export interface FunctionMeaning {
  readonly kind: "function";
  readonly target: Declared<FunctionDeclaration> | Primitive | "any";
  /** The axes named in brackets: `softmax[src]`. */
  readonly axes: readonly Identifier[];
  readonly given: readonly Argument[];
  /** The scope in which `given` is to be understood. */
  readonly scope: Scope | undefined;
}

/** A mask or score: an expression over `q`, `k`, `s`, `head`, understood in the scope it was written in. */
export interface LambdaMeaning {
  readonly kind: "lambda";
  readonly of: "mask" | "score";
  readonly expression: Expression;
  readonly scope: Scope;
}

export interface BlockMeaning {
  readonly kind: "block";
  readonly name: string;
  readonly settings: Settings | undefined;
  readonly scope: Scope;
}

/** A labelled layer: what was applied under the label, so that it can be applied again, and its weights. */
export interface LabelMeaning {
  readonly kind: "label";
  readonly name: string;
  readonly application: Application;
}

/** A block as put to use at one address. */
export interface Application {
  readonly block: string;
  readonly settings: Settings | undefined;
  readonly file: SourceFile;
  readonly span: Span;
  readonly path: readonly (string | Dim)[];
  readonly tree: WeightTree;
  /** What the block's own labels are called where it is applied: `size` of an embedding may be `vocab`. */
  readonly labels: Map<string, string>;
}

/** `cfg`: the entries of the block's own configuration. */
export interface SettingsMeaning {
  readonly kind: "settings";
  readonly entries: ReadonlyMap<string, Meaning>;
}

export interface ListMeaning {
  readonly kind: "list";
  readonly items: readonly Expression[];
}

/** Something that already has its diagnostic: whatever touches it stays silent. */
export interface UnknownMeaning {
  readonly kind: "unknown";
}

export const unknown: UnknownMeaning = { kind: "unknown" };
