/** What a mask or a score gives for each query and each key, for few positions: the checker's own graph, interpreted. */
import type { Expression } from "../../../grammar/ast.js";
import { createBuilder, value } from "../../2-check/builder.js";
import { effortFor } from "../../2-check/effort.js";
import { noReadings } from "../../2-check/readings.js";
import { positionAtom } from "../../2-check/entries.js";
import { evaluate } from "../../2-check/expressions.js";
import type { Meaning } from "../../2-check/meaning.js";
import { inner, type Context, type Scope } from "../../2-check/scope.js";
import type { Axis, DType, Function, Node, Value } from "../../ir/graph.js";
import type { NDArray } from "../../ir/interpret.js";
import { sizeOfShape } from "../../ir/interpret/array.js";
import { evaluateFunction } from "../../ir/interpret/evaluate-node.js";
import { outsOf } from "../../ir/operands.js";
import { sizesIn } from "../../ir/sizes-in.js";
import {
  asConstant,
  atomsOf,
  constant,
  evaluate as evaluateDim,
  noFacts,
  zero,
  type Atom,
  type Dim,
} from "../../shapes/index.js";
import { fillsFor } from "./fills.js";

export interface Grid {
  readonly kind: "mask" | "score";
  /** By query, then by key; undefined where it depends on data that only a call has. Of a mask, 0 and 1. */
  readonly cells: readonly (readonly (number | undefined)[])[];
  /** How many positions a cell stands for. */
  readonly stride: number;
  /** What the undefined ones depend on. */
  readonly unknown: readonly string[];
  /** Whether it differs from head to head; the cells are the first head's. */
  readonly byHead: boolean;
  /** Other axes that it differs along, such as that of an image's windows; the cells are those at their ends. */
  readonly along: readonly string[];
  /** All in reach that has a name and a number: `w = 4`. */
  readonly where: ReadonlyMap<string, number>;
}

/** What has no value in a definition, such as the width of a window, gets one to be drawn with. */
export interface Examples {
  readonly whole: (atom: Atom) => number;
  readonly real: (name: string) => number;
}

/** More numbers than this are not computed for a picture. */
const entryLimit = 1 << 22;

/**
 * `scope` is one in which the expression was read inside of an attention: it knows `q` and `k`. Undefined where the expression is no mask
 * or score, has mistakes, or cannot be computed for so few positions.
 */
export function gridOf(scope: Scope, expression: Expression, size: number, examples: Examples): Grid | undefined {
  const drawn = build(scope, expression, size, examples);
  if (!drawn) return undefined;
  // A window of 4096 is drawn with cells that stand for many positions each, where there are as many.
  const largest = Math.max(0, ...drawn.nodes.flatMap((node) => wholeNumberIn(node, drawn.sizeOf)));
  const count = Math.max(...[drawn.query, drawn.key].map(countOf));
  const wanted = largest < count ? 1 : 2 ** Math.ceil(Math.log2((2 * largest) / count));
  return run(drawn, Math.max(1, Math.min(wanted, Math.floor(drawn.most / count))));
}

/** Of a tensor of positions. */
const countOf = ({ type }: Value): number => Number(asConstant(type.axes[0]?.dim ?? zero));

/** As many positions as the config says there are, where they are few enough to be drawn; else `size`. */
const countFor = (positions: number | undefined, size: number): number =>
  positions !== undefined && positions <= mostCells ? positions : size;

const mostCells = 64;

/** Sizes and whole numbers that positions may be compared with. */
function wholeNumberIn(node: Node, sizeOf: (dim: Dim) => number): number[] {
  if (node.op === "size") return [sizeOf(node.size)];
  return node.op === "constant" && node.out.type.dtype === "i32" && typeof node.value === "number" ? [node.value] : [];
}

interface Drawn {
  readonly kind: Grid["kind"];
  readonly nodes: readonly Node[];
  readonly result: Value;
  readonly query: Value;
  readonly key: Value;
  readonly score: Value;
  readonly head: Value | undefined;
  /** What the expression reads of what only a call has. */
  readonly given: readonly Value[];
  /** How many positions there are at most. */
  readonly most: number;
  readonly numbers: ReadonlyMap<Atom, number>;
  readonly outer: ReadonlySet<Atom>;
  readonly where: Grid["where"];
  readonly sizeOf: (dim: Dim) => number;
  readonly examples: Examples;
}

