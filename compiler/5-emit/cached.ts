/** Whether a function keeps anything between the steps of decoding. */
import { nodesOf } from "../ir/functions.js";
import type { Function } from "../ir/graph.js";

export function usesCache(made: Function): boolean {
  return nodesOf(made).some(
    (node) =>
      (node.op === "attend" && node.cache) ||
      (node.op === "attend" && node.offset) ||
      ((node.op === "scan" || node.op === "along") && node.cache) ||
      node.op === "once" ||
      (node.op === "positions" && node.offset) ||
      (node.op === "table" && node.offsets.some(Boolean)),
  );
}
