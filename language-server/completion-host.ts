import type { Host as CompletionHost } from "../compiler/ide/index.js";
import type { Spot } from "./session.js";

/** What completion asks of the files around the one that is written. */
export function completionHost({ session, file, snapshot }: Spot): CompletionHost {
  const { analysis, documents, host } = session;
  const root = host.rootOf(file);
  return {
    filesBeside: () => {
      const all = new Set([...host.list(root), ...documents.entries()]);
      return [...all].flatMap((other) => (other === file ? [] : (relative(file, other, root) ?? [])));
    },
    checkpointNames: () => host.checkpointBeside(file).tensors,
    configFields: () => host.checkpointBeside(file).fields,
    others: documents.entries().flatMap((entry) => {
      const other = entry === snapshot.entry ? undefined : analysis.latest(entry);
      return other && host.rootOf(entry) === root ? [other] : [];
    }),
  };
}

/** `./masks.tfm`, or `../lib/masks.tfm`; undefined for what is not below the folder of the project. */
function relative(from: string, to: string, root: string): string | undefined {
  const top = root.endsWith("/") ? root : `${root}/`;
  if (!to.startsWith(top) || !from.startsWith(top)) return undefined;
  const [own, other] = [from.split("/").slice(0, -1), to.split("/")];
  const shared = own.findIndex((part, n) => part !== other[n]);
  const common = shared < 0 ? own.length : shared;
  const up = own.slice(common).map(() => "..");
  return [...(up.length > 0 ? up : ["."]), ...other.slice(common)].join("/");
}
