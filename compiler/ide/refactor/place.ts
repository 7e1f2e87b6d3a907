/** A selection with the trees that it is in. */
import type { Span } from "../../../grammar/ast.js";
import { inLedger, spanInText } from "../../../grammar/index.js";
import type { Edit } from "../../diagnostics/edit.js";
import { nodesAt, type TreeNode } from "../nodes-at.js";
import type { Snapshot, Source } from "../snapshot.js";

export interface Selected {
  readonly snapshot: Snapshot;
  readonly source: Source;
  /** Of the text. */
  readonly range: Span;
  /** The trees that hold all of the selection, outermost first. */
  readonly nodes: readonly TreeNode[];
  /** A tree's place in the text. */
  readonly spanOf: (node: { readonly span: Span }) => Span;
  /** How a tree is written. */
  readonly textOf: (node: { readonly span: Span }) => string;
  readonly replace: (span: Span, text: string) => Edit;
}

export function selectedAt(snapshot: Snapshot, file: string, range: Span): Selected | undefined {
  const source = snapshot.source(file);
  const section = source?.sectionAt(range.start);
  if (!source || !section?.declaration) return undefined;
  const [start, end] = [inLedger(section, range.start), inLedger(section, range.end)];
  const spanOf = ({ span }: { readonly span: Span }): Span => spanInText(section, span);
  return {
    snapshot,
    source,
    range,
    nodes: nodesAt(section.declaration, start).filter(({ span }) => span.start <= start && end <= span.end),
    spanOf,
    textOf: (node) => source.text.slice(spanOf(node).start, spanOf(node).end),
    replace: (span, text) => ({ file, span, text }),
  };
}
