import type { BlockDeclaration } from "../../grammar/ast.js";
import { value } from "../2-check/builder.js";
import { equalDims, numberOf } from "../2-check/decide.js";
import { dataEntry } from "../2-check/entries.js";
import { evaluate } from "../2-check/expressions.js";
import { unknown, type Meaning } from "../2-check/meaning.js";
import { noteAxes, report, type Bound, type Context, type Scope } from "../2-check/scope.js";
import { isDType, resolveType } from "../2-check/types.js";
import type { Port, Value } from "../ir/graph.js";
import { asAtom, type Atom } from "../shapes/index.js";

/** Inputs as they come from outside, of a model or of a task; ids are bounded by what they look up. */
export function readPorts(scope: Scope, inputs: BlockDeclaration["inputs"]): Port[] {
  const { readings } = scope.context;
  return inputs.flatMap((input): Port[] => {
    if (!isDType(input.type.name.name)) {
      report(scope, "U901", { what: `an input of type ${input.type.name.name} from outside` }, input.span);
      scope.names.set(input.name.name, unknown);
      return [];
    }
    const type = resolveType(scope, input.type);
    if (!type) return [];
    noteAxes(scope, type.axes, (a, b) => equalDims(scope.context, a, b) === "yes");
    const port = value(scope.builder, input.name.name, type.dtype, type.axes);
    const index = type.dtype === "i32" ? dataEntry(input.name.name, readings.atom) : undefined;
    const data = index && asAtom(index);
    if (data) {
      scope.context.bounds.set(data, undefined);
      entries.set(port, data);
    }
    scope.names.set(input.name.name, { kind: "tensor", value: port, index });
    const usual = input.fallback && evaluate(scope, input.fallback);
    const fallback = usual && constantOf(scope, usual);
    if (input.fallback && usual?.kind !== "unknown" && fallback === undefined)
      report(scope, "U901", { what: "a default that is computed, of an input from outside," }, input.fallback.span);
    return [{ value: port, external: input.name.name, below: undefined, fallback }];
  });
}

/** What each entry of a port's tensor is, whatever the body calls by the port's name later on. */
const entries = new WeakMap<Value, Atom>();

/** What ids from outside must be, once all that looks up by them has been read. */
export function boundOf({ bounds }: Context, { value: port }: Port): Bound | undefined {
  const symbol = entries.get(port);
  return symbol && bounds.get(symbol);
}

function constantOf(scope: Scope, meaning: Meaning): number | boolean | undefined {
  if (meaning.kind === "int") return numberOf(scope.context, meaning.dim);
  if (meaning.kind === "real") return meaning.value;
  return meaning.kind === "bool" && meaning.condition.kind === "constant" ? meaning.condition.value : undefined;
}
