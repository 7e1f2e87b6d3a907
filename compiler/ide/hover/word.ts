/** Keywords and marks under the mouse. */
import type { Span } from "../../../grammar/ast.js";
import { endOf } from "../../../grammar/index.js";
import { scan } from "../../../grammar/scan.js";
import type { Snapshot } from "../snapshot.js";
import { keywordDocs } from "./words.js";

export function wordAt(
  snapshot: Snapshot,
  file: string,
  offset: number,
): { readonly span: Span; readonly word: string; readonly doc: string } | undefined {
  const source = snapshot.source(file);
  const section = source?.sectionAt(offset);
  if (!source || !section) return undefined;
  const { tokens } = scan(source.text.slice(section.at, endOf(section)));
  const at = offset - section.at;
  const token = tokens.find(({ start, end }) => start <= at && at < end);
  const doc = token && Object.hasOwn(keywordDocs, token.text) ? keywordDocs[token.text] : undefined;
  if (!token || doc === undefined || token.kind === "string") return undefined;
  return { span: { start: token.start + section.at, end: token.end + section.at }, word: token.text, doc };
}
