import type { LSPClient } from "@codemirror/lsp-client";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { byId, element } from "../dom.js";
import { colors } from "./colors.js";
import { tfm } from "./language.js";

/** Shows a file of the standard library, to be read; null where there is none of that name. */
export async function showLibrary(client: LSPClient, uri: string): Promise<EditorView | null> {
  const answer = await client.request<{ uri: string }, { text: string } | null>("tfmc/library", { uri });
  if (!answer) return null;
  const place = element("div", { class: "library" });
  const name = uri.replace(/^.*:\/*/, "std/");
  byId("explanation-text", HTMLElement).replaceChildren(element("h2", { id: "explanation-title" }, name), place);
  const view = new EditorView({
    parent: place,
    state: EditorState.create({
      doc: answer.text,
      extensions: [
        lineNumbers(),
        EditorView.lineWrapping,
        EditorState.readOnly.of(true),
        EditorView.contentAttributes.of({ "aria-label": name, tabindex: "0" }),
        tfm,
        colors,
      ],
    }),
  });
  byId("explanation", HTMLDialogElement).showModal();
  return view;
}
