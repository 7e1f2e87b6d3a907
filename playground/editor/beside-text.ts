/** What the server says beside the text, asked again when the text has changed or another part of it is seen. */
import { LSPPlugin, type LSPClient } from "@codemirror/lsp-client";
import { StateEffect, StateField, type Extension, type Text } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, type DecorationSet, type ViewUpdate } from "@codemirror/view";
import type { Position } from "vscode-languageserver-protocol";
import { afterPause } from "../dom.js";

export interface Question<Answer> {
  /** Undefined where the server has nothing to say of such things. `doc` is the text that it was told of. */
  readonly ask: (client: LSPClient, uri: string, doc: Text) => Promise<Answer | undefined>;
  readonly draw: (answer: Answer, offsetOf: (position: Position) => number, doc: Text) => DecorationSet;
}

export function besideText<Answer>({ ask, draw }: Question<Answer>): Extension {
  const found = StateEffect.define<DecorationSet>();
  const shown = StateField.define<DecorationSet>({
    create: () => Decoration.none,
    update: (before, transaction) => {
      const answer = transaction.effects.find((effect) => effect.is(found));
      return answer ? answer.value : before.map(transaction.changes);
    },
    provide: (field) => EditorView.decorations.from(field),
  });
  const asker = ViewPlugin.fromClass(
    class {
      private readonly later: () => void;
      private isGone = false;
      constructor(private readonly view: EditorView) {
        this.later = afterPause(150, () => void this.refresh());
        this.later();
      }
      update({ docChanged, viewportChanged }: ViewUpdate): void {
        if (docChanged || viewportChanged) this.later();
      }
      destroy(): void {
        this.isGone = true;
      }
      private async refresh(): Promise<void> {
        const plugin = LSPPlugin.get(this.view);
        if (!plugin) return;
        await plugin.client.initializing;
        if (this.isGone) return;
        plugin.client.sync();
        const { client, uri, syncedDoc: doc } = plugin;
        const answer = await ask(client, uri, doc);
        // An answer about a text that is no longer there is asked for again anyway.
        if (answer === undefined || this.isGone || !this.view.state.doc.eq(doc)) return;
        const decorations = draw(answer, (position) => plugin.fromPosition(position, doc), doc);
        this.view.dispatch({ effects: found.of(decorations) });
      }
    },
  );
  return [shown, asker];
}
