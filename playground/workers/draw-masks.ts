import {
  encodingNamed,
  encodingPicture,
  maskPictures,
  type MaskPicture,
  type Snapshot,
} from "../../compiler/ide/index.js";
import { nodesIn } from "../../compiler/ide/nodes-at.js";
import type { Declaration, Identifier } from "../../grammar/ast.js";

export interface DrawnMask {
  /** As it is written. */
  readonly source: string;
  /** What it belongs to. */
  readonly where: string;
  /** Of the name it is given by, in the text. */
  readonly start: number;
  readonly svg: string;
  readonly caption: string;
}

/** The masks and scores of the file under edit, in its order. Where a config applies, its numbers are put in. */
export function drawMasks(snapshot: Snapshot, config: string | undefined): DrawnMask[] {
  const { entry, program } = snapshot;
  const source = snapshot.source(entry);
  const chosen = config === undefined ? undefined : program.entry.configs.get(config);
  const drawn = program.entry.all.flatMap((declaration) =>
    namesIn(declaration).flatMap((name): DrawnMask[] => {
      const start = source?.toText(name.span)?.start;
      if (start === undefined) return [];
      const whole: MaskPicture | undefined = maskPictures(snapshot, entry, start, { config: chosen }).at(-1);
      return whole
        ? [{ source: whole.source, svg: whole.svg, caption: whole.caption, start, where: whereOf(declaration) }]
        : [];
    }),
  );
  // Branches of a layer often say the same.
  const keyOf = ({ source, where, svg }: DrawnMask): string => JSON.stringify([source, where, svg]);
  return [...new Map(drawn.toReversed().map((mask) => [keyOf(mask), mask])).values()].toReversed();
}

/** The positional encodings of the library that the file uses, each where it is first named. */
export function drawEncodings({ entry, program, source }: Snapshot): DrawnMask[] {
  const text = source(entry);
  const found = new Map<string, DrawnMask>();
  for (const declaration of program.entry.all) {
    for (const node of nodesIn(declaration)) {
      if (node.kind !== "identifier" && node.kind !== "name") continue;
      const encoding = encodingNamed(node.name);
      if (encoding === undefined || found.has(encoding)) continue;
      const start = text?.toText(node.span)?.start;
      const picture = encodingPicture(encoding);
      if (start === undefined || !picture) continue;
      const { svg, caption } = picture;
      found.set(encoding, { source: node.name, svg, caption, start, where: whereOf(declaration) });
    }
  }
  return [...found.values()];
}

/** What a mask or a score is given by: `mask: causal`, or a declaration of its own. */
function namesIn(declaration: Declaration): Identifier[] {
  if (declaration.kind === "index") return [declaration.name];
  if (declaration.kind !== "block") return [];
  return nodesIn(declaration).flatMap((node) => {
    const isNamed = node.kind === "argument" || node.kind === "setting";
    return isNamed && node.name && /^(mask|score)$/.test(node.name.name) ? [node.name] : [];
  });
}

const whereOf = (declaration: Declaration): string =>
  declaration.kind === "block" || declaration.kind === "index" ? `${declaration.keyword} ${declaration.name.name}` : "";
