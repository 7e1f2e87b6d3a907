import type { CallHierarchyItem, Range } from "vscode-languageserver";
import {
  callees,
  callers,
  prepareCallHierarchy,
  type Caller,
  type Calls,
  type Snapshot,
} from "../../compiler/ide/index.js";
import { answer, answerAt } from "../answer.js";
import type { Feature } from "../feature.js";
import { rangeOf } from "../places.js";
import { projectAround } from "../project-files.js";
import { documentOf, spotAt, type Look, type Session } from "../session.js";
import { symbolKinds } from "../symbol-kinds.js";

/** Which blocks and functions put which others to use. */
export const callHierarchy: Feature = {
  capabilities: { callHierarchyProvider: true },
  register: (session) => {
    const { callHierarchy: hierarchy } = session.connection.languages;
    hierarchy.onPrepare(
      answerAt(session, (spot): CallHierarchyItem[] | null => {
        const found = prepareCallHierarchy(spot.snapshot, spot.file, spot.offset);
        const item = found && itemOf(spot, found);
        return item ? [item] : null;
      }),
    );
    hierarchy.onIncomingCalls(
      answer(session, ({ item }) =>
        callsOf(session, item, callers).flatMap(({ other, ranges, from }) => {
          const there = itemOf(from, other);
          return there ? [{ from: there, fromRanges: rangesIn(from, other.file, ranges) }] : [];
        }),
      ),
    );
    hierarchy.onOutgoingCalls(
      answer(session, ({ item }) =>
        callsOf(session, item, callees).flatMap(({ other, ranges, from }) => {
          const there = itemOf(from, other);
          return there ? [{ to: there, fromRanges: rangesIn(from, from.file, ranges) }] : [];
        }),
      ),
    );
  },
};

type Question = (snapshots: readonly Snapshot[], file: string, offset: number) => readonly Calls[];

function callsOf(session: Session, item: CallHierarchyItem, question: Question): (Calls & { readonly from: Look })[] {
  const from = spotAt(session, { textDocument: item, position: item.selectionRange.start });
  if (!from) return [];
  return question(projectAround(from, item.name), from.file, from.offset).map((calls) => ({ ...calls, from }));
}

function itemOf(look: Look, { name, kind, detail, file, span, nameSpan }: Caller): CallHierarchyItem | undefined {
  const there = documentOf(look.session, look.snapshot, file);
  if (!there) return undefined;
  const [range, selectionRange] = [rangeOf(there, span), rangeOf(there, nameSpan)];
  return { name, kind: symbolKinds[kind], detail, uri: there.uri, range, selectionRange };
}

function rangesIn({ session, snapshot }: Look, file: string, spans: Calls["ranges"]): Range[] {
  const there = documentOf(session, snapshot, file);
  return there ? spans.map((span) => rangeOf(there, span)) : [];
}
