/** A model's weights as data: names, shapes, how each begins and where it is stored. Generated code writes it. */
import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "../tensor.js";
import type { Compression } from "./compress/compression.js";
import type { Initialiser } from "./initialiser.js";
import type { Stored } from "./stored.js";

const kind = Symbol("kind");

export interface Param<Shape extends string = string> {
  readonly [kind]: "param";
  /** As types write it, for instance `"f32[vocab, d]"`. */
  readonly shape: Shape;
  readonly sizes: readonly number[];
  readonly initialiser: Initialiser;
  readonly stored?: Stored | undefined;
  /** What becomes of a checkpoint's numbers when they are loaded. */
  readonly compression?: Compression | undefined;
}

export interface Repeat<Each extends Parameters = Parameters> {
  readonly [kind]: "repeat";
  readonly count: number;
  /** The name that stands for the index in stored names, `{i}`. */
  readonly index: string;
  readonly each: Each;
}

export type Parameters = Param | Repeat | readonly Parameters[] | { readonly [name: string]: Parameters };

/** The tensors of `parameters`: the same tree, with a tensor for each param and an array for each repeat. */
export type Weights<P> = P extends { readonly [kind]: "param"; readonly shape: infer Shape extends string }
  ? Tensor<Shape>
  : P extends { readonly [kind]: "repeat"; readonly each: infer Each }
    ? readonly Weights<Each>[]
    : { readonly [Name in keyof P]: Weights<P[Name]> };

/** One weight. It is stored by the name that is its address, `h.0.ln_1.weight`, unless `stored` says otherwise. */
export function param<const Shape extends string>(
  shape: Shape,
  sizes: readonly number[],
  initialiser: Initialiser,
  stored?: Stored,
  compression?: Compression,
): Param<Shape> {
  return { [kind]: "param", shape, sizes, initialiser, stored, compression };
}

/** `count` times the same weights; in names that they are stored by, `{index}` stands for 0 .. count - 1. */
export function repeat<Each extends Parameters>(count: number, index: string, each: Each): Repeat<Each> {
  return { [kind]: "repeat", count, index, each };
}

/** Layers that differ: each keeps a type of its own. */
export function list<Items extends readonly Parameters[]>(...items: Items): Items {
  return items;
}

/** One parameter with its place in the tree. */
export interface Leaf {
  readonly param: Param;
  readonly path: readonly string[];
  /** The path in one, for instance `h.0.ln_1.weight`. */
  readonly address: string;
  /** The value of each index around it. */
  readonly indices: ReadonlyMap<string, number>;
}

/** All parameters, in the order in which the source declares them. */
export function leavesOf(parameters: Parameters): Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (node: Parameters, path: readonly string[], indices: ReadonlyMap<string, number>): void => {
    if (isParam(node)) leaves.push({ param: node, path, address: path.join("."), indices });
    else if (isRepeat(node)) {
      for (let at = 0; at < node.count; at++) {
        visit(node.each, [...path, String(at)], new Map([...indices, [node.index, at]]));
      }
    } else for (const [name, inner] of Object.entries(node)) visit(inner, [...path, name], indices);
  };
  visit(parameters, [], new Map());
  return leaves;
}

/** The tree of weights, with the tensor that `tensors` holds for each address. @throws Error if one is missing. */
export function plant<P>(parameters: P & Parameters, tensors: ReadonlyMap<string, Tensor>): Weights<P> {
  const grow = (node: Parameters, path: readonly string[]): unknown => {
    if (isParam(node)) return tensors.get(path.join("."));
    if (isRepeat(node)) {
      return Array.from({ length: node.count }, (_, at) => grow(node.each, [...path, String(at)]));
    }
    if (isList(node)) return node.map((inner, at) => grow(inner, [...path, String(at)]));
    return Object.fromEntries(Object.entries(node).map(([name, inner]) => [name, grow(inner, [...path, name])]));
  };
  const tree = grow(parameters, []);
  if (!isPlanted<P>(parameters, tree)) throw new Error("the weights are no tree of tensors");
  return tree;
}

function isPlanted<P>(parameters: P & Parameters, tree: unknown): tree is Weights<P> {
  return leavesOf(parameters).every((leaf) => tensorAt(tree, leaf) instanceof tf.Tensor);
}

/** The tensor at a leaf's place in a tree of weights. @throws Error if there is none. */
export function tensorAt(weights: unknown, { path, address }: Leaf): tf.Tensor {
  let place: unknown = weights;
  for (const step of path) {
    place = typeof place === "object" && place !== null ? Reflect.get(place, step) : undefined;
  }
  if (!isTensor(place)) throw new Error(`${address}: the weights hold no tensor there`);
  return place;
}

function isTensor(value: unknown): value is tf.Tensor {
  return value instanceof tf.Tensor;
}

/** Frees every tensor of a model's weights. */
export function disposeWeights<P>(parameters: P & Parameters, weights: Weights<P>): void {
  for (const leaf of leavesOf(parameters)) tensorAt(weights, leaf).dispose();
}

function isParam(node: Parameters): node is Param {
  return kind in node && node[kind] === "param";
}

function isRepeat(node: Parameters): node is Repeat {
  return kind in node && node[kind] === "repeat";
}

function isList(node: Parameters): node is readonly Parameters[] {
  return Array.isArray(node);
}
