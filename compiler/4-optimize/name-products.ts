/** A product is called like the layer whose weight it uses, as the source's labels say: `q`, `up`. */
import type { Function, Node, Value } from "../ir/graph.js";
import { mapBody } from "../ir/functions.js";
import { mapValues } from "../ir/map-values.js";

export function nameProducts(made: Function): Function {
  const labels = new Map<Value, string>();
  const renamed = new Map<Value, Value>();
  const read = (value: Value): Value => renamed.get(value) ?? value;
  const rewrite = (body: readonly Node[]): Node[] =>
    body.map((node) => {
      if (node.op === "repeat" || node.op === "scan")
        return mapValues(mapBody(node, rewrite), { read, make: (value) => value });
      if (node.op === "weight") {
        const label = node.path.at(-2);
        if (typeof label === "string") labels.set(node.out, label);
      }
      const current = mapValues(node, { read, make: (value) => value });
      const label = node.op === "linear" ? labels.get(node.weight) : undefined;
      if (label === undefined || current.op !== "linear" || !anonymous.has(current.out.name)) return current;
      const out: Value = { ...current.out, name: label };
      renamed.set(current.out, out);
      return { ...current, out };
    });
  const body = rewrite(made.body);
  return { ...made, body, results: made.results.map(read) };
}

/** Names that say nothing: those of unlabelled layers. */
const anonymous: ReadonlySet<string> = new Set(["linear", "y", "product"]);
