/** Sizes in emitted code: `config.d / config.heads`, `seq - 1`. */
import { asConstant, printDim, renderDim, typescriptStyle, type Atom, type Dim } from "../shapes/index.js";
import type { ConfigEntry, Value, ValueType } from "../ir/graph.js";

/** The expression of a dim. `local`: what run-time sizes and loop counters are called in the function at hand. */
export type SizeText = (dim: Dim) => string;

export function createSizeText(config: readonly ConfigEntry[], local: (atom: Atom) => string): SizeText {
  const names = new Map(config.flatMap(({ atom, name }) => (atom ? [[atom, name] as const] : [])));
  const style = typescriptStyle((atom) => (names.has(atom) ? `config.${names.get(atom)}` : local(atom)));
  return (dim) => {
    const constant = asConstant(dim);
    return constant === undefined ? renderDim(dim, style) : String(constant);
  };
}

/** A type as emitted code writes it: `f32[batch, seq, 4*d]`. */
export function shapeText({ dtype, axes }: ValueType): string {
  return `${dtype}[${axes.map(({ dim }) => printDim(dim)).join(", ")}]`;
}

/** What a function gives: one tensor, or several in order. */
export function typesText(values: readonly Value[], aliases: ReadonlyMap<string, string>): string {
  const types = values.map(({ type }) => tensorType(type, aliases));
  const [only, more] = types;
  return only !== undefined && more === undefined ? only : `[${types.join(", ")}]`;
}

/** `aliases`: names that the module gives to shapes it speaks of often. */
export function tensorType(type: ValueType, aliases: ReadonlyMap<string, string> = new Map()): string {
  const shape = shapeText(type);
  return aliases.get(shape) ?? `Tensor<${JSON.stringify(shape)}>`;
}
