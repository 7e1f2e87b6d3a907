/** What is drawn, before anything has a place. */

export interface Box {
  readonly id: string;
  readonly kind: "input" | "output" | "layer" | "group" | "operation" | "join";
  readonly title: string;
  /** A second line: the block of a layer, the type of an input. */
  readonly detail: string | undefined;
  /** How many numbers its weights hold. */
  readonly parameters: bigint | undefined;
  readonly doc: string | undefined;
  readonly children: readonly Box[];
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** The type of what goes along it. */
  readonly text: string;
}

export interface Picture {
  readonly title: string;
  readonly doc: string | undefined;
  readonly parameters: bigint | undefined;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** These, and all that are in them. */
export const allBoxes = (boxes: readonly Box[]): Box[] => boxes.flatMap((box) => [box, ...allBoxes(box.children)]);
