/** Look-ups, by the kernel that is made for their form. */
import type { Axis, Node, Value } from "../ir/graph.js";
import { sameDim } from "../shapes/index.js";
import { alignText } from "./align.js";
import { fresh, use, type Frame, type Text } from "./frame.js";

type GatherNode = Extract<Node, { op: "gather" }>;

/** One row for each id; one entry of the last axis for each entry of the others; or a look-up along several axes. */
export function gatherText(frame: Frame, node: GatherNode, text: (value: Value) => Text): Text {
  const table = text(node.table);
  const asTensor = (index: Value): Text => {
    const at = text(index);
    return at.kind === "number" ? fresh(`tf.scalar(${at.code}, "int32")`, { ...at, hidden: true }) : at;
  };
  const [first] = node.indices;
  if (!first) throw new Error("a look-up needs an index");
  const kernel = kernelFor(node);
  use(frame, kernel);
  if (kernel !== "lookUp") {
    const index = asTensor(first);
    return fresh(`${kernel}(${table.code}, ${index.code})`, table, index);
  }
  const own = ownPositions(node);
  const rest = node.table.type.axes.length - node.axes.length - own.length;
  const found = node.out.type.axes.slice(0, node.out.type.axes.length - rest);
  const positions = own.map(({ label, dim }) => {
    use(frame, "positions");
    return alignText(fresh(`positions(${frame.size(dim)})`), [{ label, dim }], found);
  });
  const indices = [...node.indices.map((index) => alignText(asTensor(index), index.type.axes, found)), ...positions];
  const axes = [...node.axes, ...own.map(({ at }) => at)];
  const code = `lookUp(${table.code}, [${axes.join(", ")}], [${indices.map((index) => index.code).join(", ")}])`;
  return fresh(code, table, ...indices);
}

function kernelFor(node: GatherNode): "embedding" | "pick" | "lookUp" {
  const isSingle = node.indices.length === 1;
  if (isSingle && node.axes[0] === 0 && sharedAxes(node).length === 0) return "embedding";
  return isSingle && picksOfLast(node) ? "pick" : "lookUp";
}

interface SharedAxis extends Axis {
  /** Its place in the table. */
  readonly at: number;
}

/** Axes that table and indices share are looked up by their own positions, where no kernel is made for the form. */
export function ownPositions(node: GatherNode): readonly SharedAxis[] {
  return kernelFor(node) === "lookUp" ? sharedAxes(node) : [];
}

/** Axes of the table that are not looked up and that an index has too, by label. */
function sharedAxes({ table, axes, indices }: GatherNode): readonly SharedAxis[] {
  const labels = new Set(indices.flatMap(({ type }) => type.axes.map(({ label }) => label)));
  return table.type.axes.flatMap((axis, at) =>
    axis.label !== "" && !axes.includes(at) && labels.has(axis.label) ? [{ ...axis, at }] : [],
  );
}

/** table [a, b, n] by an index [a, b]: one entry of the last axis for each entry of the others. */
function picksOfLast({ table, axes, indices: [index] }: GatherNode): boolean {
  const own = index?.type.axes ?? [];
  return (
    axes[0] === own.length &&
    table.type.axes.length === own.length + 1 &&
    own.every(({ label, dim }, n) => {
      const other = table.type.axes[n];
      return label !== "" && label === other?.label && sameDim(dim, other.dim);
    })
  );
}
