// long: the whole tree is one union, which is read in one place.
/**
 * The syntax tree of a `.tfm` file: an immutable, readable union without meaning.
 *
 * Every node carries its `span`, half-open offsets into the file's text. Meaning (what a name refers to, what shape a
 * value has) lives in the results of later phases, keyed by node identity.
 */

/** Half-open range of UTF-16 offsets into the text of one file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A name as written, with the place it was written at. */
export interface Identifier {
  readonly kind: "identifier";
  readonly name: string;
  readonly span: Span;
}

export interface File {
  readonly kind: "file";
  readonly declarations: readonly Declaration[];
  readonly span: Span;
}

// ---------------------------------------------------------------------------------------------------- declarations

export type Declaration =
  | ImportDeclaration
  | OuterDeclaration
  | BlockDeclaration
  | BlockAliasDeclaration
  | TaskDeclaration
  | FunctionDeclaration
  | IndexDeclaration
  | ConfigDeclaration
  | CheckDeclaration
  | WeightsDeclaration
  | RunDeclaration
  | CompressionDeclaration;

/** `import { Attention, FFN } from "std"` */
export interface ImportDeclaration {
  readonly kind: "import";
  readonly names: readonly Identifier[];
  readonly from: StringLiteral;
  readonly span: Span;
}

/** `outer batch`: an axis that nothing may reduce, except inside `loss`. */
export interface OuterDeclaration {
  readonly kind: "outer";
  readonly name: Identifier;
  readonly doc?: string;
  readonly span: Span;
}

/** `block Name[vars]{params}(inputs) -> type, type where facts { body }`; a `model` is the same with another keyword. */
export interface BlockDeclaration {
  readonly kind: "block";
  readonly keyword: "block" | "model";
  readonly name: Identifier;
  readonly variables: readonly Identifier[];
  readonly parameters: readonly Parameter[];
  readonly inputs: readonly Input[];
  readonly results: readonly Type[];
  readonly where: readonly Expression[];
  readonly body: Body;
  readonly doc?: string;
  readonly span: Span;
}

/** `block T5Attention = Attention{bias: false}` */
export interface BlockAliasDeclaration {
  readonly kind: "alias";
  readonly keyword: "block" | "model";
  readonly name: Identifier;
  readonly target: Identifier;
  readonly settings: Settings;
  readonly doc?: string;
  readonly span: Span;
}

/** `task lm() on GPT2 as x -> f32[batch, seq, vocab] { ... }` */
export interface TaskDeclaration {
  readonly kind: "task";
  readonly name: Identifier;
  readonly parameters: readonly Parameter[];
  readonly inputs: readonly Input[];
  readonly model: Identifier;
  /** What the model gives, in order. */
  readonly values: readonly Identifier[];
  readonly results: readonly Type[];
  readonly where: readonly Expression[];
  readonly body: Body;
  readonly doc?: string;
  readonly span: Span;
}

/** `fn rope[n, c](x: f32[.., n, c], base: real = 1e4) -> f32[.., n, c] { ... }`, or `= expression` instead of a body. */
export interface FunctionDeclaration {
  readonly kind: "function";
  readonly name: Identifier;
  readonly variables: readonly Identifier[];
  readonly inputs: readonly Input[];
  readonly results: readonly Type[];
  readonly where: readonly Expression[];
  readonly body: Body | Expression;
  readonly doc?: string;
  readonly span: Span;
}

/** `mask causal = k <= q` or `score softcap(c: real) = c * tanh(s / c)` */
export interface IndexDeclaration {
  readonly kind: "index";
  readonly keyword: "mask" | "score";
  readonly name: Identifier;
  readonly inputs: readonly Input[];
  readonly value: Expression;
  readonly doc?: string;
  readonly span: Span;
}

/** `config gpt2_xl = GPT2{d: 1600, depth: 48, heads: 25}` */
export interface ConfigDeclaration {
  readonly kind: "config";
  readonly name: Identifier;
  readonly model: Identifier;
  readonly settings: Settings;
  readonly doc?: string;
  readonly span: Span;
}

/** `check params(gpt2.lm) == 124_439_808` */
export interface CheckDeclaration {
  readonly kind: "check";
  readonly condition: Expression;
  readonly doc?: string;
  readonly span: Span;
}

