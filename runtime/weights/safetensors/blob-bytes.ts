import type { Bytes } from "../../platform/platform.js";

/** A browser's File or Blob, or one in Node. */
export function blobBytes(blob: Blob): Bytes {
  const name = "name" in blob && typeof blob.name === "string" ? blob.name : "blob";
  return {
    name,
    size: blob.size,
    async read(from, to) {
      if (to > blob.size) throw new Error(`${name}: ends at byte ${blob.size}, ${to} are due`);
      return new Uint8Array(await blob.slice(from, to).arrayBuffer());
    },
    close: () => Promise.resolve(),
  };
}
