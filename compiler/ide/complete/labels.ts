/** The labels that a declaration makes, and those of a task's model. */
import type { Cursor } from "./cursor.js";
import { blockNamed } from "./declared.js";
import { isGroup, isName, isUpper, type Element } from "./elements.js";
import { headOf, textOf, type Head } from "./head.js";
import { local, type Local } from "./local.js";
import { belowLabel, weightsBelow, type Below } from "./weights-below.js";

export function modelLabels({ snapshot, file }: Cursor, { model }: Head): Local[] {
  const block = model === undefined ? undefined : blockNamed(snapshot.program, file, model);
  if (!block) return [];
  return weightsBelow(snapshot.program, block.file, block.declaration).map((below) => ({
    name: below.name,
    kind: below.kind,
    type: below.detail,
    doc: below.doc,
    below,
  }));
}

/** `|> name: Block`, `|> name[i]: Block`, at any depth. */
export function labelsIn(cursor: Cursor, elements: readonly Element[]): Local[] {
  return elements.flatMap((element, n): Local[] => {
    if (element.kind === "group") return labelsIn(cursor, element.elements);
    if (element.kind !== "|>") return [];
    const name = elements[n + 1];
    const isListed = isGroup(elements[n + 2], "[");
    const colon = n + (isListed ? 3 : 2);
    const block = elements[colon + 1];
    if (!isName(name) || elements[colon]?.kind !== ":" || !isUpper(block)) return [];
    const settings = elements[colon + 2];
    if (isGroup(settings, "{") && !settings.isClosed) return [];
    const detail = textOf(cursor.text, isGroup(settings, "{") ? [block, settings] : [block]);
    const below: Below = {
      name: name.text,
      kind: "label",
      isListed,
      detail,
      blocks: [{ name: blockOfEntry(cursor, block.text), file: cursor.file, entries: new Map() }],
    };
    return [{ ...local(name.text, "label", detail), below }];
  });
}

/** An entry that is a block stands for its default. */
function blockOfEntry(cursor: Cursor, name: string): string {
  const entry = headOf(cursor.text, cursor.declaration).entries.find((slot) => slot.name.text === name);
  const [first] = entry?.fallback ?? [];
  return isUpper(first) ? first.text : name;
}

/** What a label holds, as it stands there. */
export const inside = ({ snapshot }: Cursor, { below }: Local): Below[] =>
  below ? belowLabel(snapshot.program, below) : [];