/** `weights GPT2 from "openai-community/gpt2" { rules }` */
export interface WeightsDeclaration {
  readonly kind: "weights";
  readonly model: Identifier;
  readonly from: StringLiteral;
  readonly rules: readonly WeightRule[];
  readonly doc?: string;
  readonly span: Span;
}

/** `train gpt2.lm { ... }` or `generate gpt2.lm over seq { ... }` */
export interface RunDeclaration {
  readonly kind: "run";
  readonly keyword: "train" | "generate";
  /** `gpt2.lm` as its parts. */
  readonly target: readonly Identifier[];
  readonly over?: Identifier;
  readonly settings: Settings;
  readonly doc?: string;
  readonly span: Span;
}

/** `quantize gpt2 { Linear.weight = int4[d](group: 32) }`: what becomes of a config's weights when they are loaded. */
export interface CompressionDeclaration {
  readonly kind: "compression";
  readonly keyword: "quantize" | "prune";
  readonly config: Identifier;
  /** The first that fits a weight is its own. */
  readonly rules: readonly CompressionRule[];
  readonly doc?: string;
  readonly span: Span;
}

// --------------------------------------------------------------------------------------------- parts of declarations

/** One entry of `{...}` in a signature: `heads`, `p = 0.1`, `act: fn = gelu`. */
export interface Parameter {
  readonly kind: "parameter";
  readonly name: Identifier;
  readonly type?: Type;
  readonly fallback?: Expression;
  readonly span: Span;
}

/** One entry of `(...)` in a signature: `x: f32[batch, seq, d]`, `mask: mask[i, j] = true`. */
export interface Input {
  readonly kind: "input";
  readonly name: Identifier;
  readonly type: Type;
  readonly fallback?: Expression;
  readonly span: Span;
}

/** `f32[.., seq, d]`, `int`, `fn`, `mask[i, j]`. `axes` is absent where no bracket is written; `f32[]` has none. */
export interface Type {
  readonly kind: "type";
  readonly name: Identifier;
  readonly axes?: readonly Axis[];
  readonly span: Span;
}

export type Axis = RestAxis | NamedAxis;

/** `..` in a type: any prefix of axes. */
export interface RestAxis {
  readonly kind: "rest";
  readonly span: Span;
}

/** `seq`, `h: h / 2`, or the anonymous `4 * d`. `d` alone is `{ label: d, dim: name d }` with `label.span == dim.span`. */
export interface NamedAxis {
  readonly kind: "axis";
  readonly label?: Identifier;
  readonly dim: Expression;
  readonly span: Span;
}

export interface Body {
  readonly kind: "body";
  readonly statements: readonly Statement[];
  readonly span: Span;
}

/** `{heads, c: head_dim, iy = win}` */
export interface Settings {
  readonly kind: "settings";
  readonly entries: readonly Setting[];
  readonly span: Span;
}

export interface Setting {
  readonly kind: "setting";
  readonly name: Identifier;
  /** How it was written: `name: value`, `name = value`, or the pun `name` (whose value is the name itself). */
  readonly form: "colon" | "equals" | "pun";
  readonly value: Expression;
  readonly span: Span;
}

// ------------------------------------------------------------------------------------------------------ weight rules

export type WeightRule =
  | LayoutRule
  | LeafRule
  | IgnoreRule
  | PrefixRule
  | PortRule
  | TypeRule
  | ClassRule
  | ConfigRule
  | ExpectRule
  | AddressRule;

/** `layout Linear.weight [d out]`: the order in which the checkpoint stores that weight's axes. */
export interface LayoutRule {
  readonly kind: "layout-rule";
  readonly block: Identifier;
  readonly weight: Identifier;
  readonly pattern: Pattern;
  readonly span: Span;
}

/** `leaf LayerNorm.weight = "weight" | "gamma"` */
export interface LeafRule {
  readonly kind: "leaf-rule";
  readonly block: Identifier;
  readonly weight: Identifier;
  readonly names: readonly StringLiteral[];
  readonly span: Span;
}

/**
 * `ignore "h.{i}.attn.bias"`: tensors that are left out; `carry "lm_head.bias"`: tensors that are of no use but saved again;
 * `ignore config "encoder_stride"`: fields of config.json.
 */