function build(scope: Scope, expression: Expression, size: number, examples: Examples): Drawn | undefined {
  const [q, k, head] = ["q", "k", "head"].map((name) => tensorOf(scope.names.get(name)));
  const [queries, keys] = [q?.type.axes[0], k?.type.axes[0]];
  if (!queries || !keys || scope.order === undefined) return undefined;
  const numbers = new Map(scope.context.numbers);
  for (const symbol of symbolsIn(scope)) if (!numbers.has(symbol)) numbers.set(symbol, examples.whole(symbol));
  const context = apart(scope.context, numbers);
  const builder = createBuilder(scope.builder);
  const there = inner(scope, { context, builder });
  for (const [name, meaning] of scope.names)
    if (meaning.kind === "real") there.names.set(name, { kind: "real", value: meaning.value ?? examples.real(name) });
  const sizeOf = (dim: Dim): number | undefined => evaluateDim(dim, (atom) => numbers.get(atom));
  const axes = [queries, keys].map(({ label, dim }): Axis => ({ label, dim: constant(countFor(sizeOf(dim), size)) }));
  const tensor = (name: string, dtype: DType, of: readonly Axis[], index?: Dim): Value => {
    const made = value(builder, name, dtype, of);
    there.names.set(name, { kind: "tensor", value: made, index });
    return made;
  };
  const query = tensor("q", "i32", axes.slice(0, 1), positionAtom("q", queries.dim));
  const key = tensor("k", "i32", axes.slice(1), positionAtom("k", keys.dim));
  const score = tensor("s", "f32", axes);
  const meaning = evaluate(there, expression);
  const result = resultOf(there, meaning);
  if (!result || context.problems.length > 0) return undefined;
  const { dtype } = result.type;
  if (dtype === "i32") return undefined;
  const isGiven = (node: Node): boolean => node.op === "weight" || node.op === "state";
  return {
    kind: dtype === "bool" ? "mask" : "score",
    nodes: builder.nodes.filter((node) => !isGiven(node)),
    result,
    query,
    key,
    score,
    head: head && builder.captured.get(head),
    given: [...builder.captured.values(), ...builder.nodes.filter(isGiven).flatMap(outsOf)],
    most: Math.min(...[queries, keys].map(({ dim }) => sizeOf(dim) ?? Infinity)),
    numbers,
    outer: new Set(context.outer.values()),
    where: numbersIn(there, sizeOf),
    sizeOf: (dim) => sizeOf(dim) ?? 0,
    examples,
  };
}

const tensorOf = (meaning: Meaning | undefined): Value | undefined =>
  meaning?.kind === "tensor" ? meaning.value : undefined;

/** The checker's context with numbers for all that it knows by symbols, and nothing shared that reading changes. */
const apart = (context: Context, numbers: Map<Atom, number>): Context => ({
  ...context,
  mode: "instance",
  numbers,
  problems: [],
  readings: noReadings(),
  choices: new Map(),
  shapes: undefined,
  observe: undefined,
  effort: effortFor(context.program),
  facts: noFacts,
});

/** Config entries and counters in reach. Sizes of axes stay open: their number is that of the positions. */
function symbolsIn({ names }: Scope): Atom[] {
  return [...names.values()].flatMap((meaning): Atom[] => {
    if (meaning.kind === "int") return atomsOf(meaning.dim).filter(({ role }) => role === "config" || role === "loop");
    return meaning.kind === "bool" && meaning.condition.kind === "flag" ? [meaning.condition.atom] : [];
  });
}

function resultOf(scope: Scope, meaning: Meaning): Value | undefined {
  if (meaning.kind === "tensor") return meaning.value;
  if (meaning.kind !== "bool" || meaning.condition.kind !== "constant") return undefined;
  const out = value(scope.builder, "c", "bool", []);
  scope.builder.nodes.push({ op: "constant", value: meaning.condition.value, out });
  return out;
}

