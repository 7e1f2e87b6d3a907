/** What may be written at a place of a text, whether it parses or not. */
import type { Snapshot } from "../snapshot.js";
import { inCompression } from "./compression.js";
import { inCheck, inConfig } from "./config.js";
import { cursorAt, type Cursor } from "./cursor.js";
import { inDeclaration } from "./declaration.js";
import { declaredIn } from "./declared.js";
import { expectsMore } from "./elements.js";
import type { Host } from "./host.js";
import { importable, inImport } from "./imports.js";
import { inRun } from "./run.js";
import { eachOnce, type Completion, type Suggestion } from "./suggestion.js";
import { topLevel } from "./top-level.js";
import { inWeights } from "./weights.js";

/** `offset` in the text of `file`. Undefined where nothing can be written that has a meaning: in comments and numbers. */
export function complete(snapshot: Snapshot, file: string, offset: number, host: Host = {}): Completion | undefined {
  const cursor = cursorAt(snapshot, file, offset);
  if (!cursor) return undefined;
  const items = isAtTop(cursor) ? topLevel(cursor) : [...inside(cursor, host), ...atNextLine(cursor)];
  const all = eachOnce([...items, ...imported(cursor, host, items)]);
  return { items: all.map((item) => asItStands(cursor, item)), replace: cursor.word };
}

/** Brackets, `:` and `=` that are behind the word already are not written again. */
function asItStands({ text, word }: Cursor, { snippet, insert, ...item }: Suggestion): Suggestion {
  const isThere = /^(?:[{([]|\s*[:=](?![:=]))/.test(text.slice(word.end, word.end + 20));
  if (isThere) return item.label.endsWith(":") ? { ...item, insert: item.label.slice(0, -1) } : item;
  return { ...item, ...(insert !== undefined && { insert }), ...(snippet !== undefined && { snippet }) };
}

/** Nothing is begun. */
function isAtTop({ before, nest }: Cursor): boolean {
  return before.length === 0 && nest.outer === undefined;
}

/** Outside of all brackets, a line may begin the next declaration. */
function atNextLine(cursor: Cursor): Suggestion[] {
  const last = cursor.nest.elements.at(-1);
  const mayBegin = cursor.startsLine && !cursor.nest.outer && !cursor.isInString && !expectsMore(last);
  return mayBegin ? topLevel(cursor) : [];
}

function inside(cursor: Cursor, host: Host): Suggestion[] {
  switch (cursor.before[0]?.kind) {
    case "import":
      return inImport(cursor, host);
    case "config":
      return cursor.isInString ? [] : inConfig(cursor);
    case "check":
      return cursor.isInString ? [] : inCheck(cursor);
    case "weights":
      return inWeights(cursor, host);
    case "generate":
    case "train":
      return cursor.isInString ? [] : inRun(cursor);
    case "quantize":
    case "prune":
      return cursor.isInString ? [] : inCompression(cursor);
    default:
      return inDeclaration(cursor);
  }
}

/** Where blocks or functions of this file fit, those of other files do, by an import. */
function imported(cursor: Cursor, host: Host, items: readonly Suggestion[]): Suggestion[] {
  if (!host.others || cursor.before[0]?.kind === "import") return [];
  const own = new Set(declaredIn(cursor.snapshot.program, cursor.file).map(({ declaration }) => declaration.name.name));
  const kinds = new Set(items.filter(({ label }) => own.has(label)).map(({ kind }) => kind));
  return importable(cursor, host, kinds);
}
