import type { Selected } from "./place.js";
import type { Refactored } from "./refactoring.js";

/** A first `config` for a model whose entries all have defaults. */
export function addConfig({ source, nodes, spanOf, replace, range }: Selected): Refactored | undefined {
  const [model] = nodes;
  if (model?.kind !== "block" || model.keyword !== "model" || range.start > spanOf(model.name).end) return undefined;
  const name = model.name.name;
  const hasConfig = [...source.file.configs.values()].some((config) => config.model.name === name);
  if (hasConfig || model.parameters.some(({ fallback }) => !fallback) || source.file.configs.has("small"))
    return undefined;
  const { end } = spanOf(model);
  return { title: `Add a config of ${name}`, edits: [replace({ start: end, end }, `\n\nconfig small = ${name}{}`)] };
}