export interface IgnoreRule {
  readonly kind: "ignore-rule";
  readonly what: "tensors" | "carried" | "fields";
  readonly names: readonly StringLiteral[];
  readonly span: Span;
}

/** `prefix "transformer."`: every name of the checkpoint may stand with or without it, as files of one model do differ. */
export interface PrefixRule {
  readonly kind: "prefix-rule";
  readonly names: readonly StringLiteral[];
  readonly span: Span;
}

/** `input ids = "input_ids"`, `output logits = "logits"`: what the outside calls a model's inputs and outputs. */
export interface PortRule {
  readonly kind: "port-rule";
  readonly direction: "input" | "output";
  readonly name: Identifier;
  readonly external: StringLiteral;
  readonly span: Span;
}

/** `stack[out]`, or `stack[out / heads]` */
export interface Stack {
  readonly axis: Identifier;
  /** The config entry that says in how many pieces each tensor of the group is: piece 0 of each, then piece 1 of each, ... */
  readonly pieces?: Identifier;
}

/** `type "t5" | "mt5"`: the model_type of a checkpoint's config.json. */
export interface TypeRule {
  readonly kind: "type-rule";
  readonly names: readonly StringLiteral[];
  readonly span: Span;
}

/** `task lm = "GPT2LMHeadModel"`, `model GPT2 = "GPT2Model"`: the class that a checkpoint's config.json says it is of. */
export interface ClassRule {
  readonly kind: "class-rule";
  readonly keyword: "task" | "model";
  readonly name: Identifier;
  readonly classes: readonly StringLiteral[];
  readonly span: Span;
}

/** `config vocab = "vocab_size", ff = "n_inner" else 4 * d`: what a checkpoint's config.json says of our entries. */
export interface ConfigRule {
  readonly kind: "config-rule";
  readonly entries: readonly ConfigField[];
  readonly span: Span;
}

/** Strings in its expressions are fields of the config.json, as paths: `"rope_parameters.rope_theta"`. */
export interface ConfigField {
  readonly kind: "config-field";
  readonly name: Identifier;
  readonly value: Expression;
  /** `is {"gelu_new": gelu_tanh, null: ctx}`: what the field's values are here. */
  readonly cases?: readonly FieldCase[];
  /** The value where the field is absent or null. */
  readonly fallback?: Expression;
  readonly span: Span;
}

export interface FieldCase {
  readonly kind: "field-case";
  readonly field: FieldValue;
  readonly value: Expression;
  readonly span: Span;
}

/** `expect "add_cross_attention" = false, "attn_type" = "bi" | "uni" when "bi_data"` */
export interface ExpectRule {
  readonly kind: "expect-rule";
  readonly expectations: readonly Expectation[];
  readonly span: Span;
}

/** What a field must be, where it is there. */
export interface Expectation {
  readonly kind: "expectation";
  readonly field: Expression;
  readonly allowed: readonly FieldValue[];
  readonly when?: Expression;
  readonly span: Span;
}

/** A value as JSON has it. */
export interface FieldValue {
  readonly kind: "field-value";
  readonly value: string | number | boolean | null;
  readonly span: Span;
}

/** `h[i].attn.(q k v) = "h.{i}.attn.c_attn" stack[out]` */
export interface AddressRule {
  readonly kind: "address-rule";
  readonly address: readonly Segment[];
  readonly name: StringLiteral;
  /** `stack[out]`: the group's tensors are one tensor on disk, joined along this axis. */
  readonly stack?: Stack;
  /** `as [(dy dx) heads]`: the tensor's axes on disk. */
  readonly layout?: Pattern;
  readonly span: Span;
}

export type Segment = LabelSegment | GroupSegment | AnySegment;

/** `attn`, `h[i]`, `norm[0]` */
export interface LabelSegment {
  readonly kind: "label";
  readonly name: Identifier;
  readonly index?: Identifier | NumberLiteral;
  readonly span: Span;
}

/** `(q k v)` */
export interface GroupSegment {
  readonly kind: "group";
  readonly names: readonly Identifier[];
  readonly span: Span;
}

