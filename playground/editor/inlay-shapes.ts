import { Decoration, WidgetType } from "@codemirror/view";
import type { InlayHint, InlayHintParams } from "vscode-languageserver-protocol";
import { element } from "../dom.js";
import { besideText } from "./beside-text.js";

class ShapeWidget extends WidgetType {
  constructor(private readonly text: string) {
    super();
  }
  override eq({ text }: ShapeWidget): boolean {
    return text === this.text;
  }
  override toDOM(): HTMLElement {
    return element("span", { class: "cm-inlay" }, this.text);
  }
  /** A click on a shape goes to the text before it. */
  override ignoreEvent(): boolean {
    return false;
  }
}

/** The shapes of values and stages, behind them. */
export const inlayShapes = besideText<InlayHint[] | null>({
  ask: async (client, uri, doc) => {
    if (!client.serverCapabilities?.inlayHintProvider) return undefined;
    const range = { start: { line: 0, character: 0 }, end: { line: doc.lines, character: 0 } };
    return client.request<InlayHintParams, InlayHint[] | null>("textDocument/inlayHint", {
      textDocument: { uri },
      range,
    });
  },
  draw: (hints, offsetOf) =>
    Decoration.set(
      (hints ?? []).map((hint) =>
        Decoration.widget({ widget: new ShapeWidget(` ${textOf(hint).trim()}`), side: 1 }).range(
          offsetOf(hint.position),
        ),
      ),
      true,
    ),
});

const textOf = ({ label }: InlayHint): string =>
  typeof label === "string" ? label : label.map(({ value }) => value).join("");
