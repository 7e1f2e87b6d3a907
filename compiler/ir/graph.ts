/**
 * The intermediate representation: typed values over named axes, in static single assignment, target-neutral.
 *
 * A `Module` is one model under one config. Blocks are functions and `repeat` is a loop until a pass has a reason to open
 * them, so that what is emitted keeps the shape of the source. Dims stay symbolic (`d`, `seq`) beside the config's
 * numbers, so that emitted code can say `config.d` and a shape comment can say `f32[batch, seq, d]`.
 */
import type { Atom, Condition, Dim } from "../shapes/index.js";

export type DType = "f32" | "i32" | "bool";

/** `label` is empty for an anonymous axis. Labels of one type are distinct but for empty ones. */
export interface Axis {
  readonly label: string;
  readonly dim: Dim;
}

export interface ValueType {
  readonly dtype: DType;
  readonly axes: readonly Axis[];
}

/** Defined once, by a node, a function's parameter, or a region's parameter. Identity is the object. */
export interface Value {
  readonly id: number;
  /** What the source calls it, for readable output; not unique. */
  readonly name: string;
  readonly type: ValueType;
}

/** Elementwise functions; operands are broadcast by label to the result's axes. */
export type MapName =
  | "add" | "subtract" | "multiply" | "divide" | "floor-divide" | "modulo" | "power" | "minimum" | "maximum"
  | "negate" | "absolute" | "exp" | "log" | "sqrt" | "rsqrt" | "sin" | "cos" | "tanh" | "sigmoid" | "erf" | "floor" | "relu"
  | "equal" | "not-equal" | "less" | "less-equal" | "and" | "or" | "not" | "select" | "to-real" | "to-int"; // prettier-ignore

export type ReduceName = "sum" | "mean" | "max" | "min" | "any" | "all";

export type Node =
  | WeightNode
  | ConstantNode
  | SizeNode
  | PositionsNode
  | MapNode
  | ExpandNode
  | ReduceNode
  | SoftmaxNode
  | AlongNode
  | RollNode
  | ContractNode
  | ConvNode
  | ViewNode
  | RenameNode
  | SliceNode
  | TakeNode
  | GatherNode
  | ConcatNode
  | StackNode
  | AttendNode
  | CallNode
  | RepeatNode
  | ScanNode
  | OnceNode
  | StateNode
  | StoreNode
  | LayerNormNode
  | ActivationNode
  | LinearNode
  | TableNode;

/** Reads a weight, by its path below the function's own weights: `["q", "weight"]`, `["norm", 0, "weight"]`. */
export interface WeightNode {
  readonly op: "weight";
  readonly path: WeightPath;
  readonly out: Value;
}

/** A scalar. */
export interface ConstantNode {
  readonly op: "constant";
  readonly value: number | boolean;
  readonly out: Value;
}

/** A size as an i32 scalar: a config int, `seq`, a loop counter, or arithmetic on them. */
export interface SizeNode {
  readonly op: "size";
  readonly size: Dim;
  readonly out: Value;
}

/** 0, 1, ... along the one axis of `out` (i32). Under a cache it starts at the cache's length when `offset` is set. */
export interface PositionsNode {
  readonly op: "positions";
  offset: boolean;
  readonly out: Value;
}

export interface MapNode {
  readonly op: "map";
  readonly name: MapName;
  readonly operands: readonly Value[];
  readonly out: Value;
}

/** Repeats `operand` along the axes of `out` that it lacks. */
export interface ExpandNode {
  readonly op: "expand";
  readonly operand: Value;
  readonly out: Value;
}

/** `out` has the axes of `operand` without `axes`. */
export interface ReduceNode {
  readonly op: "reduce";
  readonly name: ReduceName;
  readonly operand: Value;
  readonly axes: readonly string[];
  readonly out: Value;
}

/** `out` has the type of `operand`; `log` gives the logarithm, computed stably. */
export interface SoftmaxNode {
  readonly op: "softmax";
  readonly log: boolean;
  readonly operand: Value;
  readonly axis: string;
  readonly out: Value;
}

export type AlongName = "cumsum" | "argsort" | "argmax";

/**
 * Each line of entries along one axis (given by position) by itself. `cumsum`: sums so far, each entry included. `argsort`:
 * the places of the entries in rising order, stable, i32. `argmax`: the place of the first largest entry, i32, without the axis.
 */
export interface AlongNode {
  readonly op: "along";
  readonly name: AlongName;
  readonly operand: Value;
  readonly axis: number;
  /** Set where the decode step goes on with the sum at the end of the last one. */
  cache?: boolean;
  readonly out: Value;
}

/** Entry n of the axis (given by position) moves to n + `by`, round the end. */
export interface RollNode {
  readonly op: "roll";
  readonly operand: Value;
  readonly axis: number;
  readonly by: Dim;
  readonly out: Value;
}

/**
 * Sum over `axes` (positions into each operand's axes, pairwise) of the product. Labels that both operands keep are
 * batch axes. `out`: the axes of `left` that stay, in order, then those of `right` that `left` lacks.
 */