/** `*`: the rest of the address. */
export interface AnySegment {
  readonly kind: "any";
  readonly span: Span;
}

// -------------------------------------------------------------------------------------------------------- statements

export type Statement =
  | AssignStatement
  | UnpackStatement
  | WeightStatement
  | RepeatStatement
  | IfStatement
  | EffectStatement
  | ReturnStatement;

/** `y = e`, `x += e`, `x *= e`, `mem := e` */
export interface AssignStatement {
  readonly kind: "assign";
  readonly name: Identifier;
  readonly operator: "=" | "+=" | "*=" | ":=";
  readonly value: Expression;
  readonly span: Span;
}

/** `h, c = x |> cell: Cell(h, c)` */
export interface UnpackStatement {
  readonly kind: "unpack";
  readonly names: readonly Identifier[];
  readonly value: Expression;
  readonly span: Span;
}

/** `param bias: f32[out] = zeros when cfg.bias`, `state mem: f32[batch, m, d] = zeros` */
export interface WeightStatement {
  readonly kind: "weight";
  readonly keyword: "param" | "state";
  readonly name: Identifier;
  readonly type: Type;
  readonly initial: Expression;
  readonly when?: Expression;
  readonly doc?: string;
  readonly span: Span;
}

/** `repeat i < depth { ... }` */
export interface RepeatStatement {
  readonly kind: "repeat";
  readonly index: Identifier;
  readonly count: Expression;
  readonly body: Body;
  readonly span: Span;
}

export interface IfStatement {
  readonly kind: "if";
  readonly condition: Expression;
  readonly then: Body;
  readonly otherwise?: Body | IfStatement;
  readonly span: Span;
}

/** `loss e`, `aux e`, `yield e` */
export interface EffectStatement {
  readonly kind: "effect";
  readonly keyword: "loss" | "aux" | "yield";
  readonly value: Expression;
  readonly span: Span;
}

export interface ReturnStatement {
  readonly kind: "return";
  readonly values: readonly Expression[];
  readonly span: Span;
}

// ------------------------------------------------------------------------------------------------------- expressions

export type Expression =
  | NumberLiteral
  | StringLiteral
  | BooleanLiteral
  | Name
  | Position
  | List
  | Unary
  | Binary
  | Conditional
  | Member
  | Subscript
  | Call
  | Apply
  | Pipe
  | Attend
  | Scan
  | Missing;

export interface NumberLiteral {
  readonly kind: "number";
  readonly value: number;
  /** `6e-4` and `1.0` are real, `1_000` is not. */
  readonly real: boolean;
  readonly text: string;
  readonly span: Span;
}

export interface StringLiteral {
  readonly kind: "string";
  /** The text between the quotes, escapes resolved. */
  readonly value: string;
  readonly span: Span;
}

export interface BooleanLiteral {
  readonly kind: "boolean";
  readonly value: boolean;
  readonly span: Span;
}

/** A reference to a value, a function, a config entry, or (upper-case) a block. */
export interface Name {
  readonly kind: "name";
  readonly name: string;
  readonly span: Span;
}

/** `@seq`: the index along an axis. */
export interface Position {
  readonly kind: "position";
  readonly axis: Identifier;
  readonly span: Span;
}

/** `[bias, norm]` */
export interface List {
  readonly kind: "list";
  readonly items: readonly Expression[];
  readonly span: Span;
}

export interface Unary {
  readonly kind: "unary";
  readonly operator: "-" | "!";
  readonly operand: Expression;
  readonly span: Span;
}

export type BinaryOperator =
  | "|" | "&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "//" | "%" | "^"; // prettier-ignore

