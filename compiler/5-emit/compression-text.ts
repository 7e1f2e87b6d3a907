/** What becomes of a weight's numbers when they are loaded, as the emitted table says it. */
import type { PlacedWeight } from "../3-lower/checkpoint.js";
import { axisInFile } from "./stored-text.js";

export function compressionText({ compression, place }: PlacedWeight): string | undefined {
  if (!compression) return undefined;
  const { prune, quantize } = compression;
  const entries: string[] = [];
  if (prune && "share" in prune) entries.push(`prune: { share: ${prune.share} }`);
  else if (prune)
    entries.push(`prune: { keep: ${prune.keep}, of: ${prune.of}, axis: ${axisInFile(place, prune.axis)} }`);
  if (quantize) {
    const group = quantize.group === undefined ? "" : `, group: ${quantize.group}`;
    entries.push(`quantize: { bits: ${quantize.bits}, axis: ${axisInFile(place, quantize.axis)}${group} }`);
  }
  return `{ ${entries.join(", ")} }`;
}
