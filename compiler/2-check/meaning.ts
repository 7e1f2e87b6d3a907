/** What an expression means while it is checked: a tensor of the graph, a number known at compile time, a function, ... */
import type { Argument, Expression, FunctionDeclaration, Identifier, Settings, Span } from "../../grammar/ast.js";
import type { Declared, SourceFile } from "../1-resolve/program.js";
import type { Mark } from "../diagnostics/problem.js";
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
  | SeveralMeaning
  | UnknownMeaning;

/** `index`: for an i32 tensor of positions, each entry as an expression over position atoms, by which look-ups are proved in range. */
export interface TensorMeaning {
  readonly kind: "tensor";
  readonly value: Value;
  readonly index?: Dim | undefined;
  /** For a bool tensor: what each entry says of the entries that it was made of. */
  readonly truth?: Condition | undefined;
}

/** A compile-time integer. `label` is the bare name it is known by where it was passed on, which labels axes of that size. */
export interface IntMeaning {
  readonly kind: "int";
  readonly dim: Dim;
  readonly label?: string | undefined;
  /** A literal adapts to a real or to a tensor's type; anything else must be converted with `real(...)`. */
  readonly literal?: boolean;
  /** Of a loop's counter: how many turns there are, by which the layers that it counts are counted. */
  readonly below?: Dim | undefined;
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

/** An axis in the brackets of a function, and how much of it where the brackets say so: `h: 1`. */
export interface AxisArgument extends Identifier {
  readonly amount?: Meaning;
}

/** A function, perhaps with some of its arguments already given. `any`: a `fn` entry at a definition, which keeps shapes. */
export interface FunctionMeaning {
  readonly kind: "function";
  readonly target: Declared<FunctionDeclaration> | Primitive | "any";
  /** The axes named in brackets: `softmax[src]`, `roll[h: 1]`. */
  readonly axes: readonly AxisArgument[];
  readonly given: readonly Argument[];
  /** The scope in which `given` is to be understood. */
  readonly scope: Scope | undefined;
}

/** A mask or score: an expression over `q`, `k`, `s`, `head`, understood in the scope it was written in. */
export interface LambdaMeaning {
  readonly kind: "lambda";
  /** Axes of `..` that step aside in the attention it is used in, by their labels there: what it captures has these. */
  readonly outside?: ReadonlyMap<string, string>;
  readonly of: "mask" | "score";
  readonly expression: Expression;
  readonly scope: Scope;
}

/** A block to be applied later. `name` is absent at a definition, where an entry can be any block that keeps the shape. */
export interface BlockMeaning {
  readonly kind: "block";
  readonly name: string | undefined;
  readonly settings: Settings | undefined;
  readonly scope: Scope;
  /** Where it was written. */
  readonly at: Mark | undefined;
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
  /** Where the block's name stands; its settings follow. */
  readonly blockSpan: Span;
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

/** What a block with several results gives, until `a, b = ...` takes it apart. */
export interface SeveralMeaning {
  readonly kind: "several";
  readonly meanings: readonly Meaning[];
}

/** Something that already has its diagnostic: whatever touches it stays silent. */
export interface UnknownMeaning {
  readonly kind: "unknown";
}

export const unknown: UnknownMeaning = { kind: "unknown" };
