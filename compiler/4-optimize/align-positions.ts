/** A mask or score that looks up the entry at the query's own position, or at the key's, has that entry: nothing is looked up. */
import type { AttendNode, Function, Node, Region, Value } from "../ir/graph.js";
import { flatMapNodes } from "../ir/functions.js";
import { mapValues } from "../ir/map-values.js";
import { operandsOf } from "../ir/operands.js";
import { sameDim } from "../shapes/index.js";

export function alignPositions(made: Function): Function {
  return { ...made, body: flatMapNodes(made.body, (node) => [node.op === "attend" ? aligned(node) : node]) };
}

function aligned(node: AttendNode): AttendNode {
  const { mask, score } = node;
  return { ...node, mask: mask && alignedRegion(mask), score: score && alignedRegion(score) };
}

function alignedRegion(region: Region): Region {
  const found = new Map<Value, Value>();
  const read = (value: Value): Value => found.get(value) ?? value;
  const body = region.body.map((node): Node => {
    const entry = ownEntry(region, node);
    if (!entry) return mapValues(node, { read, make: (value) => value });
    found.set(entry.instead, entry.out);
    return { op: "rename", operand: entry.of, out: entry.out };
  });
  return { ...region, body, result: read(region.result) };
}

interface OwnEntry {
  readonly of: Value;
  /** `of` as the look-up calls its axes, to be read instead of what the look-up gives. */
  readonly out: Value;
  readonly instead: Value;
  /** Whose position it is. */
  readonly position: Value;
}

/** What a node of a mask or score gives, where that is a table's entry at the position of each query or key. */
export function ownEntry({ parameters, body }: Region, node: Node): OwnEntry | undefined {
  if (node.op !== "gather") return undefined;
  const { table, out } = node;
  const [at = 0, second] = node.axes;
  const position = parameters.slice(-2).find((each) => each === node.indices[0]);
  const [own] = position?.type.axes ?? [];
  const asked = table.type.axes[at];
  if (second !== undefined || !position || !own || !asked || !sameDim(asked.dim, own.dim)) return undefined;
  // Arithmetic goes by the names of axes, and so does what a mask gives; others may need them in the look-up's order.
  if (body.some((other) => other.op !== "map" && operandsOf(other).includes(out))) return undefined;
  const axes = table.type.axes.map((axis, n) => (n === at ? own : axis));
  return { of: table, out: { ...out, type: { ...out.type, axes } }, instead: out, position };
}
