import type { Snapshot } from "../compiler/ide/index.js";
import type { Look, Session } from "./session.js";

/** All files of a project in which a word is written, the one that is asked about first, then those that are open. */
export function projectAround({ session, file, snapshot }: Look, word: string): readonly Snapshot[] {
  const { documents, host } = session;
  // The library is part of all that is open.
  const roots = snapshot.entry === file ? [host.rootOf(file)] : documents.entries().map(host.rootOf);
  const others = snapshotsBelow(session, roots, (other) => other !== snapshot.entry && hasWord(session, other, word));
  return [snapshot, ...others];
}

const hasWord = ({ documents }: Session, file: string, word: string): boolean =>
  (documents.textOf(file) ?? "").includes(word);

/** All files in folders, first those that are open. */
export function snapshotsBelow(
  { analysis, documents, host }: Session,
  folders: readonly string[],
  isWanted: (file: string) => boolean = () => true,
): readonly Snapshot[] {
  const roots = new Set(folders);
  const open = documents.entries().filter((file) => roots.has(host.rootOf(file)));
  const files = new Set([...open, ...[...roots].flatMap((root) => host.list(root))]);
  return [...files].filter(isWanted).flatMap((file) => analysis.look(file) ?? []);
}

/** The word that an offset is in or at the end of; empty where there is none. */
export function wordAt(text: string, offset: number): string {
  const before = /[A-Za-z_0-9]*$/.exec(text.slice(Math.max(0, offset - 200), offset))?.[0] ?? "";
  const behind = /^[A-Za-z_0-9]*/.exec(text.slice(offset, offset + 200))?.[0] ?? "";
  return before + behind;
}
