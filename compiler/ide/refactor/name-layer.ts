import { freeName } from "./free-name.js";
import type { Selected } from "./place.js";
import type { Refactored } from "./refactoring.js";

/** `|> linear: Linear{...}` for `|> Linear{...}`: its weights get an address of their own. */
export function nameLayer({ nodes, spanOf, replace }: Selected): Refactored | undefined {
  const [declaration] = nodes;
  const layer = nodes.findLast(({ kind }) => kind === "apply");
  const pipe = nodes[nodes.findLastIndex((node) => node === layer) - 1];
  if (!declaration || layer?.kind !== "apply" || layer.label || pipe?.kind !== "pipe") return undefined;
  const name = freeName(declaration, snakeCase(layer.block.name));
  const { start } = spanOf(layer);
  return { title: `Name the layer \`${name}\``, edits: [replace({ start, end: start }, `${name}: `)] };
}

const snakeCase = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();