export interface Binary {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

/** `if a then b else c` */
export interface Conditional {
  readonly kind: "conditional";
  readonly condition: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
  readonly span: Span;
}

/** `wte.weight`, `cfg.bias` */
export interface Member {
  readonly kind: "member";
  readonly object: Expression;
  readonly name: Identifier;
  readonly span: Span;
}

/** `logits[seq: ..-1]`, `x[i -> j]`, `rel[bucket, head]`, `h[i]`, `softmax[src]`: what it means is for the checker. */
export interface Subscript {
  readonly kind: "subscript";
  readonly object: Expression;
  readonly items: readonly Item[];
  readonly span: Span;
}

export type Item = SliceItem | IndexItem | RenameItem | ExpressionItem;

/** `seq: 1..`, `seq: ..-1`, `j: -span..`, `ctx: 0..seq` */
export interface SliceItem {
  readonly kind: "slice-item";
  readonly axis: Identifier;
  readonly from?: Expression;
  readonly to?: Expression;
  readonly span: Span;
}

/** `size: ids`, `seq: 0` */
export interface IndexItem {
  readonly kind: "index-item";
  readonly axis: Identifier;
  readonly index: Expression;
  readonly span: Span;
}

/** `i -> j` */
export interface RenameItem {
  readonly kind: "rename-item";
  readonly from: Identifier;
  readonly to: Identifier;
  readonly span: Span;
}

export interface ExpressionItem {
  readonly kind: "expression-item";
  readonly value: Expression;
  readonly span: Span;
}

/** `f(x, smoothing: 0.1)`: passes data. */
export interface Call {
  readonly kind: "call";
  readonly callee: Expression;
  readonly arguments: readonly Argument[];
  readonly span: Span;
}

export interface Argument {
  readonly kind: "argument";
  readonly name?: Identifier;
  readonly value: Expression;
  readonly span: Span;
}

/**
 * A block put to use: `Linear{out: d}`, `attn: Attention{heads}(mask: causal)`, `h[i]: Gpt2Layer{heads, p}`.
 * It appears as a stage of a pipe, or alone as a block value (`act: fn`, `block` arguments).
 */
export interface Apply {
  readonly kind: "apply";
  /** `attn` or `h[i]`: a name, or a subscript of one. Absent: the weights belong to the owner's own path. */
  readonly label?: Expression;
  readonly block: Identifier;
  readonly settings?: Settings;
  readonly arguments?: readonly Argument[];
  readonly span: Span;
}

/** `x |> ln_1: LayerNorm |> attn: Attention{heads} |> dropout(p)` */
export interface Pipe {
  readonly kind: "pipe";
  readonly input: Expression;
  readonly stages: readonly Stage[];
  readonly span: Span;
}

/** A stage that is neither `Apply` nor `rearrange` is a function, a call of one, or a label applied again. */
export type Stage = Apply | Rearrange | Expression;

/** `rearrange[.. n (heads c) -> .. heads n c; heads = 12]` */
export interface Rearrange {
  readonly kind: "rearrange";
  readonly from: Pattern;
  readonly to: Pattern;
  readonly sizes: readonly Setting[];
  readonly span: Span;
}

export interface Pattern {
  readonly kind: "pattern";
  readonly elements: readonly PatternElement[];
  readonly span: Span;
}

export type PatternElement = RestAxis | Identifier | Merge;

/** `(heads c)`, or named `(n: iy ix)`. An axis of one entry, `1`, has no parts. */
export interface Merge {
  readonly kind: "merge";
  readonly name?: Identifier;
  readonly parts: readonly Identifier[];
  readonly span: Span;
}

/** `attend[i, j](q, k, v) { scale: s, mask: m, head = @g }` */
export interface Attend {
  readonly kind: "attend";
  readonly query: Identifier;
  readonly key: Identifier;
  readonly arguments: readonly Argument[];
  readonly settings?: Settings;
  readonly span: Span;
}

/** `scan[tgt](yt = y, h = h0) { ... yield h }` */
export interface Scan {
  readonly kind: "scan";
  readonly axis: Identifier;
  readonly carried: readonly Setting[];
  readonly body: Body;
  readonly span: Span;
}

/** Stands where the parser recovered and an expression was due. It has had its diagnostic; later phases stay silent. */
export interface Missing {
  readonly kind: "missing";
  readonly span: Span;
}

/** `Linear.weight = int8[d]`, `lm_head = none` */
export interface CompressionRule {
  readonly kind: "compression-rule";
  readonly target:
    /** All weights of this name that blocks of this name have. */
    | { readonly kind: "weight-kind"; readonly block: Identifier; readonly weight: Identifier }
    /** All weights at and below this address. */
    | { readonly kind: "address"; readonly segments: readonly Segment[] };
  readonly method: Expression;
  readonly span: Span;
}