function run(drawn: Drawn, stride: number): Grid | undefined {
  const { nodes, result, query, key, score, head, given } = drawn;
  const [rows, columns] = [countOf(query), countOf(key)];
  const sizes = sizesFor(drawn, Math.max(rows, columns) * stride);
  const shapeOf = ({ type }: Value): number[] =>
    type.axes.map(({ dim }) => evaluateDim(dim, (atom) => sizes.get(atom)) ?? 0);
  const made: Function = {
    name: "picture",
    role: "block",
    doc: undefined,
    parameters: [query, key, score, ...given],
    body: [...nodes],
    results: [result],
  };
  if ([...given, ...nodes.flatMap(outsOf)].some((each) => sizeOfShape(shapeOf(each)) > entryLimit)) return undefined;
  const positions = (count: number): NDArray => ({
    shape: [count],
    data: Float64Array.from({ length: count }, (_, n) => n * stride),
  });
  const scores: NDArray = { shape: [rows, columns], data: new Float64Array(rows * columns) };
  const data = given.filter((each) => each !== head);
  const tables = fillsFor(stride)
    .slice(0, data.length > 0 ? undefined : 1)
    .map((fill) => {
      const operands = given.map((each): NDArray => {
        const shape = shapeOf(each);
        const { dtype } = each.type;
        // Heads count in the order in which they lie.
        return {
          shape,
          data: Float64Array.from({ length: sizeOfShape(shape) }, (_, n) => (each === head ? n : fill(dtype, n))),
        };
      });
      return attempt(made, [positions(rows), positions(columns), scores, ...operands], sizes);
    });
  const found = tables.flatMap((table) => table ?? []);
  if (found.length === 0) return undefined;
  const heads = new Set(head?.type.axes.map(({ label }) => label));
  const [first, byEnd, byLastHead] = (["none", "others", "heads"] as const).map((end) => {
    const at = placeIn(result, query, key, (label) => (heads.has(label) ? end === "heads" : end === "others"));
    return Array.from({ length: rows }, (_, q) =>
      Array.from({ length: columns }, (_, k) => {
        const values = new Set(found.map((table) => at(table, q, k)));
        return values.size === 1 ? [...values][0] : undefined;
      }),
    );
  });
  const differs = (other: Grid["cells"] | undefined): boolean => JSON.stringify(first) !== JSON.stringify(other);
  const cells = (differs(byEnd) ? byEnd : first) ?? [];
  const isUnknown = cells.some((row) => row.includes(undefined));
  const own = new Set([query, key].map(({ type }) => type.axes[0]?.label));
  const others = result.type.axes.flatMap(({ label }) => (own.has(label) || heads.has(label) ? [] : [label]));
  return {
    kind: drawn.kind,
    cells,
    stride,
    unknown: isUnknown ? [...new Set(data.map(({ name }) => name))] : [],
    byHead: differs(byLastHead),
    along: differs(byEnd) ? others : [],
    where: drawn.where,
  };
}

/** The entry for a query and a key; of each other axis the first, or the last. */
function placeIn(result: Value, query: Value, key: Value, isLast: (label: string) => boolean) {
  const [i, j] = [query, key].map(({ type }) => type.axes[0]?.label);
  return ({ shape, data }: NDArray, q: number, k: number): number | undefined => {
    const index = result.type.axes.map(({ label }, n) => {
      if (label === i) return q;
      if (label === j) return k;
      return isLast(label) ? (shape[n] ?? 1) - 1 : 0;
    });
    return data[index.reduce((offset, position, n) => offset * (shape[n] ?? 1) + position, 0)];
  };
}

/** What the picture was drawn with. */
function numbersIn({ names }: Scope, sizeOf: (dim: Dim) => number | undefined): Map<string, number> {
  return new Map(
    [...names].flatMap(([name, meaning]): [string, number][] => {
      const number = meaning.kind === "int" ? sizeOf(meaning.dim) : meaning.kind === "real" ? meaning.value : undefined;
      return number === undefined ? [] : [[name, number]];
    }),
  );
}

/** Numbers for all sizes: of an outer axis one entry is enough, other axes have as many as there are positions. */
function sizesFor({ nodes, given, numbers, outer, examples }: Drawn, positions: number): Map<Atom, number> {
  const sizes = new Map(numbers);
  const dims = [
    ...nodes.flatMap(sizesIn),
    ...[...given, ...nodes.flatMap(outsOf)].flatMap(({ type }) => type.axes.map(({ dim }) => dim)),
  ];
  for (const atom of dims.filter((dim) => asConstant(dim) === undefined).flatMap(atomsOf)) {
    if (sizes.has(atom)) continue;
    sizes.set(
      atom,
      atom.role === "axis" ? (outer.has(atom) || atom.name === ".." ? 1 : positions) : examples.whole(atom),
    );
  }
  return sizes;
}

/** With example numbers an index may be out of range, or a divisor 0: then there is nothing to be seen. */
function attempt(made: Function, operands: readonly NDArray[], sizes: Map<Atom, number>): NDArray | undefined {
  const cells = { before: new Map<string, NDArray>(), after: new Map<string, NDArray>() };
  const weights = (address: string): never => {
    throw new Error(`the picture reads no weight ${address}`);
  };
  try {
    const tree = { kind: "tree", entries: new Map() } as const;
    return evaluateFunction(made, operands, [], { weights, tree, transposed: new Set(), sizes, cells })[0];
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
