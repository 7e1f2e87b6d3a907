/** Places for boxes and arrows, by the Eclipse Layout Kernel: layers from top to bottom (Sugiyama et al. 1981). */
import type { ElkEdgeSection, ElkExtendedEdge, ElkNode } from "elkjs";
import { allBoxes, type Arrow, type Box, type Picture } from "./box.js";

export interface Placed extends Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly children: readonly Placed[];
}

export interface Route extends Arrow {
  /** From the box it leaves to the one it enters. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** The middle of its text. */
  readonly label: { readonly x: number; readonly y: number } | undefined;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Placed[];
  readonly routes: readonly Route[];
}

/** Widths of a character, which is as wide as any other of its font. */
export const fonts = { title: { size: 13, advance: 7.83 }, small: { size: 11, advance: 6.62 } } as const;

const wide = (text: string, { advance }: { readonly advance: number }): number => Math.ceil(text.length * advance);

/** The straighter of two ways to place boxes takes minutes for more of them. */
const manyBoxes = 100;

export async function layOut({ boxes, arrows }: Picture): Promise<Layout> {
  const { default: Elk } = await import("elkjs/lib/elk.bundled.js");
  const graph: ElkNode = {
    id: "root",
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "DOWN",
      "elk.hierarchyHandling": "INCLUDE_CHILDREN",
      "elk.json.shapeCoords": "ROOT",
      "elk.json.edgeCoords": "ROOT",
      "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
      "elk.layered.nodePlacement.strategy": allBoxes(boxes).length > manyBoxes ? "BRANDES_KOEPF" : "NETWORK_SIMPLEX",
      "elk.edgeRouting": "ORTHOGONAL",
      "elk.padding": "[top=16,left=16,bottom=16,right=16]",
      "elk.spacing.nodeNode": "28",
      "elk.spacing.edgeNode": "16",
      "elk.layered.spacing.nodeNodeBetweenLayers": "22",
      "elk.layered.spacing.edgeNodeBetweenLayers": "14",
      "elk.spacing.edgeLabel": "4",
    },
    children: boxes.map(shapeOf),
    edges: arrows.map(({ from, to, text }, n): ElkExtendedEdge => ({
      id: `e${n}`,
      sources: [from],
      targets: [to],
      labels: [{ text, width: wide(text, fonts.small), height: 14 }],
    })),
  };
  const placed = await new Elk.default().layout(graph);
  const placeOf = new Map<string, ElkNode>();
  const note = (node: ElkNode): void => {
    placeOf.set(node.id, node);
    node.children?.forEach(note);
  };
  note(placed);
  const place = (box: Box): Placed => {
    const { x = 0, y = 0, width = 0, height = 0 } = placeOf.get(box.id) ?? {};
    return { ...box, x, y, width, height, children: box.children.map(place) };
  };
  return {
    width: placed.width ?? 0,
    height: placed.height ?? 0,
    boxes: boxes.map(place),
    routes: arrows.map((arrow, n) => {
      const { sections = [], labels = [] } = placed.edges?.[n] ?? {};
      const [label] = labels;
      const middle = label && {
        x: (label.x ?? 0) + (label.width ?? 0) / 2,
        y: (label.y ?? 0) + (label.height ?? 0) / 2,
      };
      return { ...arrow, points: sections.flatMap(pointsOf), label: middle };
    }),
  };
}

const pointsOf = ({ startPoint, bendPoints = [], endPoint }: ElkEdgeSection): Route["points"] => [
  startPoint,
  ...bendPoints,
  endPoint,
];

function shapeOf(box: Box): ElkNode {
  const { id, kind, title, detail, children } = box;
  if (kind === "join") return { id, width: 26, height: 26 };
  const note = noteOf(box);
  if (kind === "group") {
    const least = wide(title, fonts.title) + wide([detail, note].filter(Boolean).join(" · "), fonts.small) + 40;
    return {
      id,
      children: children.map(shapeOf),
      layoutOptions: {
        "elk.padding": "[top=38,left=18,bottom=18,right=18]",
        "elk.nodeSize.constraints": "MINIMUM_SIZE",
        "elk.nodeSize.minimum": `(${least}, 60)`,
      },
    };
  }
  const second = [detail, note].filter(Boolean).join(" · ");
  const width = Math.max(wide(title, fonts.title), wide(second, fonts.small)) + 28;
  return { id, width, height: second === "" ? 30 : 46 };
}

/** `7.1 M` for 7_087_872 numbers. */
export function noteOf({ parameters }: Pick<Box, "parameters">): string {
  if (parameters === undefined) return "";
  const units = [
    [1e12, "T"],
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const;
  const number = Number(parameters);
  for (const [size, unit] of units) {
    if (number < size) continue;
    const share = number / size;
    return `${share < 10 ? share.toFixed(1) : Math.round(share)} ${unit}`;
  }
  return String(parameters);
}
