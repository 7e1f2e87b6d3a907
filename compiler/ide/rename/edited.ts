/** A project as it would be after some edits. */
import { applyEdits, type Edit } from "../../diagnostics/edit.js";
import { openProject, type Snapshot } from "../snapshot.js";

/** Each snapshot's entry anew, in the same order; undefined where it could not be read any more. */
export function snapshotsAfter(
  snapshots: readonly Snapshot[],
  edits: readonly Edit[],
): readonly (Snapshot | undefined)[] {
  const texts = new Map<string, string>();
  for (const { program, source } of snapshots)
    for (const file of program.files.keys()) texts.set(file, source(file)?.text ?? "");
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const own = edits.filter((edit) => edit.file === file);
    texts.set(file, applyEdits(texts.get(file) ?? "", own));
  }
  return snapshots.map(({ entry, root }) => openProject((path) => texts.get(path), root).look(entry));
}
