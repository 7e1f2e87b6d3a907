/** What an editor can do to a text by itself: the mend that a problem's help speaks of, and changes that keep its meaning. */
import type { Span } from "../../grammar/ast.js";
import type { Edit } from "../diagnostics/edit.js";
import type { Problem } from "../diagnostics/problem.js";
import { refactorings } from "./refactor/refactorings.js";
import type { Snapshot } from "./snapshot.js";

export interface CodeAction {
  /** What it does, as an order: "Write `heads: 8`". */
  readonly title: string;
  /** `fix-all` mends what can be mended in the file at once. */
  readonly kind: "quick-fix" | "fix-all" | "refactor";
  /** They do not overlap. */
  readonly edits: readonly Edit[];
  /** What it mends. */
  readonly problem?: Problem;
  /** The one to take where only one is asked for. */
  readonly isPreferred?: boolean;
}

/** `range` is what is selected, empty for a cursor. The mends of what is wrong there come first. */
export function codeActions(snapshot: Snapshot, file: string, range: Span): CodeAction[] {
  const fixes = snapshot.problems().flatMap((problem): CodeAction[] => {
    const { primary } = problem;
    if (problem.fixes.length === 0 || primary?.file !== file || !touch(primary.span, range)) return [];
    const title = titleOf(snapshot, problem);
    return [{ title, kind: "quick-fix", edits: problem.fixes, problem, isPreferred: true }];
  });
  const refactored = refactorings(snapshot, file, range).map((each): CodeAction => ({ ...each, kind: "refactor" }));
  return [...fixes, ...(fixes.length > 0 ? fixAll(snapshot, file) : []), ...refactored];
}

const touch = (a: Span, b: Span): boolean => a.start <= b.end && b.start <= a.end;

/** All mends of a file that do not get in each other's way, where there are several. */
export function fixAll(snapshot: Snapshot, file: string): CodeAction[] {
  const edits: Edit[] = [];
  let mended = 0;
  for (const { primary, fixes } of snapshot.problems()) {
    const isOwn = primary?.file === file && fixes.length > 0;
    const isFree = fixes.every((fix) => !edits.some((edit) => edit.file === fix.file && touch(edit.span, fix.span)));
    if (!isOwn || !isFree) continue;
    edits.push(...fixes);
    mended += 1;
  }
  return mended < 2 ? [] : [{ title: `Mend all ${mended} problems that have a mend`, kind: "fix-all", edits }];
}

function titleOf(snapshot: Snapshot, { help, fixes }: Problem): string {
  const meant = /^did you mean `?(.*?)`?\?$/.exec(help ?? "")?.[1];
  if (meant !== undefined) return `Write \`${meant}\``;
  if (help !== undefined) return help.charAt(0).toUpperCase() + help.slice(1);
  const [fix] = fixes;
  const before = fix && snapshot.source(fix.file)?.text.slice(fix.span.start, fix.span.end);
  return fix?.text === "" ? `Remove \`${before}\`` : `Replace by \`${fix?.text}\``;
}
