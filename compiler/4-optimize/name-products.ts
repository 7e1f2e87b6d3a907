/** A product is called like the layer whose weight it uses, as the source's labels say: `q`, `up`. */
import type { Function, Node, Value } from "../ir/graph.js";
import { mapValues } from "../ir/map-values.js";

export function nameProducts(made: Function): Function {
  const labels = new Map<Value, string>();
  const renamed = new Map<Value, Value>();
  const read = (value: Value): Value => renamed.get(value) ?? value;
  const rewrite = (body: readonly Node[]): Node[] =>
    body.map((node) => {
      if (node.op === "repeat") {
        const inside = rewrite(node.body);
        const current = mapValues({ ...node, body: inside }, { read, make: (value) => value });
        return current;
      }
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
  return { ...made, body, result: read(made.result) };
}

/** Names that say nothing: those of unlabelled layers. */
const anonymous: ReadonlySet<string> = new Set(["linear", "y", "product"]);
