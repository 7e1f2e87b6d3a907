/** A block given as an entry must keep the shape of what it is applied to. One whose signature never does is told where it is given. */
import { atom, compare, possible, variable } from "../shapes/index.js";
import { outerSizes } from "./call-function.js";
import { globalScope } from "./expressions.js";
import { blockNamed, kindsIn } from "./kinds.js";
import type { BlockMeaning } from "./meaning.js";
import { declareSize, type Scope } from "./scope.js";
import { symbol } from "./settings.js";
import { printType, resolveType } from "./types.js";

/** `Wide makes f32[.., 2*d] of f32[.., d]`, where that is so for all sizes. */
export function changedShape(scope: Scope, { name, scope: from }: BlockMeaning): string | undefined {
  const found = name === undefined ? undefined : blockNamed(scope.context.program, from.file, name);
  if (!found) return undefined;
  const { declaration, file } = found;
  const [input] = declaration.inputs;
  const [result, more] = declaration.results;
  if (!input?.type.axes || !result || more) return undefined;
  const { duties } = scope.context;
  const context = {
    ...scope.context,
    problems: [],
    duties: { ...duties, obligations: [], granted: new Set(duties.granted) },
  };
  const rest = { label: "..", dim: variable(atom("..", "axis")) };
  const there: Scope = { ...globalScope(scope, file), ...outerSizes(scope), context, rest: [rest] };
  for (const size of declaration.variables) declareSize(there, size.name, variable(atom(size.name, "axis")));
  const kinds = kindsIn(context, file, declaration);
  for (const { name: entry } of declaration.parameters)
    there.names.set(entry.name, symbol(there, entry.name, kinds.get(entry.name) ?? "int"));
  const [before, after] = [input.type, result].map((type) => resolveType(there, type));
  if (!before || !after) return undefined;
  const isSame =
    before.axes.length === after.axes.length &&
    before.axes.every(({ dim }, n) => {
      const other = after.axes[n];
      return other !== undefined && possible(compare("==", dim, other.dim), context.facts) !== false;
    });
  return isSame ? undefined : `${name} makes ${printType(after)} of ${printType(before)}`;
}
