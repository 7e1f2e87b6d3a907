/** A symbol of a file gets a name that nothing has, and then its own again. */
import { expect } from "vitest";
import { applyEdits } from "../../compiler/diagnostics/edit.js";
import { occurrencesIn, openProject, rename, type Occurrence, type Snapshot } from "../../compiler/ide/index.js";

export function look(file: string, text: string): Snapshot {
  const snapshot = openProject((path) => (path === file ? text : undefined)).look(file);
  if (!snapshot) throw new Error(`no file ${file}`);
  return snapshot;
}

/** Where each thing that a file declares first stands. */
export function declaredIn(snapshot: Snapshot, file: string): readonly Occurrence[] {
  const own = occurrencesIn(snapshot, file).filter(({ symbol }) => symbol.file === file);
  return [...new Map(own.toReversed().map((one) => [one.symbol.key, one])).values()];
}

/** That a file checks as before is what a renaming has seen to; this holds it to that once more, and to the way back. */
export function renameAndBack(file: string, text: string, { symbol, span }: Occurrence): void {
  const before = look(file, text);
  const fresh = /^[A-Z]/.test(symbol.name) ? "Zebra" : "zebra";
  const there = rename([before], file, span.start, fresh);
  if ("refused" in there && isBound(symbol, there.refused)) return;
  if ("refused" in there) throw new Error(`${symbol.key}: ${there.refused}`);
  const renamed = applyEdits(text, [...there.rules, ...there.edits]);
  const after = look(file, renamed);
  expect(after.problems().map(({ code }) => code)).toEqual(before.problems().map(({ code }) => code));
  const place = occurrencesIn(after, file).find((one) => one.symbol.name === fresh);
  const back = rename([after], file, place?.span.start ?? 0, symbol.name);
  if ("refused" in back) throw new Error(`${symbol.key} back: ${back.refused}`);
  const again = applyEdits(renamed, [...back.rules, ...back.edits]);
  // A rule that kept a tensor's name says it of the label's first name as well.
  if (there.rules.length === 0) expect(withPuns(again)).toBe(withPuns(text));
  else
    expect(
      look(file, again)
        .problems()
        .map(({ code }) => code),
    ).toEqual(before.problems().map(({ code }) => code));
}

/** Tasks that share a layer must write it alike, and an axis may have its name from a block that is applied. */
const isBound = ({ kind }: Occurrence["symbol"], reason: string): boolean =>
  reason.startsWith("with the name") && (kind === "axis" || reason.endsWith("already"));

/** `{mask: mask}` is not told from `{mask}`. */
const withPuns = (text: string): string => text.replace(/\b(\w+): \1\b/g, "$1");