export interface ContractNode {
  readonly op: "contract";
  readonly left: Value;
  readonly right: Value;
  readonly axes: readonly { readonly left: number; readonly right: number }[];
  readonly out: Value;
}

/**
 * Cross-correlation of `operand` [.., c, n..] with `weight` [o, c / groups, k..] over one or two axes n, with `padding` zeros
 * on both sides of each: `out` [.., o, (n + 2 * padding - k) // stride + 1 ..]. Group g of the channels makes group g of o.
 */
export interface ConvNode {
  readonly op: "conv";
  readonly operand: Value;
  readonly weight: Value;
  readonly stride: Dim;
  readonly padding: Dim;
  readonly groups: Dim;
  readonly out: Value;
}

/** Splits axes, permutes the parts, merges them: axis `n` of the operand is `split[n]`, axis `m` of `out` is `merge[m]`. */
export interface ViewNode {
  readonly op: "view";
  readonly operand: Value;
  /** The parts, each with a name that is unique in this node. */
  readonly split: readonly (readonly Axis[])[];
  /** Names of parts. */
  readonly merge: readonly (readonly string[])[];
  readonly out: Value;
}

/** The same data under other labels. */
export interface RenameNode {
  readonly op: "rename";
  readonly operand: Value;
  readonly out: Value;
}

/** Entries `from` up to, not including, `to` of one axis (given by position). */
export interface SliceNode {
  readonly op: "slice";
  readonly operand: Value;
  readonly axis: number;
  readonly from: Dim;
  readonly to: Dim;
  readonly out: Value;
}

/** One entry of one axis, which goes away. */
export interface TakeNode {
  readonly op: "take";
  readonly operand: Value;
  readonly axis: number;
  readonly index: Dim;
  readonly out: Value;
}

/**
 * `table` looked up along `axes` (positions) by i32 `indices`, one for each. `out`: the axes of the indices (broadcast
 * together by label, aligned with the batch axes they share with `table`), then the other axes of `table`.
 */
export interface GatherNode {
  readonly op: "gather";
  readonly table: Value;
  readonly axes: readonly number[];
  readonly indices: readonly Value[];
  readonly out: Value;
}

export interface ConcatNode {
  readonly op: "concat";
  readonly operands: readonly Value[];
  readonly axis: number;
  readonly out: Value;
}

/** Joins values of one type along a new last axis. */
export interface StackNode {
  readonly op: "stack";
  readonly operands: readonly Value[];
  readonly out: Value;
}

/** A piece of graph evaluated inside an attend: its parameters are positions or scores; it may use any value in scope. */
export interface Region {
  readonly parameters: readonly Value[];
  readonly body: Node[];
  readonly result: Value;
}

/**
 * Attention. `query`: [P.., R.., i, c], `key`: [P.., j, c], `value`: [P.., j, e]; `out`: [P.., R.., i, e].
 * scores = scale * q·k (over c), changed by `score`, dropped to -inf where `mask` is false, softmax over j, times v.
 * Region parameters, `mask`: (q: i32[i], k: i32[j]); `score`: (s: f32[P.., R.., i, j], q, k).
 */
export interface AttendNode {
  readonly op: "attend";
  readonly query: Value;
  readonly key: Value;
  readonly value: Value;
  /** Labels of the query and key axes. */
  readonly i: string;
  readonly j: string;
  readonly scale: number;
  readonly mask: Region | undefined;
  readonly score: Region | undefined;
  /** Probability of dropping an attention weight, in training only. */
  readonly dropout: number;
  /** Set where the decode step appends keys and values to a cache. */
  cache: boolean;
  /** Set where keys and values are the same in every step, and queries are counted from the cache's length on. */
  offset?: boolean;
  readonly out: Value;
}

/** Runs another function on the weights at `weights` (a path below this function's own). `outs` are its results. */
export interface CallNode {
  readonly op: "call";
  readonly callee: Function;
  readonly weights: WeightPath;
  readonly operands: readonly Value[];
  readonly outs: readonly Value[];
}

/** `for index in 0..count`: `carried` go round. The values after the last turn are `outs`. */
export interface RepeatNode {
  readonly op: "repeat";
  readonly index: Atom;
  readonly count: Dim;
  readonly carried: readonly { readonly initial: Value; readonly parameter: Value; readonly next: Value }[];
  readonly body: Node[];
  readonly outs: readonly Value[];
}

/**
 * Reads `scanned` one entry of an axis (given by position) at a time, `length` of them, while `carried` go round, and joins
 * what each step gives along axis `axis` of `out`.
 */
export interface ScanNode {
  readonly op: "scan";
  readonly length: Dim;
  readonly scanned: readonly { readonly operand: Value; readonly axis: number; readonly parameter: Value }[];
  readonly carried: readonly { readonly initial: Value; readonly parameter: Value; readonly next: Value }[];
  readonly body: Node[];
  readonly step: Value;
  readonly axis: number;
  /** Set where the decode step goes on with what was carried at the end of the last one. */
  cache?: boolean;
  readonly out: Value;
}

