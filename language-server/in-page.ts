import type { Host } from "./host.js";

/** A machine without files. Any document may import any other that is open. */
export const inPage: Host = {
  read: () => undefined,
  rootOf: () => "/",
  list: () => [],
  libraryUri: () => undefined,
  pageOf: () => undefined,
  checkpointBeside: () => ({ tensors: [], fields: [] }),
  soon: (action) => void setTimeout(action),
};
