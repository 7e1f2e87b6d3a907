import { LSPPlugin } from "@codemirror/lsp-client";
import { ViewPlugin, type EditorView, type ViewUpdate } from "@codemirror/view";
import { afterPause } from "../dom.js";

/** Sends what is typed to the server once the typing pauses, also where nothing is asked. */
export const keepInStep = ViewPlugin.fromClass(
  class {
    private readonly later: () => void;
    constructor(view: EditorView) {
      this.later = afterPause(120, () => LSPPlugin.get(view)?.client.sync());
    }
    update({ docChanged }: ViewUpdate): void {
      if (docChanged) this.later();
    }
  },
);