/**
 * Made for decoding: what no step changes, such as an encoder. `body` runs in the first step; `outs` are those of its values
 * that are read outside it, and are kept for the steps that follow.
 */
export interface OnceNode {
  readonly op: "once";
  readonly body: Node[];
  readonly outs: readonly Value[];
}

/**
 * What a cell held when the call of the task began; `initial` in every entry where no call has stored anything. A cell lies at
 * a path, as weights do.
 */
export interface StateNode {
  readonly op: "state";
  readonly path: WeightPath;
  readonly initial: number | boolean;
  readonly out: Value;
}

/** What a cell will hold when the next call begins. It is an effect: there is no value of it. */
export interface StoreNode {
  readonly op: "store";
  readonly path: WeightPath;
  readonly operand: Value;
}

/** Made by optimisation: (x - mean) * rsqrt(variance + epsilon) * gain + bias along the last axis. */
export interface LayerNormNode {
  readonly op: "layer-norm";
  readonly kind: "layer" | "rms";
  readonly operand: Value;
  readonly gain: Value;
  readonly bias: Value | undefined;
  readonly epsilon: number;
  readonly out: Value;
}

/** Made by optimisation: a named activation that the runtime has as one kernel. */
export interface ActivationNode {
  readonly op: "activation";
  readonly name: "gelu" | "gelu-tanh" | "silu" | "quick-gelu";
  readonly operand: Value;
  readonly out: Value;
}

/** Made by optimisation: `operand` [.., d] by a two-axis weight, plus a bias. `transposed`: the weight is [out, d]. */
export interface LinearNode {
  readonly op: "linear";
  readonly operand: Value;
  readonly weight: Value;
  readonly bias: Value | undefined;
  readonly transposed: boolean;
  readonly out: Value;
}

/**
 * Made by optimisation: a table that follows from positions alone, such as the sines of RoPE. `body` computes one entry from
 * its index along each axis of `out` (`indices`, i32 scalars); it runs on the host in double precision, which shaders lack.
 */
export interface TableNode {
  readonly op: "table";
  readonly indices: readonly Value[];
  readonly body: Node[];
  readonly result: Value;
  /** For each axis, whether its index starts at the cache's length. */
  readonly offsets: boolean[];
  readonly out: Value;
}

/** Labels from a function's weights down; numbers and dims index repeated ones: `["h", i, "attn"]`. */
export type WeightPath = readonly (string | Dim)[];

export interface Function {
  readonly name: string;
  readonly role: "block" | "model" | "task" | "loss";
  readonly doc: string | undefined;
  readonly parameters: readonly Value[];
  readonly body: Node[];
  readonly results: readonly Value[];
}

/** A weight as declared. */
export interface Weight {
  readonly kind: "weight";
  readonly type: ValueType;
  readonly initial:
    { readonly kind: "normal"; readonly deviation: number } | { readonly kind: "constant"; readonly value: number };
  /** The block and leaf that declared it, by which `layout` and `leaf` rules find it. */
  readonly block: string;
}

/** The weights below an address. */
export interface WeightTree {
  readonly kind: "tree";
  readonly entries: Map<string, Weight | WeightTree | WeightList>;
}

/**
 * `h[i]` for i in 0..count, all alike (`each`), or `norm[0]`, `norm[1]`, each its own. `isCounted`: by a loop that was written
 * out, so that they may be alike yet.
 */
export type WeightList =
  | { readonly kind: "repeated"; readonly count: Dim; readonly each: Weight | WeightTree | WeightList }
  | {
      readonly kind: "listed";
      readonly items: (Weight | WeightTree | WeightList)[];
      readonly isCounted?: boolean;
    };

/** An input of the model or the task, with what is known about its values. */
export interface Port {
  readonly value: Value;
  /** The name outside: `input_ids`. */
  readonly external: string;
  /** i32 values must be below this. */
  readonly below: Dim | undefined;
  /** But for this one, such as -100 for labels that do not count. */
  readonly except?: number | undefined;
  /** The value where the caller gives none. */
  readonly fallback: number | boolean | undefined;
}

export interface ConfigEntry {
  readonly name: string;
  readonly atom: Atom | undefined;
  readonly value: number | boolean | string;
}

/** A fact about run-time sizes that is checked on entry. */
export interface Guard {
  readonly condition: Condition;
  /** As the source says it: `seq <= ctx`. */
  readonly text: string;
  readonly place: string;
}

export interface Task {
  readonly name: string;
  readonly inputs: readonly Port[];
  /** What the task computes: parameters are the model's results, its inputs and the task's own. */
  readonly forward: Function;
  /** What each result is called. */
  readonly outputs: readonly string[];
  readonly loss: Function | undefined;
  /** What must hold beside the model's own guards. */
  readonly guards: readonly Guard[];
}

export interface Module {
  readonly model: string;
  readonly doc: string | undefined;
  readonly configName: string;
  readonly config: readonly ConfigEntry[];
  readonly inputs: readonly Port[];
  readonly guards: readonly Guard[];
  readonly body: Function;
  readonly tasks: readonly Task[];
  readonly weights: WeightTree;
}
